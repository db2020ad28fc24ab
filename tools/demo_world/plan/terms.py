"""What the makers promise: policies with their versions, shares that distributors carry, price rungs."""

from dataclasses import dataclass, field

from . import tour


@dataclass(frozen=True, slots=True)
class Version:
    """Terms from one day to another; days are counted from the first day of the story, None = no end.

    ``terms`` are values of ``liquor.policy.version``; ``tiers`` are (from, below, rate).
    """

    first: int
    last: int | None
    terms: dict
    tiers: tuple[tuple[float, float, float], ...] = ()
    kinds: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy with its versions."""

    key: str
    name: str
    kind: str
    beneficiary: str
    nature: str
    versions: tuple[Version, ...] = field(default_factory=tuple)


def per_case(basis: str, rate: float, payable: str, **more) -> dict:
    """Return terms that pay per case."""
    return {"basis": basis, "measure": "cases", "rate_kind": "per_unit", "rate": rate, "payable": payable, **more}


def per_bottle(basis: str, rate: float, payable: str, **more) -> dict:
    """Return terms that pay per bottle."""
    return {**per_case(basis, rate, payable, **more), "measure": "bottles"}


SCANNING = ("tobacco_liquor", "restaurant", "convenience", "brand_store")
YEARLY = {
    "basis": "shipped",
    "measure": "amount",
    "rate_kind": "percent",
    "method": "retrospective",
    "period": "year",
    "payable": "available",
}
# what distributors report to have sold to kinds that do not scan is the purchase of these shops
MONTHLY_FLOW = {
    "basis": "reported",
    "measure": "cases",
    "rate_kind": "per_unit",
    "method": "progressive",
    "period": "month",
    "payable": "available",
}

REGIONAL = (
    Policy("receipt", "收货扫码奖励", "per_unit", "terminal", "reward", (
        Version(-30, 41, per_case("received", 6, "available"), kinds=SCANNING),
        Version(42, None, per_case("received", float(tour.RECEIPT_PER_CASE), "available"), kinds=SCANNING),
    )),
    Policy("display", "窖藏10 箱内码进货奖励", "per_unit", "terminal", "reward", (
        Version(-30, None, per_case("received", 15, "pending", cap_amount=6000, period="quarter"),
                products=("YQ-JC10",)),
    )),
    Policy("opening", "开瓶动销奖励", "per_unit", "terminal", "reward", (
        Version(-30, None, per_bottle("opened", float(tour.OPENING_PER_BOTTLE), "available",
                                      cap_amount=2000, period="month")),
    )),
    Policy("guide", "明星单品导购提成", "per_unit", "guide", "reward", (
        Version(0, None, per_bottle("sold", 4, "available"), products=("YQ-JC10", "YQ-JC20")),
    )),
    Policy("yearly", "经销商年度返利", "tiered", "distributor", "rebate", (
        Version(-60, None, YEARLY, tiers=((0, 300000, 2), (300000, 800000, 3), (800000, 0, 4))),
    )),
    Policy("chain", "商超与团购月度返利", "tiered", "terminal", "rebate", (
        Version(-30, None, MONTHLY_FLOW, tiers=((0, 20, 4), (20, 60, 6), (60, 0, 9)),
                kinds=("key_account", "group_buyer", "online")),
    )),
    Policy("delivery", "新酿铺市配送补贴", "per_unit", "distributor", "rebate", (
        Version(-30, None, per_case("received", float(tour.DELIVERY_PER_CASE), "available"),
                products=(tour.ITEM.code,)),
    )),
    Policy("opening_red", "夏季开门红加奖", "per_unit", "terminal", "reward", (
        Version(-30, 27, per_case("received", 5, "pending"), kinds=("tobacco_liquor",)),
    )),
    Policy("next", "明年新春备货奖励（待审）", "per_unit", "terminal", "reward", (
        Version(100, 160, per_case("received", 12, "pending"), active=False),
    )),
)  # fmt: skip
NATIONAL = (
    Policy("receipt", "进货扫码奖励", "per_unit", "terminal", "reward", (
        Version(-30, None, per_case("received", 20, "available"), kinds=SCANNING),
    )),
    Policy("opening", "开瓶奖励", "per_unit", "terminal", "reward", (
        Version(-30, None, per_bottle("opened", 6, "pending")),
    )),
    Policy("guide", "导购推荐提成", "per_unit", "guide", "reward", (
        Version(-30, None, per_bottle("sold", 8, "available")),
    )),
    Policy("yearly", "年度规模返利", "tiered", "distributor", "rebate", (
        Version(-60, None, YEARLY, tiers=((0, 500000, 3), (500000, 0, 4))),
    )),
)  # fmt: skip
# city -> share of the distributor in percent, policy or None for all; the third is sent and waits for his answer
SHARES = {tour.DISTRIBUTOR_CITY: (int(100 * tour.DISTRIBUTOR_SHARE), None), "4103": (20, "receipt"), "4113": (25, None)}
WAITING = ("4113",)
