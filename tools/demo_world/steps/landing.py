"""Each back-office login opens on the page of his day; the portal sends the others to theirs."""

PAGES = {
    "clerk": "liquor_channel.liquor_settlement_action",
    "warehouse": "stock.action_picking_tree_outgoing",
    "finance": "liquor_channel.liquor_payout_batch_action",
    "controller": "liquor_channel.liquor_payout_batch_action",
    "manager": "liquor_channel.flow_fact_action",
}


def build(world) -> None:
    """Set the home action of every internal demo login."""
    for name, action in PAGES.items():
        world.users[name].action_id = world.env.ref(action).id
