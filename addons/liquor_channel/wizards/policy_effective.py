from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tools import format_date, format_list

from odoo.addons.liquor_member.tools.business_day import today

from ..engine.policies.eligibility import NOTHING
from ..engine.policies.uplift import Situation
from ..tools.dates import in_force


class LiquorPolicyEffective(models.TransientModel):
    """What holds for one party on one day, and where each value comes from (C17)."""

    _name = "liquor.policy.effective"
    _description = "Policies That Hold for a Party"
    _check_company_auto = True

    partner_id = fields.Many2one("res.partner", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    day = fields.Date(required=True, default=lambda self: today(self.env.company))
    line_ids = fields.One2many(
        "liquor.policy.effective.line", "effective_id", string="Values", compute="_compute_line_ids", store=True
    )

    @api.depends("partner_id", "company_id", "day")
    def _compute_line_ids(self):
        for page in self:
            rows = page._rows() if page.partner_id and page.day else []
            page.line_ids = [Command.clear(), *(Command.create(row) for row in rows)]

    def _rows(self):
        """Values that hold, each with its source, in a constant number of queries."""
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("This company is not among yours."))
        self.env["liquor.policy"].check_access("read")
        roles = (
            self
            .env["liquor.channel.role"]
            .sudo()
            ._live(self.partner_id, [kind for kind, _label in self._role_kinds()], self.day, self.company_id)
        )
        versions = self._versions(roles)
        special = (
            self
            .env["liquor.policy.circumstances"]
            .sudo()
            ._circumstances(self.company_id, versions, self.day, self.day, {self.partner_id.id})
        )
        places = {role: role._territory_on(self.day).id for role in roles}
        territories = self.env["liquor.fact.scope"]._territories(filter(None, places.values()))
        by_kind = {role.kind: role for role in roles}
        rules, rows = versions._to_rules(), []
        for version in versions:
            role = by_kind[version.beneficiary_kind]
            path = territories.get(places[role], NOTHING)
            if version._is_for(self.partner_id, role, path):
                rows += self._rows_of(version, rules[version.id], special, role, path)
        return rows

    def _role_kinds(self):
        return self.env["liquor.channel.role"]._fields["kind"].selection

    def _versions(self, roles):
        return (
            self
            .env["liquor.policy.version"]
            .sudo()
            .search(
                in_force(self.day)
                & Domain("company_id", "=", self.company_id.id)
                & Domain("state", "in", ("active", "frozen"))
                & Domain("policy_id.active", "=", True)
                & Domain("policy_id.beneficiary_kind", "in", roles.mapped("kind")),
                order="policy_id, id",
            )
        )

    def _rows_of(self, version, rule, special, role, path):
        own = {one.kind: one for one in special.overlays_of(version.policy_id.id, self.partner_id.id, self.day)}
        general = self.env._("Policy, version %(number)s", number=version.number)
        rows = []

        def add(what, value, source, overlay=None):
            rows.append({
                "version_id": version.id,
                "what": what,
                "value": value,
                "source": self._say_overlay(overlay) if overlay else source,
                "own": bool(overlay),
            })

        if "excluded" in own:
            add("excluded", self.env._("Takes no part"), "", own["excluded"])
            return rows
        add("rate", self._say_rate(version, own.get("rate")), general, own.get("rate"))
        if "strength" in own:
            add("strength", f"+ {version._say_number(own['strength'].value)} %", "", own["strength"])
        situation = Situation(self.day, territories=path, started=role.date_start)
        lifted = {one.key: snapshot for one, snapshot in special.uplifts_of(rule, self.partner_id.id, situation)}
        for uplift in version.uplift_ids.filtered(lambda one: one.id in lifted or one.kind == "star_product"):
            source = self.env._("%(general)s, uplift", general=general)
            if lifted.get(uplift.id):
                source = self.env._(
                    "%(general)s, frozen figure no. %(number)s", general=general, number=lifted[uplift.id]
                )
            add("uplift", f"+ {version._say_uplift(uplift)}", source)
        if version.cap_amount or "cap" in own:
            cap = own["cap"].value if "cap" in own else version.cap_amount
            add("cap", version._say_money(cap), general, own.get("cap"))
        if version.product_ids or version.category_ids or "products" in own:
            add("products", self._say_products(version, own.get("products")), general, own.get("products"))
        return rows

    def _say_rate(self, version, overlay):
        if overlay:
            return version._say_rate(overlay.value)
        if version.kind in ("per_unit", "fixed"):
            return version._say_rate(version.rate)
        return version._say_join([version._say_tier(tier) for tier in version.tier_ids.sorted("from_value")])

    def _say_products(self, version, overlay):
        products = self.env["product.product"].sudo().browse(overlay.products) if overlay else version.product_ids
        names = products.mapped("display_name")
        if not overlay:
            names = [*version.category_ids.mapped("display_name"), *names]
        return format_list(self.env, names)

    def _say_overlay(self, overlay):
        row = self.env["liquor.policy.overlay"].sudo().browse(overlay.key)
        return self.env._(
            "One shop, one policy no. %(number)s: %(reason)s (approved by %(user)s on %(day)s)",
            number=row.id,
            reason=row.reason,
            user=row.approved_by_id.name or "",
            day=format_date(self.env, row.approved_at) if row.approved_at else "",
        )
