"""Short labels of what scan events carry, as lists and groups name it; reasons.py has the sentence for who scanned."""

from odoo.addons.liquor_channel.models.partners.sale_order import ORDER_KINDS

EVENT_REASONS = [
    ("not_activated", "Code Not Activated"),
    ("not_shipped", "Shipment Not Reported"),
    ("other_distributor", "Goods of Another Distributor"),
    ("outside_shop", "Too Far from the Shop"),
    ("suspended", "Account Suspended"),
    ("registration", "Registration Under Check"),
    ("transfer_waits", "Transfer Awaits Consent"),
    ("sent_to_another_shop", "Sent to Another Shop"),
    ("part_elsewhere", "A Part Is Elsewhere"),
    ("out_of_order", "Something Later Is Known"),
    ("not_returned", "Nobody Returned It"),
    ("objected", "Holder Objected"),
]
PURPOSES = [*ORDER_KINDS, ("object", "Objection")]
