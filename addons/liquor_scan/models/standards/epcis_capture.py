import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.liquor_member.tools.secrets_box import box
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.flow.request import MAX_EVENTS, body_hash
from ...engine.flow.transitions import TERMINAL
from ...engine.standards.epcis_check import event_faults, events_of, faults
from ...engine.standards.event_hash import hash_id
from ...engine.standards.mapping import Asked, from_epcis
from ..flow.reasons import reason_text

DIGITS = 48
"""Hexadecimal digits of an event hash that make the sender's number of its scan: no two events share 192 bits."""
UNKNOWN_RECEIVER = "?"


class LiquorEpcisCapture(models.Model):
    """A document that came in by EPCIS, with the answer to each of its events; once per sender and content.

    The events are handed to the scan service like any other scan, each under its event hash id, so that an event
    which comes again, in whatever document, is answered as before. The document holds codes and is kept sealed.
    """

    _name = "liquor.epcis.capture"
    _inherit = ["liquor.guarded.mixin"]
    _description = "EPCIS Document Received"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "received_time"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    api_client_id = fields.Many2one(
        "liquor.api.client", "Sender", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    body_hash = fields.Char("Hash of the Document", required=True, readonly=True)
    received_time = fields.Datetime(required=True, readonly=True)
    event_count = fields.Integer("Events", readonly=True)
    accepted_count = fields.Integer("Accepted", readonly=True)
    refused_count = fields.Integer("Refused", readonly=True)
    document_secret = fields.Text(readonly=True, groups=".", copy=False)
    answer = fields.Json(readonly=True)
    answer_text = fields.Text("Refused Events", compute="_compute_answer_text")

    _once = models.UniqueIndex("(api_client_id, body_hash)", "This document came before.")

    @api.depends("answer")
    def _compute_answer_text(self):
        for capture in self:
            refused = [one for one in capture.answer["events"] if one["status"] == "rejected"] if capture.answer else []
            capture.answer_text = "\n".join(
                f"{one['position'] + 1}: {one['message'] or one['reason']}" for one in refused
            )

    def _secret_place(self):
        return (self._name, self.id, "document_secret")

    def _document_text(self):
        """Return the document as it came, for who may see codes.

        :raises AccessError: only a codes manager
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("liquor_scan.group_scan_manager"):
            raise AccessError(self.env._("Only a codes manager reads a document with codes."))
        return box().decrypt(self.sudo().document_secret, self._secret_place())

    def action_open_document(self):
        """Download the document as it came."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/liquor/epcis/capture/{self.id}", "target": "download"}

    # --- taking a document ------------------------------------------------------------------------------------

    @api.model
    def _capture(self, user, client, document):
        """Take the events of a document, as far as they are good and ours to understand.

        :param user: user of the client
        :param dict document: EPCIS document as JSON
        :return: {"capture", "repeated", "accepted", "rejected", "errors", "events": [{"position", "eventID", "status",
            "repeated", "reason", "field", "message"}]}
        :raises ValidationError: more than 5,000 events or identifiers
        :raises ConcurrencyError: the same document came in parallel; Odoo runs the call again
        """
        self = self.with_context({"lang": self.env.lang}).sudo()  # pylint: disable=context-overridden
        text = self._check_text(document)
        digest = body_hash(document)
        stored = self.search([("api_client_id", "=", client.id), ("body_hash", "=", digest)])
        if stored:
            return {**stored.answer, "repeated": True}
        events = events_of(document)
        self._check_size(events)
        errors = [fault for fault in faults(document) if fault.event < 0]
        answers = self._judge(user, client, events, document) if not errors else []
        return self._keep(client, text, digest, errors, answers)

    def _check_text(self, document):
        """Return the document as text.

        :raises ValidationError: it has characters that no database keeps
        """
        text = json.dumps(document, ensure_ascii=False)
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValidationError(self.env._("The document has half of a character.")) from error
        if "\\u0000" in text:
            raise ValidationError(self.env._("The document has a character of number zero."))
        return text

    def _check_size(self, events):
        named = sum(
            len(event[name])
            for event in events
            if isinstance(event, dict)
            for name in ("epcList", "childEPCs")
            if isinstance(event.get(name), list)
        )
        if len(events) > MAX_EVENTS or named > MAX_EVENTS:
            raise ValidationError(self.env._("At most 5,000 events and 5,000 codes in one call."))

    def _judge(self, user, client, events, document):
        """Answers of all events in their order; the work is done once for all."""
        answers, work, uris = {}, {}, set()
        shop = self._is_shop(client)
        for position, event in enumerate(events):
            wrong = event_faults(event, document["@context"])
            if wrong:
                field, reason = wrong[0]
                answers[position] = self._answer(position, "", "rejected", reason, field[:64])
                continue
            number, asked = self._read(event, document["@context"], shop)
            if asked is None:
                answers[position] = self._answer(position, number, "rejected", "not_in_subset")
            else:
                work[position] = number, asked
                uris.add(asked.to)
        partners = self.env["res.partner"]._liquor_of_uris(uris)
        taken = self._take_scans(user, client, work, partners) | self.env["liquor.epcis.packing"]._take(
            user, client, work
        )
        for position, (number, _asked) in work.items():
            one = taken[position]
            answers[position] = self._answer(position, number, one["status"], one["reason"], repeated=one["repeated"],
                                             message=one["message"])  # fmt: skip
        return [answers[position] for position in range(len(events))]

    def _read(self, event, context, shop):
        """(event hash id, engine ``Asked`` or None) of a good event."""
        try:
            return hash_id(event, context), from_epcis(event, shop=shop)
        except ValueError:
            return "", None

    def _is_shop(self, client):
        roles = self.env["liquor.channel.role"].sudo().search_count([
            ("partner_id", "=", client.partner_id.commercial_partner_id.id),
            ("company_id", "=", client.company_id.id),
            ("kind", "=", TERMINAL),
            ("state", "!=", "ended"),
        ], limit=1)  # fmt: skip
        return bool(roles)

    def _take_scans(self, user, client, work, partners):
        """Hand events to the scan service in one call; {position: its answer}."""
        positions = [position for position, (_number, asked) in work.items() if asked.type != "pack"]
        if not positions:
            return {}
        events = [self._prepare_scan(*work[position], partners) for position in positions]
        given = self.env["liquor.scan.request"]._take(user, events, "api", client)
        return dict(zip(positions, given, strict=True))

    def _prepare_scan(self, number, asked: Asked, partners):
        """One event as ``POST /liquor/v1/scans`` takes it, under its event hash id."""
        own = f"epcis-{number.partition(';')[2][:DIGITS]}"
        if asked.undo:
            return {"id": f"{own}-void", "type": "void", "undo_of": own, "at": asked.at}
        event = {
            "id": own,
            "type": asked.type,
            "codes": list(asked.codes),
            "at": asked.at,
            "reference": asked.reference,
        }
        if asked.to and asked.type in ("ship", "transfer", "return"):
            event["to"] = str(partners.get(asked.to, UNKNOWN_RECEIVER))
        return event

    def _answer(self, position, number, status, reason, field="", *, repeated=False, message=None):
        return {
            "position": position,
            "eventID": number,
            "status": status,
            "repeated": repeated,
            "reason": reason,
            "field": field,
            "message": reason_text(self.env, reason) if message is None else message,
        }

    def _keep(self, client, text, digest, errors, answers):
        refused = sum(one["status"] == "rejected" for one in answers)
        values = {
            "company_id": client.company_id.id,
            "api_client_id": client.id,
            "body_hash": digest,
            "received_time": fields.Datetime.now(),
            "event_count": len(answers),
            "accepted_count": len(answers) - refused,
            "refused_count": refused,
        }
        with loser_retries(self.env, self._once.full_name(self)):
            capture = self.create(values)
            capture.flush_recordset()
        answer = {
            "capture": capture.id,
            "repeated": False,
            "accepted": len(answers) - refused,
            "rejected": refused,
            "errors": [
                {"field": fault.field, "reason": fault.reason, "message": reason_text(self.env, fault.reason)}
                for fault in errors
            ],
            "events": answers,
        }
        secret = box().encrypt(text, capture._secret_place())
        capture.write({"answer": answer, "document_secret": secret})
        return answer
