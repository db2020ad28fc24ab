import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.image import ImageProcess

MOST_BYTES = 12 * 1024 * 1024
WALL = 60


class LiquorExpenseProof(models.Model):
    """A photo that proves an expense: its fingerprint, day and place; judged once, undone by who judged.

    The fingerprint is that of the file as it was sent, so the same photo is known again wherever it turns up.
    """

    _name = "liquor.expense.proof"
    _description = "Photo of an Expense"
    _inherit = ["liquor.guarded.mixin"]
    _check_company_auto = True
    _order = "id"
    _rec_names_search = ("expense_id",)
    _guarded_in_create = frozenset({"fingerprint", "duplicate_of_id", "sent_by_id", "sent_at"})

    expense_id = fields.Many2one("liquor.expense", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="expense_id.company_id", store=True, index=True, precompute=True)
    distributor_id = fields.Many2one(related="expense_id.distributor_id", store=True, index=True, precompute=True)
    image = fields.Image("Photo", max_width=1600, max_height=1600, required=True)
    image_small = fields.Image(related="image", max_width=320, max_height=320, store=True)
    fingerprint = fields.Char(required=True, readonly=True, copy=False)
    taken_on = fields.Date("Day", required=True)
    shop_id = fields.Many2one("res.partner", index="btree_not_null", ondelete="restrict")
    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))
    place = fields.Char()
    sent_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    sent_at = fields.Datetime("Sent", readonly=True)
    duplicate_of_id = fields.Many2one(
        "liquor.expense.proof", "Seen Before", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    outside_days = fields.Boolean("Outside the Days", compute="_compute_outside_days")
    verdict = fields.Selection(
        [("waiting", "To be Judged"), ("accepted", "Accepted"), ("rejected", "Rejected")],
        required=True,
        readonly=True,
        default="waiting",
        copy=False,
        index=True,
    )
    reason_id = fields.Many2one("liquor.expense.reason", readonly=True, copy=False, ondelete="restrict")
    judged_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    judged_at = fields.Datetime("Judged", readonly=True, copy=False)

    _fingerprint_idx = models.Index("(company_id, fingerprint)")
    _place_bounds = models.Constraint(
        "CHECK (COALESCE(latitude, 0) BETWEEN -90 AND 90 AND COALESCE(longitude, 0) BETWEEN -180 AND 180)",
        "There is no such place.",
    )
    _judged = models.Constraint(
        "CHECK (verdict = 'waiting' OR (judged_by_id IS NOT NULL AND judged_by_id IS DISTINCT FROM sent_by_id))",
        "Somebody else than the sender judges a photo.",
    )
    _rejected_why = models.Constraint(
        "CHECK (verdict <> 'rejected' OR reason_id IS NOT NULL)", "A rejected photo names the reason."
    )

    @api.depends("expense_id.display_name", "taken_on")
    def _compute_display_name(self):
        for proof in self:
            proof.display_name = f"{proof.expense_id.display_name or ''} · {proof.taken_on or ''}"

    @api.depends("taken_on", "expense_id.date_start", "expense_id.date_end")
    def _compute_outside_days(self):
        for proof in self:
            expense = proof.expense_id
            proof.outside_days = bool(
                proof.taken_on and expense and not expense.date_start <= proof.taken_on <= expense.date_end
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.update(
                fingerprint=self._fingerprint(vals.get("image")),
                sent_by_id=self.env.uid,
                sent_at=fields.Datetime.now(),
            )
        proofs = super().create(vals_list)
        proofs._check_open()
        proofs.sudo()._flag_repeated()
        proofs.expense_id.filtered(lambda expense: expense.state == "approved").sudo()._move_to("executing")
        return proofs

    def write(self, vals):
        """Refuse to change a photo after it was sent, or to hang it onto another expense."""
        if not self.env.su and {"image", "expense_id", "taken_on", "shop_id", "latitude", "longitude"} & vals.keys():
            raise UserError(self.env._("A photo stays as it was sent: send another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if self.filtered(lambda proof: proof.expense_id.state not in ("draft", "applied")):
            raise UserError(self.env._("A photo stays as it was sent: send another one."))

    @api.model
    def _fingerprint(self, image):
        """Return the SHA-256 of the file as it was sent.

        :param image: base64, text or bytes
        :raises UserError: no photo, or too large a one
        """
        try:
            content = base64.b64decode(image or b"", validate=True)
            if not 0 < len(content) <= MOST_BYTES or content.lstrip()[:1] == b"<":
                raise ValueError("size")
            ImageProcess(content, verify_resolution=True)
        except (ValueError, TypeError, binascii.Error, UserError) as error:
            raise UserError(self.env._("This is no photo, or it is larger than 12 MB.")) from error
        return hashlib.sha256(content).hexdigest()

    def _check_open(self):
        states = {"draft", "applied", "approved", "executing", "claimed"}
        if self.expense_id.filtered(lambda expense: expense.state not in states):
            raise UserError(self.env._("This expense takes no photos any more."))

    def _flag_repeated(self):
        """Name the first photo of the same company with the same fingerprint; one query."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT own.id, first.id FROM liquor_expense_proof own
                     JOIN LATERAL (SELECT id FROM liquor_expense_proof other
                                    WHERE other.company_id = own.company_id AND other.fingerprint = own.fingerprint
                                      AND other.id < own.id ORDER BY id LIMIT 1) first ON TRUE
                    WHERE own.id = ANY(%s)""",
                self.ids,
            )
        )
        for proof, first in rows:
            self.browse(proof).duplicate_of_id = first

    # ------------------------------------------------------------------ the wall
    @api.model
    def wall(self, expense_ids=None, before=0):
        """Return photos that wait to be judged, the oldest claim first, for the photo wall.

        :param expense_ids: only of these expenses
        :param before: how many the wall shows already and that are not judged yet
        :return: {"photos": [...], "left": count}
        """
        self.check_access("read")
        domain = [("verdict", "=", "waiting")]
        if isinstance(expense_ids, list) and expense_ids:
            domain.append(("expense_id", "in", [number for number in expense_ids if isinstance(number, int)]))
        else:
            domain.append(("expense_id.state", "in", ("executing", "claimed")))
        skipped = before if isinstance(before, int) and before > 0 else 0
        proofs = self.search(domain, order="expense_id, id", limit=WALL, offset=skipped)
        return {"photos": [proof._wall_values() for proof in proofs], "left": self.search_count(domain)}

    def _wall_values(self):
        expense = self.expense_id
        return {
            "id": self.id,
            "url": f"/web/image/{self._name}/{self.id}/image?unique={self.fingerprint[:8]}",
            "small": f"/web/image/{self._name}/{self.id}/image_small?unique={self.fingerprint[:8]}",
            "expense": expense.display_name,
            "kind": expense.kind_id.name,
            "distributor": expense.distributor_id.name,
            "shop": self.shop_id.name or "",
            "day": fields.Date.to_string(self.taken_on),
            "place": self.place or "",
            "outside": self.outside_days,
            "duplicate": self.duplicate_of_id.expense_id.display_name if self.duplicate_of_id else "",
            "own": self.sent_by_id == self.env.user,
        }

    def action_judge(self, verdict, reason=None):
        """Accept or reject photos, several at once.

        :param verdict: accepted | rejected
        :param reason: code of the reason of a rejection; by default that the photo does not show it
        :raises AccessError: the user judges no photos
        :raises UserError: a photo is judged already, is his own, or its claim was checked
        """
        self._check_judge()
        if verdict not in ("accepted", "rejected"):
            raise UserError(self.env._("A photo is accepted or rejected."))
        self.lock_for_update()
        if self.filtered(lambda proof: proof.verdict != "waiting"):
            raise UserError(self.env._("Somebody else judged this photo meanwhile."))
        reasons = self.env["liquor.expense.reason"].sudo().search([("code", "=", reason or "unclear")], limit=1)
        self.sudo().write({
            "verdict": verdict,
            "reason_id": reasons.id if verdict == "rejected" else False,
            "judged_by_id": self.env.uid,
            "judged_at": fields.Datetime.now(),
        })

    def action_undo(self):
        """Take verdicts back, while the claim waits; who judged, or a manager."""
        self._check_judge()
        manager = self.env.user.has_group("liquor_channel.group_channel_manager")
        if self.filtered(lambda proof: proof.judged_by_id != self.env.user) and not manager:
            raise AccessError(self.env._("Who judged takes his verdict back."))
        self.sudo().write({"verdict": "waiting", "reason_id": False, "judged_by_id": False, "judged_at": False})

    def _check_judge(self):
        self.check_access("write")
        user = self.env.user
        if not any(user.has_group(f"liquor_channel.{group}") for group in ("group_clerk", "group_finance")):
            raise AccessError(self.env._("Only clerks and finance of the channel judge photos."))
        if self.filtered(lambda proof: proof.sent_by_id == user):
            raise UserError(self.env._("Somebody else than the sender judges a photo."))
        if self.expense_id.filtered(lambda expense: expense.state not in ("approved", "executing", "claimed")):
            raise UserError(self.env._("The claim of this photo was checked already."))
