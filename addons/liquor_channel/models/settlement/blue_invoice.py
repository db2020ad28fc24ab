from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
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

    def _post(self, soft=True):
        """Note the goods codes; an invoice that the tax office knows keeps those it was issued with."""
        kept = self.filtered(
            lambda move: (
                move.liquor_settlement_id
                or (move.posted_before and (move.liquor_fapiao_number or move.liquor_buyer_use == "used"))
            )
        )
        (self - kept).filtered(lambda move: move.is_sale_document())._liquor_note_goods_codes()
        return super()._post(soft)

    def _liquor_note_goods_codes(self):
        """Note the codes of today; what takes an invoice back states the codes of that invoice."""
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        lines._liquor_note_goods_codes()
        for line in lines.filtered("move_id.reversed_entry_id"):
            same = line.move_id.reversed_entry_id.invoice_line_ids.filtered(
                lambda origin, line=line: origin.product_id == line.product_id
            )
            if same:
                line.sudo().liquor_goods_code = same[0].liquor_goods_code

    def action_liquor_find_invoices(self):
        """Look again for invoices that carry a credit note: after a line was dropped or more invoices are used."""
        self.check_access("write")
        if not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance works on red letters."))
        for note in self:
            paper = note.sudo().liquor_settlement_id
            if note.move_type != "out_refund" or note.state != "posted" or not paper or paper.reverses_id:
                raise UserError(self.env._("Only a posted credit note of a settlement looks for invoices."))
            if paper.state == "reversed":
                raise UserError(self.env._("The settlement of this note was reversed."))
            self.env["liquor.red.allocation"].sudo()._allocate(note.sudo())
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.red_allocation_action")
        return {**action, "domain": [("note_id", "in", self.ids)]}

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
