from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ..codes.kinds import KINDS

MONEY = ("cap_inner", "case_inner")
"""Codes that pay: nobody gets a second one."""


class LiquorCodeReplacement(models.Model):
    """A new label on goods whose label is damaged: once a supervisor agrees, its code stands for the old unit.

    The supervisor is another person than who asked. The new code comes from the spare codes of the same kind.
    """

    _name = "liquor.code.replacement"
    _inherit = ["liquor.guarded.mixin"]
    _description = "Replacement of a Label"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "reason"
    _guarded_in_create = frozenset({
        "company_id", "kind", "batch_id", "unit_index", "new_batch_id", "new_index", "asked_by_id",
    })  # fmt: skip

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    old_code = fields.Char(store=False, help="Code of the damaged label, typed or scanned.")
    new_code = fields.Char(store=False, help="Code of the new label, from the spare ones.")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    batch_id = fields.Many2one(
        "liquor.code.batch", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    unit_index = fields.Integer("Unit Number", required=True, readonly=True, aggregator=None)
    new_batch_id = fields.Many2one(
        "liquor.code.batch",
        "Batch of the New Label",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    new_index = fields.Integer("Number of the New Label", required=True, readonly=True, aggregator=None)
    product_id = fields.Many2one(related="batch_id.product_id")
    reason = fields.Char(required=True)
    state = fields.Selection(
        [("asked", "Waiting"), ("approved", "In Force"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="asked",
    )
    asked_by_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime(readonly=True)

    _new_unique = models.UniqueIndex(
        "(new_batch_id, kind, new_index) WHERE state <> 'refused'", "This label replaces another one already."
    )
    _old_idx = models.Index("(batch_id, kind, unit_index)")
    _people = models.Constraint(
        "CHECK (decided_by_id <> asked_by_id)", "A replacement is decided by another person than who asked."
    )
    _decided = models.Constraint("CHECK ((state = 'asked') = (decided_by_id IS NULL))", "A decision says who made it.")

    @api.model_create_multi
    def create(self, vals_list):
        """Read both labels; they must be of one kind, product and company, the new one unused."""
        self.check_access("create")
        return super().create([self._prepare(vals) for vals in vals_list])

    def _prepare(self, vals):
        old, new = (self._place(vals.get(name)) for name in ("old_code", "new_code"))
        same = (old.kind, old.bottles, old.batch.product_id) == (new.kind, new.bottles, new.batch.product_id)
        if not same or old.kind in MONEY:
            raise UserError(
                self.env._("The new label must be of the same kind and product; labels that pay are not replaced.")
            )
        if old.batch.company_id != new.batch.company_id or new.state == "void":
            raise UserError(self.env._("The new package was used before: take a new label."))
        if (old.batch, old.index) == (new.batch, new.index) or self._is_used(new):
            raise UserError(self.env._("The new package was used before: take a new label."))
        return {
            "reason": vals.get("reason"),
            "company_id": old.batch.company_id.id,
            "kind": old.kind,
            "batch_id": old.batch.id,
            "unit_index": old.index,
            "new_batch_id": new.batch.id,
            "new_index": new.index,
            "asked_by_id": self.env.uid,
        }

    def _place(self, text):
        text = (text or "").strip()[:200]
        place = self.env["liquor.code.batch"]._locate([text]).get(text) if text else None
        if place is None or place.batch.company_id not in self.env.companies:
            raise UserError(self.env._("This is none of our codes. Scan again or type it in."))
        return place

    def _is_used(self, place):
        """Whether goods with that label were ever scanned or linked."""
        unit = Domain("batch_id", "=", place.batch.id) & Domain("level", "=", place.bottles)
        unit &= Domain("unit_index", "=", place.index)
        links = self.env["liquor.code.link"].sudo()
        return bool(
            self.env["liquor.scan.event"].sudo().search_count(unit, limit=1)
            or links._inside([(place.batch.id, place.bottles, place.index)])
            or links._linked_upwards({(place.batch.id, place.bottles, place.index)})
        )

    def write(self, vals):
        """What was asked stays as it was asked."""
        if not self.env.su:
            raise UserError(self.env._("A replacement stays as it was asked for."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        raise UserError(self.env._("A replacement stays as it was asked for."))

    # --- the decision -----------------------------------------------------------------------------------------

    def action_approve(self):
        """Let the new code stand for the old unit; the old label is void."""
        self.ensure_one()
        self._decide("approved")
        one = self.sudo()
        size = one.batch_id._size(one.kind)
        first = one.unit_index * size
        last = min(first + size, one.batch_id.bottles) - 1
        if one.batch_id._state_of_unit(one.kind, one.unit_index) != "void":
            self.env["liquor.code.range"]._book(one.batch_id, "void", first, last, one.kind, reason=one.reason)

    def action_refuse(self):
        """Leave the old label in force."""
        self.ensure_one()
        self._decide("refused")

    def _decide(self, state):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("liquor_scan.group_scan_manager"):
            raise AccessError(self.env._("Only a codes manager decides about labels."))
        one = self.sudo()
        one.lock_for_update()
        one.invalidate_recordset()
        if one.state != "asked":
            raise UserError(self.env._("This was decided already."))
        if one.asked_by_id == self.env.user:
            raise UserError(self.env._("A replacement is decided by another person than who asked."))
        with loser_retries(self.env, self._new_unique.full_name(self)):
            one.write({"state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()})
            one.flush_recordset()

    @api.model
    def _standing_for(self, keys):
        """{(batch id, kind, number of a new label): (batch record, number of the old unit)} in force; one query.

        :param keys: (batch id, kind, number)
        """
        if not keys:
            return {}
        domain = Domain.OR(
            Domain("new_batch_id", "=", batch)
            & Domain("kind", "=", kind)
            & Domain("new_index", "in", [index for b, k, index in keys if (b, k) == (batch, kind)])
            for batch, kind in {key[:2] for key in keys}
        )
        found = self.sudo().search(domain & Domain("state", "=", "approved"))
        return {(row.new_batch_id.id, row.kind, row.new_index): (row.batch_id, row.unit_index) for row in found}
