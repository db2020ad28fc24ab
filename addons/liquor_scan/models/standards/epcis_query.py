from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...engine.codes.gs1_unit import read_unit
from ...engine.flow.request import moment
from ...engine.flow.transitions import TABLE
from ...engine.standards.cbv import bare

PAGE, LARGEST_PAGE, MOST_EPCS, MOST_HASHED = 100, 1000, 50, 5000
TIMES = {
    "GE_eventTime": ("event_time", ">="),
    "LT_eventTime": ("event_time", "<"),
    "GE_recordTime": ("received_time", ">="),
    "LT_recordTime": ("received_time", "<"),
}
WORDS = {
    "eventType": ("epcis_type", ""),
    "EQ_action": ("epcis_action", ""),
    "EQ_bizStep": ("biz_step", "bizStep"),
    "EQ_disposition": ("disposition", "disposition"),
}
EPCS = ("MATCH_epc", "MATCH_parentID", "MATCH_anyEPC")
PARAMETERS = frozenset({*TIMES, *WORDS, *EPCS, "EQ_eventID", "perPage", "nextPageToken"})


class LiquorEpcisQuery(models.AbstractModel):
    """The simple event query of EPCIS 2.0, as far as docs/standards.md says; other parameters are refused."""

    _name = "liquor.epcis.query"
    _description = "EPCIS Query"

    @api.model
    def _find(self, client, parameters):
        """Return what a client may read of what it asks for, oldest record first.

        The maker sees all events of his company; another party those that it scanned, gave or got.

        :param dict parameters: query parameters as text; lists are separated by commas
        :return: (EPCIS events, token of the next page or "")
        :raises ValidationError: an unknown parameter or a value that cannot be
        """
        unknown = sorted(set(parameters) - PARAMETERS)
        if unknown:
            raise ValidationError(self.env._("Unknown parameter: %(names)s", names=", ".join(unknown)[:200]))
        size = self._number(parameters, "perPage", PAGE, LARGEST_PAGE)
        after = self._number(parameters, "nextPageToken", 0, 2**53)
        domain = Domain.AND([
            [("company_id", "=", client.company_id.id), ("status", "=", "accepted"), ("id", ">", after)],
            self._own(client),
            *(self._times(name, parameters[name]) for name in TIMES if name in parameters),
            self._kinds(parameters),
            *(self._epcs(name, parameters[name]) for name in EPCS if name in parameters),
        ])
        if "EQ_eventID" in parameters:
            return self._named(domain, parameters["EQ_eventID"]), ""
        scans = self.env["liquor.scan.event"].sudo().search(domain, order="id", limit=size + 1)
        token = str(scans[size - 1].id) if len(scans) > size else ""
        return self.env["liquor.epcis.told"].sudo()._of_scans(scans[:size]), token

    def _named(self, domain, text):
        """Events with one of these event hash ids, of those that the other parameters leave.

        An id covers parties and goods as they are named today, so it is made again and not looked up.
        """
        wanted = set(text.split(","))
        scans = self.env["liquor.scan.event"].sudo().search(domain, order="id", limit=MOST_HASHED + 1)
        if len(wanted) > MOST_EPCS or len(scans) > MOST_HASHED:
            raise ValidationError(
                self.env._(
                    "EQ_eventID takes %(names)s ids and looks through %(events)s events: say also when, or of what.",
                    names=MOST_EPCS,
                    events=f"{MOST_HASHED:,}",
                )
            )
        return [event for event in self.env["liquor.epcis.told"].sudo()._of_scans(scans) if event["eventID"] in wanted]

    def _own(self, client):
        own = client.partner_id.commercial_partner_id
        if own == client.company_id.partner_id:
            return Domain.TRUE
        return Domain.OR([(name, "=", own.id)] for name in ("party_id", "holder_id", "counterparty_id"))

    def _number(self, parameters, name, default, most):
        text = parameters.get(name) or ""
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 17 and 1 <= int(text) <= most):
            raise ValidationError(self.env._("%(name)s is a number from 1 to %(most)s.", name=name, most=most))
        return int(text)

    def _times(self, name, text):
        column, operator = TIMES[name]
        at = moment(text)
        if at is None:
            raise ValidationError(self.env._("%(name)s is no date and time with a time zone.", name=name))
        return [(column, operator, at)]

    def _kinds(self, parameters):
        """Kinds of scans whose EPCIS form has the words that are asked for; a void has those of its event."""
        rows = [row for row in TABLE.values() if row.type != "void"]
        for name, (column, vocabulary) in WORDS.items():
            if name in parameters:
                words = {bare(vocabulary, word) if vocabulary else word for word in parameters[name].split(",")}
                rows = [row for row in rows if getattr(row, column) in words]
        kinds = [row.type for row in rows]
        return Domain("kind", "in", kinds) | (Domain("kind", "=", "void") & Domain("undo_of_id.kind", "in", kinds))

    def _epcs(self, name, text):
        """Units that are named; of packages only those that an AggregationEvent is about, where it says so."""
        uris = text.split(",")
        if len(uris) > MOST_EPCS:
            raise ValidationError(self.env._("At most %(count)s identifiers in %(name)s.", count=MOST_EPCS, name=name))
        located = self.env["liquor.code.batch"].sudo()._locate_logistic(set(uris))
        units = Domain.OR(
            [("batch_id", "=", unit.batch.id), ("level", "=", unit.bottles), ("unit_index", "=", unit.index)]
            for uri, unit in located.items()
            if not unit.kind.endswith("_inner") and read_unit(uri)
        )
        if name == "MATCH_anyEPC":
            return units
        aggregated = [row.type for row in TABLE.values() if row.epcis_type == "AggregationEvent"]
        return units & Domain("kind", "in" if name == "MATCH_parentID" else "not in", aggregated)
