from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.flow.association import Carton, check_cartons
from ...engine.flow.board import Board
from ...engine.flow.custody import HELD
from ...engine.flow.request import MAX_EVENTS, body_hash, is_code, is_text, moment
from ...engine.flow.units import Unit
from .code_link import METHODS
from .reasons import reason_text


class LiquorAssociation(models.AbstractModel):
    """Uploads of a line: which units lie in which package. Cartons that are wrong are refused one by one."""

    _name = "liquor.association"
    _description = "Association Uploads"

    @api.model
    def _take(self, user, upload, cartons, client, line=None, at=None, **origin):
        """Store the packing that a line saw, once per upload number.

        :param str upload: the line's own number of this upload
        :param list cartons: dicts {"parent": code, "children": [codes], "method": line | manual | inferred}
        :param client: liquor.api.client whose key was used; None where ``origin`` names the company
        :param str at: ISO 8601 with a zone; now by default
        :param origin: ``company``, ``source`` (api | file | folder), ``limit`` of codes, for callers inside
        :return: {"upload", "status": accepted | rejected | partly, "repeated", "accepted": links,
            "refused": [{"parent", "reason", "message", "code"}]}
        :raises ValidationError: the upload has no usable number, no cartons, or more than 5,000 codes
        """
        self = self.with_context({"lang": self.env.lang}).sudo()  # pylint: disable=context-overridden
        company = (client and client.company_id) or origin["company"].sudo()
        self._check(upload, cartons, origin.get("limit", MAX_EVENTS))
        line = line if is_text(line) else None
        digest = body_hash([upload, cartons, line, at])
        key = f"upload:{upload}"
        stored = self.env["liquor.scan.request"]._of_user(user, [key]).get(key)
        if stored:
            return self._repeat(stored, digest, upload)
        now = fields.Datetime.now()
        packed_at = min(moment(at) or now, now)
        rows, refused = self._judge(cartons, company, packed_at, upload, line, user)
        links = self.env["liquor.code.link"]._store(rows) if rows else []
        answer = self._answer(upload, len(links), refused)
        self._keep(user, client, key, digest, answer, now, company)
        self._note(user, company, upload, cartons, answer, line, packed_at, origin)
        return answer

    def _note(self, user, company, upload, cartons, answer, line, packed_at, origin):
        """What the room packing keeps of an upload."""

    def _check(self, upload, cartons, limit):
        if not is_text(upload, 57) or not upload:
            raise ValidationError(self.env._("“upload” is the number of the upload: 1 to 57 characters."))
        if not isinstance(cartons, list) or not cartons:
            raise ValidationError(self.env._("“links” is a list of packages with what lies in them."))
        codes = 0
        for carton in cartons:
            children = carton.get("children") if isinstance(carton, dict) else None
            if not isinstance(children, list) or not is_code(carton.get("parent")):
                raise ValidationError(self.env._("Each link has “parent”, a code, and “children”, a list of codes."))
            codes += 1 + len(children)
        if codes > limit:
            raise ValidationError(self.env._("At most %(limit)s codes at once.", limit=f"{limit:,}"))

    def _repeat(self, stored, digest, upload):
        if stored.body_hash != digest:
            return {**self._answer(upload, 0, []), "status": "rejected", "reason": "id_reused"}
        return {**stored.answer, "repeated": True}

    def _judge(self, cartons, company, packed_at, upload, line, user):
        """(rows to insert, refused cartons) after one look at codes and live links."""
        texts = {carton["parent"] for carton in cartons}
        texts.update(code for carton in cartons for code in carton["children"] if is_code(code))
        located = self.env["liquor.code.batch"]._locate_logistic(texts)
        own = {text: place for text, place in located.items() if place.batch.company_id == company}
        units = {text: Unit(place.batch.id, place.bottles, place.index) for text, place in own.items()}
        products = {units[text]: place.batch.product_id.id for text, place in own.items()}
        void = {units[text] for text, place in own.items() if place.state == "void"}
        prepared = [
            Carton(carton["parent"], tuple(str(code) for code in carton["children"]), self._method(carton))
            for carton in cartons
        ]
        inside, away = self._live_children(units.values()), self._away(set(units.values()), company)
        stopped = self._stopped(set(units.values()), company)
        good, refused = check_cartons(prepared, units, products, void, inside, away, stopped)
        rows = [
            [company.id, *child, *parent, method, packed_at, upload, line or None, user.id]
            for parent, children, method in good
            for child in children
        ]
        return rows, refused

    def _stopped(self, units, company):
        """Units that must not be packed; the room packing knows them."""
        return set()

    def _method(self, carton):
        method = carton.get("method") or "line"
        return method if isinstance(method, str) and method in dict(METHODS) else "line"

    def _live_children(self, units):
        """Units that lie in a package by a live link already."""
        packed = self.env["liquor.code.link"]._linked_upwards(set(units)) if units else []
        return {hop.child for hop in packed if hop.end is None}

    @api.model
    def _away(self, units, company):
        """Units that cannot be packed here: held by somebody else, sold, opened, or in what is."""
        if not units:
            return set()
        collect = self.env["liquor.scan.collect"]
        levels_of = collect._levels_of(self.env["liquor.code.batch"].browse({unit.batch for unit in units}))
        packed = self.env["liquor.code.link"]._packed(list(units), levels_of)
        board = Board(company.partner_id.id)
        board.parents = collect._parents_now(units, packed, levels_of)
        around = units | {place for line in board.parents.values() for place in line}
        for unit, row, _pending, _purpose in self.env["liquor.custody"]._around(around, levels_of):
            board.place(unit, row)
        positions = {unit: board.position(unit) for unit in units}
        return {
            unit
            for unit, row in positions.items()
            if row is not None and ((row.holder, row.state) != (board.maker, HELD) or board.opened(unit))
        }

    def _answer(self, upload, count, refused):
        status = "accepted" if not refused else ("partly" if count else "rejected")
        return {
            "upload": upload,
            "status": status,
            "repeated": False,
            "accepted": count,
            "refused": [
                {"parent": carton, "reason": reason, "message": reason_text(self.env, reason), "code": code}
                for carton, reason, code in refused
            ],
        }

    def _keep(self, user, client, key, digest, answer, now, company):
        request = self.env["liquor.scan.request"]
        columns = ["user_id", "client_id", "company_id", "scan_type", "source", "body_hash", "status", "reason",
                   "api_client_id", "answer", "received_time"]  # fmt: skip
        status = "rejected" if answer["status"] == "rejected" else "accepted"
        with loser_retries(self.env, request._once.full_name(request)):
            request._bulk_insert(
                columns,
                [
                    [
                        user.id,
                        key,
                        company.id,
                        "pack",
                        "api" if client else "warehouse",
                        digest,
                        status,
                        None,
                        client.id if client else None,
                        answer,
                        now,
                    ]
                ],
            )
