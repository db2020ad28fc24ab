"""The people who log in. The superuser's password is random and told to nobody."""

import secrets

from odoo.fields import Command

from ..logins import BY_NAME

INTERNAL = {
    "clerk": ("liquor_channel.group_clerk", "liquor_member.group_service"),
    "warehouse": ("liquor_scan.group_warehouse",),
    "finance": ("liquor_channel.group_finance",),
    "controller": ("liquor_channel.group_finance",),
    "manager": (
        "liquor_channel.group_channel_manager",
        "liquor_member.group_member_manager",
        "liquor_scan.group_scan_manager",
        "liquor_member.group_executive",
    ),
}


def build(world) -> None:
    """Make the back-office users; partners of the channel and the member follow with their records."""
    env = world.env
    # no message leaves the demo: the page that sent a one-time code shows it
    env["ir.config_parameter"].set_param("liquor.outbound.on_screen", "1")
    companies = world.regional.company | world.national.company
    env.ref("base.user_admin").write({
        "name": "系统管理员",
        "password": secrets.token_urlsafe(24),
        "company_ids": [Command.set(companies.ids)],
    })
    env.ref("base.user_root").company_ids = [Command.set(companies.ids)]
    for name, groups in INTERNAL.items():
        world.users[name] = make(world, name, groups, companies)


def make(world, name: str, groups: tuple[str, ...], companies, partner=None):
    """Create one login; with ``partner`` it is that partner's."""
    login = BY_NAME[name]
    values = {
        "name": partner.name if partner else login.person,
        "login": login.name,
        "password": login.password,
        "lang": "zh_CN",
        "tz": "Asia/Shanghai",
        "company_id": world.regional.company.id,
        "company_ids": [Command.set(companies.ids)],
        "group_ids": [Command.set([world.env.ref(group).id for group in groups])],
    }
    if partner:
        values["partner_id"] = partner.id
    return world.env["res.users"].with_context(no_reset_password=True).create(values)
