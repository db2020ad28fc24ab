from odoo import fields, models

from odoo.addons.liquor_member.tools.business_day import today


class LiquorChannelRole(models.Model):
    """The territory of a role is dated: each change of an accepted role says since when."""

    _inherit = "liquor.channel.role"

    has_moved = fields.Boolean(
        readonly=True, copy=False, help="Spares whoever asks for the territory of a day a query."
    )
    place_ids = fields.One2many("liquor.role.place", "role_id", string="Territories", readonly=True)

    def write(self, vals):
        """Note since when an accepted role has another territory."""
        if "territory_id" not in vals:
            return super().write(vals)
        before = {role: role.territory_id for role in self if role.state != "candidate"}
        result = super().write(vals)
        moved = [(role, old) for role, old in before.items() if role.territory_id != old]
        if moved:
            self.env["liquor.role.place"].sudo().create([
                values for role, old in moved for values in role._prepare_places(old)
            ])
            self.browse([role.id for role, _old in moved]).sudo().filtered(lambda role: not role.has_moved).write({
                "has_moved": True
            })
        return result

    def _prepare_places(self, old):
        common = {"role_id": self.id, "company_id": self.company_id.id, "user_id": self.env.uid}
        now = {**common, "territory_id": self.territory_id.id, "date_start": today(self.company_id)}
        if self.has_moved:
            return [now]
        return [{**common, "territory_id": old.id, "date_start": min(self.date_start, now["date_start"])}, now]

    def _territory_on(self, day):
        """Return the territory that this role had on a business day; before the first one the first."""
        self.ensure_one()
        if not self.has_moved:
            return self.territory_id
        places = self.sudo().place_ids
        at = max(places, key=lambda one: (one.date_start <= day, -abs((one.date_start - day).days), one.id))
        return at.territory_id.with_env(self.env)
