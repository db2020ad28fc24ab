import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.codes.cipher import MAX_QUANTITY
from ...engine.codes.packing import unit_count, with_spare

LIMIT = 20_000_000
DECIDED_HERE = {"name", "state", "prefix", "password_salt", "row_count", "file_size", "sha256", "has_sscc"}


class LiquorPrintOrder(models.Model):
    """Codes ordered from a printer: makes batches, hands out one encrypted file, stores neither file nor codes."""

    _name = "liquor.print.order"
    _description = "Print Order"
    _inherit = ["liquor.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _guarded_in_create = frozenset({"name"})
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, copy=False, default=lambda self: self.env._("New"))
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict", default=lambda self: self.env.company
    )
    supplier_id = fields.Many2one(
        "res.partner", "Printer", required=True, ondelete="restrict", check_company=True, tracking=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="restrict", check_company=True, tracking=True
    )
    lot_id = fields.Many2one(
        "stock.lot", ondelete="restrict", check_company=True, domain="[('product_id', '=', product_id)]"
    )
    bottled_on = fields.Date("Bottling Day")
    scheme_id = fields.Many2one(
        "liquor.code.scheme",
        required=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self._default_scheme_id(),
    )
    file_layout = fields.Selection(
        [("kinds", "One list for each kind of code"), ("sets", "One line for each case with all its codes")],
        required=True,
        default="kinds",
        help="Sets are printed together, so that what lies in a case is known without scanning. Pallets keep a list.",
    )
    quantity = fields.Integer("Ordered Bottles", required=True, default=10_000, tracking=True)
    over_issue = fields.Float("Over-issue (%)", default=3.0, digits=(5, 2), help="Spare codes for spoilage.")
    bottles = fields.Integer("Issued Bottles", compute="_compute_bottles", store=True, help="In whole largest units.")
    code_count = fields.Integer("Number of Codes", compute="_compute_code_count")
    prefix = fields.Char("Address before the Code", readonly=True, copy=False)
    batch_ids = fields.One2many("liquor.code.batch", "print_order_id")
    batch_count = fields.Integer(compute="_compute_batch_figures")
    active_bottles = fields.Integer(compute="_compute_batch_figures")
    spoiled_bottles = fields.Integer(
        "Spoiled", compute="_compute_spoilage", help="Bottles whose codes were voided as spoiled."
    )
    spoilage = fields.Float(
        "Spoilage (%)", compute="_compute_spoilage", digits=(5, 2), help="Spoiled bottles of all that were issued."
    )
    leak_count = fields.Integer("Leaked Codes", compute="_compute_leak_count")
    download_ids = fields.One2many("liquor.print.download", "order_id")
    state = fields.Selection(
        [("draft", "Draft"), ("issued", "Issued"), ("handed", "Handed Over"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    row_count = fields.Integer("Rows in the File", readonly=True, copy=False, aggregator="sum")
    file_size = fields.Float("Bytes of the File", readonly=True, copy=False, digits=(16, 0), aggregator=None)
    sha256 = fields.Char("SHA-256", readonly=True, copy=False, help="Of the encrypted file, from its first download.")
    has_sscc = fields.Boolean(
        "SSCC of Pallets", readonly=True, copy=False, help="Behind the code of a pallet stands its SSCC, 18 digits."
    )
    password_salt = fields.Char(readonly=True, copy=False, groups="liquor_scan.group_scan_manager")
    note = fields.Text()

    _name_unique = models.UniqueIndex("(company_id, name)", "This number was used before.")
    _quantity_bounds = models.Constraint(
        f"CHECK (quantity BETWEEN 1 AND {LIMIT})", "A print order is for 1 to 20,000,000 bottles."
    )
    _over_issue_bounds = models.Constraint(
        "CHECK (over_issue BETWEEN 0 AND 50)", "Over-issue lies between 0 and 50 percent."
    )

    @api.model
    def _default_scheme_id(self):
        return self.env["liquor.code.scheme"].search([], limit=1)

    @api.depends("quantity", "over_issue", "scheme_id.level_ids.bottles")
    def _compute_bottles(self):
        for order in self:
            largest = max(order.scheme_id.level_ids.mapped("bottles"), default=1)
            order.bottles = with_spare(order.quantity, order.over_issue, largest)

    @api.depends("bottles", "scheme_id.level_ids.bottles")
    def _compute_code_count(self):
        for order in self:
            order.code_count = sum(unit_count(order.bottles, level.bottles) for level in order.scheme_id.level_ids)

    @api.depends("batch_ids.active_bottles")
    def _compute_batch_figures(self):
        for order in self:
            order.batch_count = len(order.batch_ids)
            order.active_bottles = sum(order.batch_ids.mapped("active_bottles"))

    @api.depends("batch_ids.range_ids.bottles", "bottles")
    def _compute_spoilage(self):
        groups = self.env["liquor.code.range"]._read_group(
            [("batch_id", "in", self.batch_ids.ids), ("cause", "=", "spoiled")], ["batch_id"], ["bottles:sum"]
        )
        spoiled = {batch.id: bottles for batch, bottles in groups}
        for order in self:
            order.spoiled_bottles = sum(spoiled.get(batch.id, 0) for batch in order.batch_ids)
            order.spoilage = 100 * order.spoiled_bottles / order.bottles if order.bottles else 0

    def _compute_leak_count(self):
        groups = (
            self
            .env["liquor.code.leak"]
            .sudo()
            ._read_group([("batch_id", "in", self.batch_ids.ids)], ["batch_id"], ["__count"])
        )
        counts = {batch.id: count for batch, count in groups}
        for order in self:
            order.leak_count = sum(counts.get(batch.id, 0) for batch in order.batch_ids)

    def action_view_leaks(self):
        """Open the codes of the order that were shown before their activation."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_scan.code_leak_action")
        return {**action, "domain": [("batch_id", "in", self.batch_ids.ids)], "context": {}}

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            for name in DECIDED_HERE & set(values):
                values.pop(name)
            company = values.get("company_id") or self.env.company.id
            values["name"] = self.env["ir.sequence"].with_company(company).next_by_code("liquor.print.order")
        return super().create(vals_list)

    def write(self, vals):
        if DECIDED_HERE & set(vals) and not self.env.su:
            raise UserError(self.env._("These facts follow from issuing and handing over. They cannot be typed."))
        fixed = {
            "company_id",
            "supplier_id",
            "product_id",
            "lot_id",
            "scheme_id",
            "quantity",
            "over_issue",
            "file_layout",
        }
        if fixed & set(vals) and any(order.state != "draft" for order in self):
            raise UserError(self.env._("The codes are made: this order can no longer be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if any(order.state != "draft" for order in self):
            raise UserError(self.env._("Only a draft can be deleted. Void the codes instead."))

    # --- issuing ----------------------------------------------------------------------------------------------

    def action_issue(self):
        """Make the batches of the order; nothing is written per code.

        :raises UserError: not a draft, or the scheme's case is not the product's
        """
        self.check_access("write")
        for order in self:
            order.lock_for_update()
            order._check_can_issue()
            key = self.env["liquor.code.key"]._current()
            self.env["liquor.code.batch"].sudo().create(order._prepare_batch_values(key))
            order.sudo().write({
                "state": "issued",
                "prefix": order.company_id._liquor_code_prefix(),
                "password_salt": secrets.token_hex(16),
                # files of orders that were issued before stay as they are, byte for byte
                "has_sscc": any(order.batch_ids.mapped("sscc_prefix")),
            })
            order.sudo()._note_file()

    def _check_can_issue(self):
        if self.state != "draft":
            raise UserError(self.env._("The codes of %(order)s are made already.", order=self.name))
        case = self.scheme_id.bottles_per_case
        wanted = self.product_id.liquor_bottles_per_case
        if case and wanted and case != wanted:
            raise UserError(
                self.env._(
                    "%(product)s is packed %(wanted)s to a case, the scheme %(scheme)s says %(case)s. "
                    "Copy the scheme and change its case.",
                    product=self.product_id.display_name,
                    wanted=wanted,
                    scheme=self.scheme_id.name,
                    case=case,
                )
            )

    def _prepare_batch_values(self, key):
        """Cut the bottles into batches of whole largest units; one number each."""
        largest = max(self.scheme_id.level_ids.mapped("bottles"))
        most = MAX_QUANTITY // largest * largest
        sizes = [min(most, self.bottles - start) for start in range(0, self.bottles, most)]
        sequence = self.env.ref("liquor_scan.sequence_code_batch").sudo()
        return [
            {
                "number": int(sequence.next_by_id()),
                "company_id": self.company_id.id,
                "print_order_id": self.id,
                "product_id": self.product_id.id,
                "lot_id": self.lot_id.id,
                "bottled_on": self.bottled_on,
                "scheme_id": self.scheme_id.id,
                "key_id": key.id,
                "bottles": size,
            }
            for size in sizes
        ]

    def action_cancel(self):
        """Void all codes of the order, whether a file was handed out or not."""
        self.check_access("write")
        for order in self:
            if order.active_bottles:
                raise UserError(
                    self.env._("Codes of %(order)s are active: void them range by range.", order=order.name)
                )
            spans = self.env["liquor.code.range"]
            for batch in order.batch_ids.filtered(lambda batch: batch.state != "void"):
                spans._book(batch, "void", 0, batch.bottles - 1, reason=self.env._("Print order cancelled"))
            order.sudo().write({"state": "cancelled"})

    def action_view_batches(self):
        """Open the batches of the order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_scan.code_batch_action")
        return {**action, "domain": [("print_order_id", "=", self.id)], "context": {}}
