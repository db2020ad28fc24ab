from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import today

from ...tools.dates import in_force


class LiquorChannelAssignment(models.Model):
    """Which distributor supplies a terminal with which products, from one day to another.

    On one day a terminal has at most one distributor per category; the deepest category that contains a product
    decides, an assignment without category is for everything else.
    """

    _name = "liquor.channel.assignment"
    _description = "Assignment of a Terminal to a Distributor"
    _inherit = ("mail.thread",)
    _check_company_auto = True
    _order = "terminal_id, date_start desc, id"
    _rec_names_search = ("terminal_id.name", "distributor_id.name")

    terminal_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict", tracking=True)
    distributor_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict", tracking=True)
    category_id = fields.Many2one(
        "product.category", string="Products", ondelete="restrict", help="Empty: all products without their own."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    date_start = fields.Date(required=True, default=lambda self: today(self.env.company))
    date_end = fields.Date(tracking=True)

    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            int4range(terminal_id, terminal_id, '[]') WITH &&,
            int4range(COALESCE(category_id, 0), COALESCE(category_id, 0), '[]') WITH &&,
            daterange(date_start, date_end, '[]') WITH &&
        )""",
        "This terminal has a distributor for these products on some of these days already.",
    )
    _dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "An assignment cannot end before it starts.",
    )
    _other_partner = models.Constraint(
        "CHECK (terminal_id <> distributor_id)",
        "A terminal cannot be its own distributor.",
    )

    @api.depends("terminal_id.name", "distributor_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.terminal_id.name} ← {line.distributor_id.name}"

    @api.constrains("distributor_id", "company_id")
    def _check_distributor_role(self):
        for company, lines in self.grouped("company_id").items():
            known = self.env["liquor.channel.role"].search([
                ("company_id", "=", company.id),
                ("partner_id", "in", lines.distributor_id.ids),
                ("kind", "in", ("distributor", "sub_distributor")),
            ])
            strangers = lines.distributor_id - known.partner_id
            if strangers:
                raise ValidationError(
                    self.env._("%(partner)s is no distributor of this company.", partner=strangers[0].display_name)
                )

    def write(self, vals):
        """A supply that has begun changes hands by a transfer, which asks the giver; a manager may end it.

        :raises UserError: another shop, distributor, series or first day, or an end in the past or by a clerk
        """
        if not self.env.su:
            begun = self.filtered(lambda line: line.date_start <= today(line.company_id))
            if begun and vals.keys() & {"terminal_id", "distributor_id", "category_id", "company_id", "date_start"}:
                raise UserError(self.env._("A supply that has begun stays as it was: transfer the shop instead."))
            if begun and "date_end" in vals:
                begun._check_end(fields.Date.to_date(vals["date_end"]))
        return super().write(vals)

    def _check_end(self, end):
        if not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise UserError(self.env._("A running supply is ended by a transfer, or by a channel manager."))
        for line in self:
            day = today(line.company_id)
            if (line.date_end and line.date_end < day) or (end and end < day):
                raise UserError(self.env._("What was supplied until today stays with who supplied it."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if not self.env.su and self.filtered(lambda line: line.date_start <= today(line.company_id)):
            raise UserError(self.env._("A supply that has begun stays as it was: transfer the shop instead."))

    @api.model
    def _distributor_of(self, terminals, products, day, company=None):
        """Distributor of each terminal for each product on a business day, in a constant number of queries.

        :param company: res.company; the environment's where nothing is said (never in sudo code)
        :return: {(terminal id, product id): distributor partner}; a pair without distributor is absent
        """
        wanted = [(terminal.id, product.id, day) for terminal in terminals for product in products]
        found = self._distributors(wanted, company or self.env.company)
        return {(terminal, product): partner for (terminal, product, _day), partner in found.items()}

    @api.model
    def _distributors(self, wanted, company):
        """The same for many days at once.

        :param wanted: collection of (terminal id, product id, business day)
        :return: {(terminal id, product id, day): distributor partner}
        """
        if not wanted:
            return {}
        terminals, products, days = (set(column) for column in zip(*wanted, strict=True))
        lines = self._between(terminals, min(days), max(days), company).grouped("terminal_id")
        by_terminal = {terminal.id: own for terminal, own in lines.items()}
        paths = {
            product.id: self._category_path(product.categ_id)
            for product in self.env["product.product"].sudo().browse(products)
            if by_terminal
        }
        found = {}
        for terminal, product, day in wanted:
            line = by_terminal.get(terminal, self.browse())._nearest(paths.get(product, ()), day)
            if line:
                found[terminal, product, day] = line.distributor_id
        return found

    def _between(self, terminal_ids, first, last, company):
        domain = Domain("company_id", "=", company.id) & Domain("terminal_id", "in", list(terminal_ids))
        lines = domain & in_force(first, last)
        return self.search_fetch(lines, ["terminal_id", "distributor_id", "category_id", "date_start", "date_end"])

    def _nearest(self, path, day):
        """Of one terminal's lines, the one in force on ``day`` for the first category of ``path``."""
        living = {
            line.category_id.id: line
            for line in self
            if line.date_start <= day and (not line.date_end or line.date_end >= day)
        }
        return next((living[category] for category in path if category in living), None)

    @api.model
    def _shops_of(self, distributors, companies):
        """Terminals that distributors supply today, by the clock of each company."""
        found = self.env["res.partner"]
        for company in companies:
            found |= self.search(
                Domain("company_id", "=", company.id)
                & Domain("distributor_id", "in", distributors.ids)
                & in_force(today(company))
            ).terminal_id
        return found

    @api.model
    def _category_path(self, category):
        """Category ids from the product's own up to the root, then False for "everything else"."""
        steps = [int(step) for step in (category.parent_path or "").split("/") if step]
        return [*reversed(steps), False]
