from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    liquor_territory_ids = fields.Many2many(
        "liquor.territory",
        string="Responsible for Territories",
        groups="base.group_erp_manager,liquor_channel.group_channel_manager",
        help="Empty: head office.",
    )

    def _liquor_is_regional(self):
        """Tell whether the user writes policies for territories only."""
        return bool(self.sudo().liquor_territory_ids)

    def _liquor_covers(self, territories):
        """Tell whether all of ``territories`` lie in those of the user."""
        own = set(self.sudo().liquor_territory_ids.ids)
        return bool(territories) and all(
            own & {int(step) for step in territory.parent_path.split("/") if step} for territory in territories
        )
