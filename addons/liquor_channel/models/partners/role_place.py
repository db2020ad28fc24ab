from odoo import fields, models
from odoo.tools import SQL


class LiquorRolePlace(models.Model):
    """Since when a role has which territory: a fact of a day gone by is judged by the territory of its day.

    Rows are written when the territory of an accepted role changes; a role without rows never moved.
    """

    _name = "liquor.role.place"
    _description = "Territory of a Role since a Day"
    _inherit = ("liquor.append.mixin",)
    _check_company_auto = True
    _order = "date_start desc, id desc"
    _rec_name = "territory_id"

    role_id = fields.Many2one(
        "liquor.channel.role", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    territory_id = fields.Many2one("liquor.territory", readonly=True, ondelete="restrict", check_company=True)
    date_start = fields.Date(string="Since", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Changed By", required=True, readonly=True, ondelete="restrict")


def place_on(role, day):
    """Return SQL of the territory that a role had on a day.

    :param SQL role: alias of ``liquor_channel_role``
    :param SQL day: a date, also one to come; before the first row the first one holds, of two of a day the later
    """
    return SQL(
        """CASE WHEN %(role)s.next_day <= %(day)s THEN %(role)s.next_territory_id
                WHEN %(role)s.has_moved THEN (
               SELECT place.territory_id FROM liquor_role_place place WHERE place.role_id = %(role)s.id
                ORDER BY place.date_start <= %(day)s DESC, abs(place.date_start - %(day)s), place.id DESC LIMIT 1)
           ELSE %(role)s.territory_id END""",
        role=role,
        day=day,
    )
