"""The two makers with their logos, accounts, taxes and warehouses."""

import base64
from pathlib import Path

from ..plan.catalog import GS1_PREFIXES

NAMES = ("云泉酒业有限公司", "澜庭酒业集团有限公司")
STREETS = ("酿酒路1号", "窖池大道8号")
LOGOS = ("yunquan", "lanting")
LOGO_FOLDER = Path(__file__).resolve().parents[1] / "logos"
# numbers nobody has: the code page and the stop page of a recall offer to call the maker
PHONES = ("400-000-0001", "400-000-0002")
CITIES = ("洛阳市", "郑州市")
WAREHOUSES = (("云泉成品库", "YQ"), ("澜庭成品库", "LT"))


def build(world) -> None:
    """Name the first company, make the second one and give both the Chinese chart."""
    env = world.env
    national = world.national
    national.company = env["res.company"].create({
        "name": NAMES[1],
        "country_id": env.ref("base.cn").id,
        "currency_id": env.ref("base.CNY").id,
    })
    env["account.chart.template"].try_loading("cn", company=national.company, install_demo=False)
    for position, trade in enumerate(world.trades):
        _name(world, trade.company, position)
        _warehouse(world, trade.company, position)


def _name(world, company, position: int) -> None:
    """Give a company its name and address, and its bank journal the name of a bank that does not exist."""
    province = world.env.ref("base.state_cn_HA", raise_if_not_found=False)
    company.write({
        "name": NAMES[position],
        "street": STREETS[position],
        "phone": PHONES[position],
        "city": CITIES[position],
        "logo": base64.b64encode((LOGO_FOLDER / f"{LOGOS[position]}.png").read_bytes()),
        "liquor_gs1_prefix": GS1_PREFIXES[position],
        "state_id": province.id if province else False,
        # no message leaves the demo, and no dialog asks for one
        "stock_move_email_validation": False,
        "stock_text_confirmation": False,
    })
    company.partner_id.write({"lang": "zh_CN", "tz": "Asia/Shanghai"})
    journals = world.of_company(company)["account.journal"]
    journals.search([("company_id", "=", company.id), ("type", "=", "bank")], limit=1).name = "云城银行基本户"


def _warehouse(world, company, position: int) -> None:
    """Name the company's warehouse; a company that was added has none yet."""
    name, code = WAREHOUSES[position]
    warehouses = world.of_company(company)["stock.warehouse"]
    found = warehouses.search([("company_id", "=", company.id)], limit=1)
    if found:
        found.write({"name": name, "code": code})
    else:
        warehouses.create({"name": name, "code": code, "company_id": company.id})
