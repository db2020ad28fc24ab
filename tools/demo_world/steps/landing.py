"""Each back-office login opens on the page of his day; the portal sends the others to theirs.

What else a first start needs: nightly jobs that wait for the night, and pages that need not be put together first.
"""

from datetime import timedelta

from odoo.tools import mute_logger

PAGES = {
    "clerk": "liquor_channel.liquor_settlement_action",
    "warehouse": "liquor_scan.picking_action_to_ship",
    "finance": "liquor_channel.liquor_payout_batch_action",
    "controller": "liquor_channel.liquor_payout_batch_action",
    "manager": "liquor_channel.flow_fact_action",
}
# What the first page of a back-office user and of a portal user loads.
BUNDLES = {
    "web.assets_web": ("css", "js"),
    "web.assets_frontend": ("css",),
    "web.assets_frontend_minimal": ("js",),
    "web.assets_frontend_lazy": ("js",),
}


def build(world) -> None:
    """Set the home action of every internal demo login, the night of the jobs, and the files of the pages."""
    for name, action in PAGES.items():
        world.users[name].action_id = world.env.ref(action).id
    _wait_for_the_night(world)
    _put_pages_together(world)


@mute_logger("odoo.addons.base.models.assetsbundle")  # Odoo's package lacks a file of its video calls
def _put_pages_together(world) -> None:
    for name, kinds in BUNDLES.items():
        bundle = world.env["ir.qweb"]._get_asset_bundle(name, css="css" in kinds, js="js" in kinds)
        for kind in kinds:
            getattr(bundle, kind)()


def _wait_for_the_night(world) -> None:
    """Let daily jobs run at two in the morning in Shanghai, not while somebody looks around."""
    night = (world.calendar.until + timedelta(days=1)).replace(hour=18, minute=0, second=0, microsecond=0)
    world.env["ir.cron"].search([("interval_type", "=", "days")]).nextcall = night
