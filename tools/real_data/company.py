"""A brand company of its own in US dollars, the state as its distributor, the stores as terminals."""

from datetime import date, timedelta

from odoo.fields import Command

from .sources import Store

STATE = "State of Iowa, Alcoholic Beverages Division"
FIRST_DAY, LAST_DAY = date(2021, 1, 1), date(2022, 12, 31)
REPORT_DAY = date(2022, 11, 1)
KNOWN_SINCE = date(2020, 1, 1)


def make_company(env):
    """Create the company with its chart of accounts and our part of it; return an environment that works for it."""
    usd = env.ref("base.USD")
    usd.active = True
    company = env["res.company"].create({
        "name": "Brand owner in Iowa",
        "country_id": env.ref("base.us").id,
        "currency_id": usd.id,
    })
    company.partner_id.tz = "America/Chicago"
    env.user.company_ids = [Command.link(company.id)]
    env = env(context={**env.context, "allowed_company_ids": [company.id]})
    env.cr.commit()  # Odoo loads a new company's chart of accounts when the transaction ends
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
    env["liquor.account.mapping"]._ensure_accounts(company)
    return env, company


def make_users(env, company) -> dict:
    """Create two people of finance: who prepares and who approves are never the same."""
    groups = [env.ref("liquor_channel.group_finance").id, env.ref("liquor_channel.group_channel_manager").id]
    users = env["res.users"].with_context(no_reset_password=True)
    return {
        name: users.create({
            "name": name,
            "login": f"real-{name}",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set(groups)],
        })
        for name in ("author", "approver")
    }


def make_partners(env, company, stores: list[Store]):
    """Create the distributor and every store with its role and supplier.

    :return: (distributor, {store number: partner})
    """
    country, region = env.ref("base.us").id, env.ref("base.state_us_16").id
    partners = env["res.partner"].create([
        {"name": STATE, "ref": "IOWA", "is_company": True, "country_id": country, "company_id": company.id},
        *(_partner_values(store, company, country, region) for store in stores),
    ])
    distributor = partners[0]
    by_number = {store.number: partner for store, partner in zip(stores, partners[1:], strict=True)}
    env["liquor.channel.role"].create([
        {**_role(company, distributor), "kind": "distributor", "state": "formal"},
        *(_store_role(env, company, store, by_number[store.number]) for store in stores),
    ])
    env["liquor.channel.assignment"].create([
        {
            "terminal_id": partner.id,
            "distributor_id": distributor.id,
            "company_id": company.id,
            "date_start": KNOWN_SINCE,
        }
        for partner in by_number.values()
    ])
    return distributor, by_number


def _partner_values(store: Store, company, country: int, region: int) -> dict:
    return {
        "name": store.name,
        "ref": store.number,
        "is_company": True,
        "street": store.street,
        "city": store.city,
        "zip": store.zip,
        "state_id": region,
        "country_id": country,
        "partner_latitude": store.latitude,
        "partner_longitude": store.longitude,
        "company_id": company.id,
    }


def _role(company, partner) -> dict:
    return {"partner_id": partner.id, "company_id": company.id, "date_start": KNOWN_SINCE, "user_id": False}


def _store_role(env, company, store: Store, partner) -> dict:
    """Return a store's role; an inactive one ended on the day before the state's list."""
    values = {
        **_role(company, partner),
        "kind": "terminal",
        # nobody scans there: figures come from the state's reports
        "terminal_kind_id": env.ref("liquor_channel.terminal_kind_key_account").id,
        "state": "formal",
    }
    if not store.active:
        values |= {"state": "ended", "date_end": REPORT_DAY - timedelta(days=1)}
    return values
