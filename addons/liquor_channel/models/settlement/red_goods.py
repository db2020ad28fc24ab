from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.common.money import decimal
from ...engine.settlement import red_letter

#: lines of a buyer's invoices at one tax rate, by goods code, oldest first: what they can still carry, and what all
#: lines of the rate together can: net less credit notes and less what red letters took
BLUE = """
    WITH sold AS (
        SELECT invoice.id, CASE WHEN %(by_code)s THEN item.liquor_goods_code END AS code,
               SUM(item.price_subtotal) AS net
          FROM account_move invoice
          JOIN account_move_line item ON item.move_id = invoice.id AND item.display_type = 'product'
          JOIN account_move_line_account_tax_rel rel ON rel.account_move_line_id = item.id
          JOIN account_tax tax ON tax.id = rel.account_tax_id
         WHERE invoice.company_id = %(company)s AND invoice.commercial_partner_id = %(partner)s
           AND invoice.move_type = 'out_invoice' AND invoice.state = 'posted' AND tax.amount = %(rate)s
           AND invoice.currency_id = %(currency)s AND invoice.liquor_settlement_id IS NULL
      GROUP BY 1, 2)
    SELECT sold.id, sold.code, invoice.amount_untaxed,
           sold.net - COALESCE((SELECT SUM(row.amount) FROM liquor_red_allocation row
                                 WHERE row.invoice_id = sold.id AND row.state <> 'dropped' AND row.rate = %(rate)s
                                   AND (NOT %(by_code)s
                                        OR CASE WHEN row.code_known THEN row.goods_code END
                                           IS NOT DISTINCT FROM sold.code)), 0),
           LEAST(SUM(sold.net) OVER (PARTITION BY sold.id), invoice.amount_untaxed)
           - COALESCE(invoice.liquor_red_amount, 0)
           - COALESCE((SELECT SUM(back.amount_untaxed) FROM account_move back
                        WHERE back.reversed_entry_id = invoice.id AND back.state = 'posted'
                          AND NOT EXISTS (SELECT FROM liquor_red_allocation row
                                           WHERE row.note_id = back.id AND row.state <> 'dropped')), 0),
           invoice.liquor_buyer_use = 'used'
      FROM sold JOIN account_move invoice ON invoice.id = sold.id
  ORDER BY invoice.invoice_date, invoice.id, sold.code
"""


class LiquorRedAllocation(models.Model):
    """Goods codes of red letters: the same as the blue invoice states (trade.md R6)."""

    _inherit = "liquor.red.allocation"

    def write(self, vals):
        """Take a code only where nobody noted it when the invoice was posted."""
        if vals.get("goods_code"):
            try:
                vals = {**vals, "goods_code": red_letter.check_goods_code(str(vals["goods_code"]))}
            except ValueError:
                raise UserError(self.env._("A goods code has 19 digits: read it on the blue invoice.")) from None
        if "goods_code" in vals and not self.env.su and any(self.mapped("code_known")):
            raise UserError(self.env._("This goods code was noted when the invoice was posted and stays as it is."))
        return super().write(vals)

    @api.depends("goods_code", "asked_code", "state", "company_id.liquor_red_by_code", "invoice_id")
    def _compute_code_hint(self):
        for row in self:
            row.code_hint = False
            if row.state == "waiting" and row.company_id.liquor_red_by_code and not row.goods_code:
                row.code_hint = self.env._(
                    "The goods code is unknown, only the rate was compared. Read the 19 digits on %(invoice)s and "
                    "enter them here; if they are others than on the note, drop this line.",
                    invoice=row.invoice_id.name,
                )

    def _check_codes(self):
        """Refuse the form of a red letter whose goods are not those of the blue invoice."""
        for row in self.filtered("company_id.liquor_red_by_code"):
            if not red_letter.may_stand_for(row.asked_code or None, row.goods_code or None):
                raise UserError(
                    self.env._(
                        "%(note)s is for goods of code %(asked)s, %(invoice)s states %(sold)s. Drop this line; the "
                        "note is then written against another invoice.",
                        note=row.note_id.name,
                        asked=row.asked_code,
                        invoice=row.invoice_id.name,
                        sold=row.goods_code,
                    )
                )

    @api.model
    def _goods_of(self, note):
        """Return {(rate, goods code or None): net amount} of a note."""
        by_code = note.company_id.liquor_red_by_code
        return red_letter.goods_of([
            (
                decimal(sum(line.tax_ids.mapped("amount"))),
                (line.liquor_goods_code or None) if by_code else None,
                decimal(line.price_subtotal),
            )
            for line in note.invoice_line_ids
            if line.display_type == "product"
        ])

    @api.model
    def _open_goods(self, note):
        """Return {(rate, goods code or None): net amount} that no live row carries."""
        rows = note.liquor_red_ids.filtered(lambda row: row.state != "dropped")
        taken = [(decimal(row.rate), row.asked_code or None, decimal(row.amount)) for row in rows]
        return red_letter.still_open(self._goods_of(note), red_letter.goods_of(taken))

    @api.model
    def _blue(self, note, rate):
        """Return what the buyer's invoices can carry at a rate, by invoice and goods code, oldest first."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                BLUE,
                company=note.company_id.id,
                partner=note.commercial_partner_id.id,
                currency=note.currency_id.id,
                rate=rate,
                by_code=note.company_id.liquor_red_by_code,
            )
        )
        live = note.liquor_red_ids.filtered(lambda row: row.state != "dropped" and row.rate == float(rate))
        taken = {(row.invoice_id.id, (row.code_known and row.goods_code) or None) for row in live}
        return [
            red_letter.BlueInvoice(number, rate, decimal(total), decimal(left), used, code, decimal(pool))
            for number, code, total, left, pool, used in rows
            if (number, code) not in taken
        ]

    @api.model
    def _tell_missing(self, note, missing):
        """Say on the note what no invoice can carry, and what to do next."""
        for (rate, code), net in missing.items():
            note.message_post(
                body=self.env._(
                    "%(amount)s at %(rate)s %% (goods code: %(code)s) fit no invoice of this distributor. Enter the "
                    "buyer's use of further invoices of the same rate and code, then press Look for Invoices; without "
                    "any, reverse the settlement and pay it another way.",
                    amount=net,
                    rate=rate.normalize(),
                    code=code or self.env._("not named"),
                )
            )
