from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.flow.units import Unit, spans
from ..codes.kinds import KINDS
from ..flow.scan_event import EVENT_KINDS


class LiquorPickingScan(models.Model):
    """One unit scanned for a transfer that is not done yet; on validation it becomes an event."""

    _name = "liquor.picking.scan"
    _inherit = ["liquor.labelled.mixin", "liquor.bulk.mixin"]
    _description = "Scan on a Transfer"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "code_kind"

    picking_id = fields.Many2one("stock.picking", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    client_id = fields.Char("Sender's Number", readonly=True)
    code = fields.Char(required=True, readonly=True, groups="liquor_scan.group_warehouse")
    event_kind = fields.Selection(EVENT_KINDS, readonly=True, help="What it becomes when the transfer is done.")
    batch_id = fields.Many2one(
        "liquor.code.batch", string="Code Batch", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    level = fields.Integer("Bottles per Unit", required=True, readonly=True, aggregator=None)
    unit_index = fields.Integer("Unit Number", required=True, readonly=True, aggregator=None)
    code_kind = fields.Selection(KINDS, readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="restrict")
    package_id = fields.Many2one("stock.package", string="Out of Package", readonly=True, ondelete="restrict")
    result_package_id = fields.Many2one("stock.package", string="Pallet", readonly=True, ondelete="restrict")
    bottles = fields.Integer(required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    scanned_at = fields.Datetime(required=True, readonly=True)
    event_posted = fields.Boolean(readonly=True, help="The transfer is done: the unit has its event.")

    _one_open = models.UniqueIndex(
        "(batch_id, level, unit_index) WHERE event_posted IS NOT TRUE", "This unit is on an open transfer already."
    )

    @api.model
    def _open_around(self, units, levels_of):
        """Scans on open transfers of units, of the packages given with them and of what those hold; one query.

        :param units: iterable of engine ``Unit``
        :param levels_of: {batch id: levels of its scheme}
        :return: list of (Unit, event kind, partner id of the transfer or 0)
        """
        self.flush_model()
        columns = spans(units, levels_of)
        if not columns[0]:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT s.batch_id, s.level, s.unit_index, s.event_kind, c.commercial_partner_id
                  FROM unnest(%s::int4[], %s::int4[], %s::int4[], %s::int4[]) AS r(batch, level, first, last)
                  JOIN liquor_picking_scan s
                    ON s.batch_id = r.batch AND s.level = r.level AND s.unit_index BETWEEN r.first AND r.last
                   AND s.event_posted IS NOT TRUE
                  JOIN stock_picking p ON p.id = s.picking_id
                  LEFT JOIN res_partner c ON c.id = p.partner_id
                """,
                *columns,
            )
        )
        return [(Unit(*row[:3]), row[3], row[4] or 0) for row in rows]
