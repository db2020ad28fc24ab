from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.partners.territory import division


class LiquorTerritory(models.Model):
    """Administrative division that a role, an assignment, a price or a policy refers to (GB/T 2260)."""

    _name = "liquor.territory"
    _description = "Territory"
    _parent_store = True
    _order = "code"
    _rec_names_search = ("name", "code")

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="GB/T 2260: two digits a province, four a city, six a county.")
    kind = fields.Selection(
        [("province", "Province"), ("city", "City"), ("county", "County")],
        compute="_compute_kind",
        store=True,
    )
    parent_id = fields.Many2one("liquor.territory", string="Above", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("liquor.territory", "parent_id", string="Below")
    company_id = fields.Many2one("res.company", help="Empty: a division that all companies use.")
    active = fields.Boolean(default=True)
    status_ids = fields.One2many("liquor.territory.status", "territory_id", string="Status History")
    maturity = fields.Char(compute="_compute_status", help="Today, for the company in use; its own or from above.")
    under_attack = fields.Char(compute="_compute_status")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "There is a territory with this code already.",
    )

    @api.depends("code")
    def _compute_kind(self):
        for territory in self:
            try:
                territory.kind = division(territory.code or "").kind
            except ValueError:
                territory.kind = False

    @api.depends("name", "parent_id.name", "parent_id.parent_id.name")
    def _compute_display_name(self):
        for territory in self:
            path = (territory.parent_id.parent_id, territory.parent_id, territory)
            territory.display_name = " / ".join(step.name for step in path if step.name)

    @api.depends_context("company", "lang")
    @api.depends("status_ids.value", "status_ids.date_end", "parent_path")
    def _compute_status(self):
        statuses = self.env["liquor.territory.status"]
        found = statuses._of(self.env.company, self, today(self.env.company))
        labels = dict(statuses._fields["value"]._description_selection(self.env))
        for territory in self:
            own = found.get(territory.id, {})
            territory.maturity = labels[own["maturity"].value] if "maturity" in own else False
            territory.under_attack = labels[own["under_attack"].value] if "under_attack" in own else False

    @api.constrains("code", "parent_id")
    def _check_code(self):
        for territory in self:
            if not territory.kind:
                raise ValidationError(
                    self.env._("%(code)s is no division code: two, four or six digits.", code=territory.code)
                )
            above = territory.parent_id.code
            if above and not territory.code.startswith(above):
                raise ValidationError(
                    self.env._("%(code)s does not lie in %(above)s.", code=territory.code, above=above)
                )

    @api.model
    @api.private
    def load_divisions(self, rows):
        """Create or rename the divisions of an official list.

        :param rows: iterable of (code, name), codes of two, four or six digits in any order
        :return: the territories of the list
        :raises UserError: naming every bad row; nothing is changed then
        """
        wanted = self._parse_divisions(rows)
        known = {t.code: t for t in self.search([("code", "in", list(wanted)), ("company_id", "=", False)])}
        for length in (2, 4, 6):
            missing = [code for code in wanted if len(code) == length and code not in known]
            created = self.create([
                {"code": code, "name": wanted[code], "parent_id": self._above(code, known)} for code in missing
            ])
            known.update(zip(missing, created, strict=True))
        for code, name in wanted.items():
            if known[code].name != name:
                known[code].name = name
        return self.browse(known[code].id for code in wanted)

    def _parse_divisions(self, rows):
        wanted, faults = {}, []
        for number, (code, name) in enumerate(rows, 1):
            try:
                wanted[division(code).code] = name.strip()
            except ValueError:
                faults.append(self.env._("Row %(number)s: %(code)s is no division code.", number=number, code=code))
        if faults:
            raise UserError("\n".join(faults))
        return wanted

    def _above(self, code, known):
        """Id of the nearest known division above ``code``: some cities have no county level, and the reverse."""
        for length in range(len(code) - 2, 0, -2):
            if code[:length] in known:
                return known[code[:length]].id
        return False

    def _ancestors(self):
        """Map each territory's id to the set of ids from itself up to its province (no query per record)."""
        return {t.id: {int(step) for step in t.parent_path.split("/") if step} for t in self}
