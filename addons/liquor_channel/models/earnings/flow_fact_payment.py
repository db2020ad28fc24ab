from odoo import api, models
from odoo.tools import SQL

from ..partners.role_place import place_on
from .flow_fact import ZONE

# What a payment settled of posted invoices of goods: by partial reconciliation.
GOODS_OF_BILL = SQL(
    """JOIN LATERAL (
        SELECT SUM(goods.price_total) AS goods
          FROM account_move_line goods
          JOIN product_product goods_product ON goods_product.id = goods.product_id
          JOIN product_template goods_template ON goods_template.id = goods_product.product_tmpl_id
         WHERE goods.move_id = bill.id AND goods.display_type = 'product' AND goods_template.type = 'consu'
    ) whole ON whole.goods > 0"""
)


class LiquorFlowFact(models.Model):
    """Money received from distributors (打款, R2): what it settled by product, the rest without one."""

    _inherit = "liquor.flow.fact"
    _depends = {
        "account.payment": [
            "state", "date", "amount_company_currency_signed", "company_id", "partner_id", "partner_type",
            "payment_type",
        ],
        "account.partial.reconcile": ["credit_move_id", "debit_move_id", "amount"],
        "liquor.channel.role": ["partner_id", "company_id", "kind", "territory_id", "date_start", "has_moved",
                                 "next_day", "next_territory_id"],
        "liquor.role.place": ["role_id", "territory_id", "date_start"],
    }  # fmt: skip

    @api.model
    def _fact_queries(self):
        """Add posted payments of distributors."""
        return [*super()._fact_queries(), self._fact_payments(), self._fact_paid_goods()]

    def _fact_payment_columns(self, company, customer):
        return {
            "kind": SQL("'paid_in'"),
            "company_id": company,
            "partner_id": customer,
            "currency_id": SQL("company.currency_id"),
            "event_time": SQL("(pay.date::timestamp AT TIME ZONE %s) AT TIME ZONE 'UTC'", ZONE),
            "business_day": SQL("pay.date"),
            "source_model": SQL("'account.payment'"),
            "source_id": SQL("pay.id"),
        }

    def _fact_payment_joins(self, company, customer):
        return SQL(
            """JOIN res_partner party ON party.id = pay.partner_id
               JOIN res_company company ON company.id = pay.company_id
               JOIN res_partner zone ON zone.id = company.partner_id
               JOIN account_account due_account ON due_account.id = pay.destination_account_id"""
        )

    def _fact_payment_where(self, company, customer):
        """Payments on the receivable: a deposit is no money for goods."""
        return SQL(
            """pay.state IN ('in_process', 'paid') AND pay.partner_type = 'customer'
               AND due_account.account_type = 'asset_receivable' AND %s""",
            self._fact_is_distributor(customer, company),
        )

    def _fact_payments(self):
        """What has not settled an invoice of goods yet; money sent back counts against it."""
        company, customer = SQL("pay.company_id"), SQL("party.commercial_partner_id")
        return {
            "kinds": ("paid_in",),
            "columns": {
                **self._fact_payment_columns(company, customer),
                "key": SQL("'account.payment/' || pay.id"),
                "amount": SQL(
                    """CASE pay.payment_type WHEN 'inbound' THEN abs(pay.amount_company_currency_signed) - used.amount
                            ELSE -abs(pay.amount_company_currency_signed) END"""
                ),
                "territory_id": SQL(
                    """(SELECT %s FROM liquor_channel_role r WHERE r.partner_id = %s AND r.company_id = %s
                        AND r.kind IN ('distributor', 'sub_distributor')
                        ORDER BY r.date_start DESC, r.id DESC LIMIT 1)""",
                    place_on(SQL("r"), SQL("pay.date")),
                    customer,
                    company,
                ),
                "purpose": SQL("'normal'"),
            },
            "from": SQL(
                """FROM account_payment pay %s
                   CROSS JOIN LATERAL (
                       SELECT COALESCE(SUM(part.amount), 0) AS amount
                         FROM account_move_line paid
                         JOIN account_partial_reconcile part ON part.credit_move_id = paid.id
                         JOIN account_move_line due ON due.id = part.debit_move_id
                         JOIN account_move bill ON bill.id = due.move_id AND bill.move_type = 'out_invoice'
                         %s
                        WHERE paid.payment_id = pay.id
                   ) used
                   WHERE %s AND (pay.payment_type <> 'inbound'
                                  OR abs(pay.amount_company_currency_signed) <> used.amount)""",
                self._fact_payment_joins(company, customer),
                GOODS_OF_BILL,
                self._fact_payment_where(company, customer),
            ),
        }

    def _fact_paid_goods(self):
        """What a payment settled of an invoice: its goods, in the proportion that is paid."""
        company, customer = SQL("pay.company_id"), SQL("party.commercial_partner_id")
        return {
            "kinds": ("paid_in",),
            "row": SQL("part.id::int8 * 4096 + row_number() OVER (PARTITION BY part.id ORDER BY item.id)"),
            "columns": {
                **self._fact_payment_columns(company, customer),
                "key": SQL("'account.payment/' || pay.id || '/' || part.id || '/' || item.id"),
                "product_id": SQL("item.product_id"),
                "bottles": SQL(
                    """item.quantity * item_uom.factor / own_uom.factor * part.amount
                       / NULLIF(ABS(bill.amount_total_signed), 0)"""
                ),
                "amount": SQL("part.amount * item.price_total / whole.goods"),
                "amount_untaxed": SQL("part.amount * item.price_subtotal / whole.goods"),
                "territory_id": SQL("bill.liquor_territory_id"),
                "purpose": SQL("bill.liquor_purpose"),
            },
            "from": SQL(
                """FROM account_partial_reconcile part
                   JOIN account_move_line paid ON paid.id = part.credit_move_id
                   JOIN account_payment pay ON pay.id = paid.payment_id
                   %s
                   JOIN account_move_line due ON due.id = part.debit_move_id
                   JOIN account_move bill ON bill.id = due.move_id AND bill.move_type = 'out_invoice'
                   %s
                   JOIN account_move_line item ON item.move_id = bill.id AND item.display_type = 'product'
                   JOIN product_product product ON product.id = item.product_id
                   JOIN product_template template ON template.id = product.product_tmpl_id AND template.type = 'consu'
                   JOIN uom_uom item_uom ON item_uom.id = item.product_uom_id
                   JOIN uom_uom own_uom ON own_uom.id = template.uom_id
                   WHERE pay.payment_type = 'inbound' AND %s""",
                self._fact_payment_joins(company, customer),
                GOODS_OF_BILL,
                self._fact_payment_where(company, customer),
            ),
        }
