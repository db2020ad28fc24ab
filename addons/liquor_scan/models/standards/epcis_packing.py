from odoo import api, fields, models

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.flow.request import moment
from ...engine.flow.units import Unit
from ..flow.reasons import reason_text

PACKED_AT, UPLOAD = 8, 9
"""Places in a row of ``liquor.association._judge``."""


class LiquorEpcisPacking(models.AbstractModel):
    """What a partner's system packed, told by AggregationEvents: judged as a line upload is, once per event."""

    _name = "liquor.epcis.packing"
    _description = "Packing by EPCIS"

    @api.model
    def _take(self, user, client, work):
        """Store packings; queries do not grow with their number.

        :param dict work: {position: (event hash id, engine ``Asked``)} of a document, of all types
        :return: {position: {"status", "repeated", "reason", "message"}} of those that pack
        """
        packing = {position: entry for position, entry in work.items() if entry[1].type == "pack"}
        if not packing:
            return {}
        now = fields.Datetime.now()
        keys = {
            position: f"upload:epcis-{number.partition(';')[2][:48]}" for position, (number, _asked) in packing.items()
        }
        stored = self.env["liquor.scan.request"]._of_user(user, set(keys.values()))
        answers, fresh = {}, {}
        for position, (_number, asked) in packing.items():
            known = stored.get(keys[position])
            reason = self._fault(client, asked, fresh)
            if known:
                answers[position] = {**known.answer, "repeated": True}
            elif reason:
                answers[position] = self._answer(reason)
            else:
                fresh[asked.parent] = position
        answers |= self._store(user, client, {fresh[parent]: packing[fresh[parent]] for parent in fresh}, keys, now)
        new = {position: answers[position] for position in packing if keys[position] not in stored}
        self._keep(user, client, new, keys, now)
        return answers

    def _fault(self, client, asked, fresh):
        allowed = client._allowed_types()
        if not client._may_associate() or (allowed and "pack" not in allowed):
            return "not_allowed"
        if asked.undo:
            return "not_undoable"
        return "same_code_twice" if asked.parent in fresh else ""

    def _store(self, user, client, work, keys, now):
        association = self.env["liquor.association"].sudo()
        cartons = [{"parent": asked.parent, "children": list(asked.codes)} for _number, asked in work.values()]
        if not cartons:
            return {}
        rows, refused = association._judge(cartons, client.company_id, now, "", "EPCIS", user)
        located = (
            self.env["liquor.code.batch"].sudo()._locate_logistic({asked.parent for _number, asked in work.values()})
        )
        place_of = {
            Unit(located[asked.parent].batch.id, located[asked.parent].bottles, located[asked.parent].index): position
            for position, (_number, asked) in work.items()
            if asked.parent in located
        }
        for row in rows:
            position = place_of[Unit(*row[4:7])]
            row[PACKED_AT] = min(moment(work[position][1].at) or now, now)
            row[UPLOAD] = keys[position].removeprefix("upload:")
        if rows:
            self.env["liquor.code.link"].sudo()._store(rows)
        reasons = {parent: reason for parent, reason, _code in refused}
        return {position: self._answer(reasons.get(asked.parent, "")) for position, (_number, asked) in work.items()}

    def _answer(self, reason):
        return {
            "status": "rejected" if reason else "accepted",
            "repeated": False,
            "reason": reason,
            "message": reason_text(self.env, reason),
        }

    def _keep(self, user, client, answers, keys, now):
        if not answers:
            return
        request = self.env["liquor.scan.request"].sudo()
        columns = ["user_id", "client_id", "company_id", "scan_type", "source", "body_hash", "status", "reason",
                   "api_client_id", "answer", "received_time"]  # fmt: skip
        unique = {keys[position]: answer for position, answer in reversed(answers.items())}
        rows = [
            [user.id, key, client.company_id.id, "pack", "api", key, answer["status"], answer["reason"] or None,
             client.id, answer, now]
            for key, answer in unique.items()
        ]  # fmt: skip
        with loser_retries(self.env, request._once.full_name(request)):
            request._bulk_insert(columns, rows)
