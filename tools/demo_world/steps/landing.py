"""Each back-office login opens on the page of his day; the portal sends the others to theirs.

What else a first start needs: nightly jobs that wait for the night, and pages that need not be put together first.
"""

from datetime import timedelta

PAGES = {
    "clerk": "liquor_channel.liquor_settlement_action",
    "warehouse": "stock.action_picking_tree_outgoing",
    "finance": "liquor_channel.liquor_payout_batch_action",
    "controller": "liquor_channel.liquor_payout_batch_action",
    "manager": "liquor_channel.flow_fact_action",
}


def build(world) -> None:
    """Set the home action of every internal demo login, the night of the jobs, and the files of the pages."""
    for name, action in PAGES.items():
        world.users[name].action_id = world.env.ref(action).id
    _wait_for_the_night(world)
    world.env["ir.qweb"]._pregenerate_assets_bundles()


def _wait_for_the_night(world) -> None:
    """Let daily jobs run at two in the morning in Shanghai, not while somebody looks around."""
    night = (world.calendar.until + timedelta(days=1)).replace(hour=18, minute=0, second=0, microsecond=0)
    world.env["ir.cron"].search([("interval_type", "=", "days")]).nextcall = night
