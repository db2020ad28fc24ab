"""A maker with 300 distributors and 600 shops: parties, goods, people and accounts."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tools.bench.database import multiply, number

from odoo import Command, fields
from odoo.tests import new_test_user

DISTRIBUTORS, SHOPS = 300, 600
SHOPS_EACH = SHOPS // DISTRIBUTORS


def month_before(day: date, count: int) -> date:
    """First day of the month ``count`` months before that of ``day``."""
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


#: the month that is closed: what follows it (settling, confirming, closing) lies in the past too
MONTH = month_before(fields.Date.today(), 2)
NEXT = month_before(fields.Date.today(), 1)
LAST_DAY = NEXT - timedelta(days=1)
#: noon in Shanghai
NOON = timedelta(hours=4)


def at(day: date) -> datetime:
    """Noon of a day in Shanghai, in UTC."""
    return datetime(day.year, day.month, day.day) + NOON


@dataclass
class World:
    """Ids of what there is; distributor and shop lists are in the order of their numbers, which count from 0."""

    env: object
    company: object
    county: object
    away: object
    distributors: list[int] = field(default_factory=list)
    shops: list[int] = field(default_factory=list)
    products: dict[str, object] = field(default_factory=dict)
    users: dict[str, object] = field(default_factory=dict)
    versions: dict[str, object] = field(default_factory=dict)
    batches: dict[str, object] = field(default_factory=dict)
    tax: object = None

    def user(self, name: str, model: str, ids=()):
        """Records of ``model`` as that user sees them."""
        context = {"tracking_disable": True, "allowed_company_ids": self.company.ids}
        return self.env(user=self.users[name].id, su=False, context=context)[model].browse(ids)

    def distributor_of(self, shop: int) -> int:
        """Number of the distributor who serves the shop with that number."""
        return shop // SHOPS_EACH


def build(env) -> World:
    """Make parties, goods and people; facts come afterwards."""
    company = env.ref("base.main_company")
    county, away = env["liquor.territory"].load_divisions([("94", "East"), ("95", "West")])
    world = World(env, company, county, away)
    _people(world)
    _goods(world)
    _parties(world)
    env["liquor.account.mapping"]._ensure_accounts(company)
    return world


def _people(world: World) -> None:
    groups = {
        "clerk": "liquor_channel.group_clerk",
        "second_clerk": "liquor_channel.group_clerk",
        "finance": "liquor_channel.group_finance",
        "second_finance": "liquor_channel.group_finance",
        "third_finance": "liquor_channel.group_finance",
        "manager": "liquor_channel.group_channel_manager",
    }
    for name, group in groups.items():
        login = f"scale_{name}"
        world.users[name] = new_test_user(world.env, login, groups=group, company_id=world.company.id)


def _goods(world: World) -> None:
    """Three wines of 1,000.00 a bottle, six in a case, taxed with 13 % on top; factory price 800.00."""
    env, company = world.env, world.company
    country = company.account_fiscal_country_id or env.ref("base.cn")
    group = env["account.tax.group"].create({"name": "Thirteen", "country_id": country.id})
    account = env["account.account"].create({
        "code": "2221.SCALE", "name": "Output tax", "account_type": "liability_current"
    })  # fmt: skip
    share = [
        Command.create({"repartition_type": "base"}),
        Command.create({"repartition_type": "tax", "account_id": account.id}),
    ]
    world.tax = env["account.tax"].create({
        "name": "Thirteen",
        "amount": 13,
        "type_tax_use": "sale",
        "tax_group_id": group.id,
        "country_id": country.id,
        "price_include_override": "tax_excluded",
        "invoice_repartition_line_ids": share,
        "refund_repartition_line_ids": share,
    })
    company.account_sale_tax_id = world.tax
    for name in ("A", "B", "C"):
        product = env["product.product"].create({
            "name": f"Wine {name}",
            "default_code": f"SCALE-{name}",
            "type": "consu",
            "is_storable": True,
            "list_price": 1000.0,
            "taxes_id": [Command.set(world.tax.ids)],
            "liquor_bottles_per_case": 6,
        })
        env["liquor.price.ladder"].create({"product_id": product.id, "date_start": "2020-01-01", "price_factory": 800})
        world.products[name] = product


def _parties(world: World) -> None:
    """Multiply one distributor and one shop made through the ORM; each distributor serves two shops."""
    env, cursor = world.env, world.env.cr
    since = MONTH.replace(year=MONTH.year - 2)
    world.distributors = _many(world, "distributor", DISTRIBUTORS, since)
    world.shops = _many(world, "terminal", SHOPS, since)
    first = env["liquor.channel.assignment"].create({
        "terminal_id": world.shops[0],
        "distributor_id": world.distributors[0],
        "company_id": world.company.id,
        "date_start": since,
    })
    env.flush_all()
    number(cursor, "scale_shop", world.shops)
    number(cursor, "scale_distributor", world.distributors)
    multiply(
        cursor,
        "liquor_channel_assignment",
        first.id,
        SHOPS - 1,
        terminal_id="(SELECT id FROM scale_shop WHERE n = i + 1)",
        distributor_id=f"(SELECT id FROM scale_distributor WHERE n = i / {SHOPS_EACH} + 1)",
    )
    env.invalidate_all()


def _many(world: World, kind: str, count: int, since: date) -> list[int]:
    env, cursor = world.env, world.env.cr
    partner = env["res.partner"].create({"name": f"{kind} 0", "is_company": True})
    shop_kind = env.ref("liquor_channel.terminal_kind_tobacco_liquor")
    role = env["liquor.channel.role"].create({
        "partner_id": partner.id,
        "kind": kind,
        "terminal_kind_id": shop_kind.id if kind == "terminal" else False,
        "territory_id": world.county.id,
        "date_start": since,
        "state": "formal",
    })
    env.flush_all()
    partners = [partner.id, *multiply(cursor, "res_partner", partner.id, count - 1, name=f"'{kind} ' || i")]
    cursor.execute(
        "UPDATE res_partner SET commercial_partner_id = id, complete_name = name WHERE id = ANY(%s)", [partners]
    )
    number(cursor, f"scale_role_{kind}", partners[1:])
    multiply(
        cursor,
        "liquor_channel_role",
        role.id,
        count - 1,
        partner_id=f"(SELECT id FROM scale_role_{kind} WHERE n = i)",
    )
    env.invalidate_all()
    return partners
