from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...engine.settlement import red_letter


class AccountMove(models.Model):
    """What a red-letter invoice needs to know of the invoice it is written against (trade.md R6)."""

    _inherit = "account.move"

    liquor_fapiao_number = fields.Char(
        "Digital Invoice Number", copy=False, help="20 digits; of a credit note: of the red-letter invoice."
    )
    liquor_buyer_use = fields.Selection(
        [("unused", "Not used by the buyer"), ("used", "Use confirmed by the buyer")],
        string="Buyer's Use",
        default="unused",
        copy=False,
        help="An invoice that is not used can only be taken back whole; of a used one, a part.",
    )
    liquor_red_amount = fields.Monetary(
        "Taken by Red Letters",
        readonly=True,
        copy=False,
        help="Net amount that allocations have taken of this invoice.",
    )
    liquor_red_ids = fields.One2many("liquor.red.allocation", "note_id", "Red-letter Queue", readonly=True)

    _liquor_red_bounds = models.Constraint(
        "CHECK (liquor_red_amount IS NULL OR liquor_red_amount BETWEEN 0 AND amount_untaxed)",
        "Red letters take at most what the invoice says.",
    )

    @api.constrains("liquor_fapiao_number")
    def _check_liquor_fapiao_number(self):
        for move in self.filtered("liquor_fapiao_number"):
            try:
                red_letter.check_number(move.liquor_fapiao_number)
            except ValueError:
                raise ValidationError(self.env._("A digital invoice has a number of 20 digits.")) from None

    def _liquor_take_red(self, amount):
        """Take (or give back, negative) net capacity; one guarded UPDATE, so that two notes never take the same.

        :return: whether it was there
        """
        self.ensure_one()
        self.flush_recordset()
        found = self.env.execute_query(
            SQL(
                """UPDATE account_move SET liquor_red_amount = COALESCE(liquor_red_amount, 0) + %(amount)s
                    WHERE id = %(id)s AND COALESCE(liquor_red_amount, 0) + %(amount)s BETWEEN 0 AND amount_untaxed
                RETURNING id""",
                amount=amount,
                id=self.id,
            )
        )
        self.invalidate_recordset(["liquor_red_amount"])
        return bool(found)
