"""OCA's ``agreement_rebate``: rebate settlements from the customer invoices of a period."""

from datetime import date


def agreement_values(env, partner, product_ids: list[int], tiers: list[tuple[float, float, float]]) -> dict:
    """Return the values of a tiered agreement of one partner.

    :param tiers: (from, to, percent) of each tier
    """
    kind = env["agreement.type"].create({"name": "Rebate", "domain": "sale", "is_rebate": True})
    return {
        "name": "Rebate",
        "code": "REBATE",
        "domain": "sale",
        "partner_id": partner.id,
        "agreement_type_id": kind.id,
        "start_date": "2020-01-01",
        "rebate_type": "section_prorated",
        "rebate_line_ids": [
            (0, 0, {"rebate_target": "product", "rebate_product_ids": [(6, 0, [product_id])]})
            for product_id in product_ids
        ],
        "rebate_section_ids": [
            (0, 0, {"amount_from": low, "amount_to": high, "rebate_discount": percent}) for low, high, percent in tiers
        ],
    }


def settle(env, day_from: date, day_to: date):
    """Settle every agreement for the period and return the settlements."""
    wizard = env["agreement.settlement.create.wiz"].create({
        "date": day_to,
        "date_from": day_from,
        "date_to": day_to,
        "domain": "sale",
    })
    before = env["agreement.rebate.settlement"].search([])
    wizard.action_create_settlement()
    env.flush_all()
    return env["agreement.rebate.settlement"].search([]) - before
