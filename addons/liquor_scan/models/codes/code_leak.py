from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import company_zone, zone_day

from .kinds import KINDS


class LiquorCodeLeak(models.Model):
    """A genuine code was shown to us that is on no bottle of ours: codes left the printer's house.

    Either its bottles are not activated, or its print order was cancelled: what a printer made of it all the same.
    A batch has one supplier, so the batch of the code names him (spec codes.md, printing hand-over). One row a code
    and day, whatever the number of tries: no row is hot, and nobody fills the table who has no codes.
    """

    _name = "liquor.code.leak"
    _description = "Leaked Code"
    _check_company_auto = True
    _log_access = False
    _order = "id desc"
    _rec_name = "batch_id"

    batch_id = fields.Many2one(
        "liquor.code.batch", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    supplier_id = fields.Many2one("res.partner", "Printer", readonly=True, ondelete="restrict")
    product_id = fields.Many2one(related="batch_id.product_id")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    index = fields.Integer("Number", required=True, readonly=True, aggregator=None)
    day = fields.Date("Business Day", required=True, readonly=True)
    at = fields.Datetime("First Shown on", required=True, readonly=True)
    source = fields.Selection([("page", "Public Page"), ("scan", "Scan of a Party")], required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", "Shown by", readonly=True, ondelete="restrict")
    noticed = fields.Boolean(readonly=True, help="Somebody was asked to look into it.")

    _unit_day_unique = models.UniqueIndex("(batch_id, kind, index, day)", "Noted today already.")
    _fresh_idx = models.Index("(batch_id) WHERE noticed IS NOT TRUE")

    @api.model
    def _note(self, units, source, partner=None):
        """Note codes that are on no bottle of ours (``_is_leak``); others are passed over.

        :param units: ``LocatedUnit``s
        :param str source: page | scan
        :param partner: who showed them, where known
        """
        now = fields.Datetime.now()
        rows = sorted({
            (unit.batch.id, unit.kind, unit.index, zone_day(now, company_zone(unit.batch.company_id)))
            for unit in units
            if self._is_leak(unit)
        })
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO liquor_code_leak
                          (batch_id, kind, index, day, company_id, supplier_id, at, source, partner_id)
                   SELECT r.batch, r.kind, r.index, r.day, b.company_id, o.supplier_id, %s, %s, %s
                     FROM unnest(%s::int4[], %s::varchar[], %s::int4[], %s::date[]) AS r (batch, kind, index, day)
                     JOIN liquor_code_batch b ON b.id = r.batch
                     LEFT JOIN liquor_print_order o ON o.id = b.print_order_id
                    ORDER BY r.batch, r.kind, r.index
                   ON CONFLICT (batch_id, kind, index, day) DO NOTHING""",
                now,
                source,
                partner.id if partner else None,
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )

    def _is_leak(self, unit):
        """Whether a unit was never on goods: not activated, or void because its whole order was cancelled.

        Codes that were voided by range lay on goods or were spoiled: they are seen every day and say nothing.
        """
        order = unit.batch.sudo().print_order_id
        return unit.state == "inactive" or (unit.state == "void" and order.state == "cancelled")

    @api.model
    def _cron_notice(self):
        """Ask who ordered the codes to look into it: one task for each print order with fresh leaks."""
        fresh = self.search([("noticed", "!=", True)])
        for order in fresh.batch_id.print_order_id:
            mine = fresh.filtered(lambda leak, order=order: leak.batch_id.print_order_id == order)
            reader = self.with_context(lang=order.create_uid.lang).env
            order.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=reader._("Codes were shown before they were activated"),
                note=reader._(
                    "%(count)s codes of printer %(printer)s. Freeze the roll, ask the printer, void what leaked.",
                    count=len(mine),
                    printer=order.supplier_id.display_name,
                ),
                user_id=order.create_uid.id,
            )
        fresh.noticed = True
