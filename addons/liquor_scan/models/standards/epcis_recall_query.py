from odoo import api, models
from odoo.fields import Domain

from ...engine.codes.gs1_unit import read_unit
from ...engine.flow.request import moment
from ...engine.flow.units import Unit
from ...engine.standards.cbv import bare
from .epcis_query import WORDS

FIELD_OF = {"eventType": "type", "EQ_action": "action", "EQ_bizStep": "bizStep", "EQ_disposition": "disposition"}


class LiquorEpcisQuery(models.AbstractModel):
    """Recalls stand behind the scans, on the last page of a query."""

    _inherit = "liquor.epcis.query"

    @api.model
    def _find(self, client, parameters):
        events, token = super()._find(client, parameters)
        if not token:
            events += [event for event in self._recalls(client, parameters) if self._is_asked(event, parameters)]
        return events, token

    def _recalls(self, client, parameters):
        """Events of recalls the client may read: the maker all, another party those of goods it had."""
        told = self.env["liquor.epcis.told"].sudo()
        recalls = self.env["liquor.recall"].sudo()
        domain = Domain("company_id", "=", client.company_id.id) & Domain("state", "!=", "draft")
        own = client.partner_id.commercial_partner_id
        if own != client.company_id.partner_id:
            domain &= Domain("holder_ids.holder_id", "=", own.id)
        found = recalls.search(domain, order="id")
        if not found or "MATCH_parentID" in parameters:
            return []
        named = [parameters[name].split(",") for name in ("MATCH_epc", "MATCH_anyEPC") if name in parameters]
        if not named:
            return told._of_recalls(found)
        uris = set(named[0]).intersection(*named[1:])
        located = self.env["liquor.code.batch"].sudo()._locate_logistic(uris)
        pairs = [
            (Unit(unit.batch.id, unit.bottles, unit.index), unit.batch)
            for uri, unit in located.items()
            if not unit.kind.endswith("_inner") and read_unit(uri)
        ]
        return told._recalls_of_units(list(dict(pairs).items()), found)

    def _is_asked(self, event, parameters):
        """Whether an event that is told has the words and times that are asked for."""
        if "EQ_eventID" in parameters and event["eventID"] not in parameters["EQ_eventID"].split(","):
            return False
        for name, (_column, vocabulary) in WORDS.items():
            if name in parameters:
                words = {bare(vocabulary, word) if vocabulary else word for word in parameters[name].split(",")}
                if event.get(FIELD_OF[name]) not in words:
                    return False
        for name in ("eventTime", "recordTime"):
            after, before = (moment(parameters[one]) if (one := f"{side}_{name}") in parameters else None
                             for side in ("GE", "LT"))  # fmt: skip
            at = moment(event[name])
            if (after and at < after) or (before and at >= before):
                return False
        return True
