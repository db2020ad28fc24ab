from odoo import fields, models


class LiquorPickingScan(models.Model):
    """One unit scanned for a delivery that is not done yet; on validation it becomes an event."""

    _name = "liquor.picking.scan"
    _description = "Scan on a Delivery"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "code_kind"

    picking_id = fields.Many2one("stock.picking", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    code = fields.Char(required=True, readonly=True, groups="liquor_scan.group_warehouse")
    batch_id = fields.Many2one(
        "liquor.code.batch", string="Code Batch", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    level = fields.Integer("Bottles per Unit", required=True, readonly=True, aggregator=None)
    unit_index = fields.Integer("Unit Number", required=True, readonly=True, aggregator=None)
    code_kind = fields.Char(readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="restrict")
    move_id = fields.Many2one("stock.move", readonly=True, index="btree_not_null", ondelete="set null")
    bottles = fields.Integer(required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    scanned_at = fields.Datetime(required=True, readonly=True)
    event_posted = fields.Boolean(readonly=True, help="The delivery is done: the unit has its event.")

    _one_open = models.UniqueIndex(
        "(batch_id, level, unit_index) WHERE event_posted IS NOT TRUE", "This unit is on an open delivery already."
    )
