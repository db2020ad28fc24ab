"""What distributors ask money for: each expense, how far it has come this morning and how it is paid."""

from dataclasses import dataclass

#: the way of an expense; ``refused`` and ``expired`` leave it after ``applied`` and ``executing``
WAY = ("draft", "applied", "approved", "executing", "claimed", "checked", "paying", "paid")


@dataclass(frozen=True, slots=True)
class Expense:
    """One expense. ``city`` counts the maker's cities, ``ago`` the days since it was applied for.

    Its steps follow one another every ``pace`` days; ``days`` is how long the action lasts. ``late`` tells that it is
    paid this morning, so that it still waits for the order that carries it.
    """

    title: str
    kind: str
    amount: int
    method: str
    reached: str
    ago: int
    city: int = 0
    pace: int = 3
    days: int = 7
    late: bool = False

    def goes_to(self, step: str) -> bool:
        """Tell whether it comes as far as ``step``.

        >>> Expense("", "display", 1, "payment", "claimed", 9).goes_to("executing")
        True
        >>> Expense("", "display", 1, "payment", "refused", 9).goes_to("approved")
        False
        >>> Expense("", "display", 1, "payment", "expired", 9).goes_to("approved")
        True
        """
        furthest = {"refused": "applied", "expired": "approved"}.get(self.reached, self.reached)
        return WAY.index(step) <= WAY.index(furthest)


REGIONAL = (
    Expense("门头店主陈列（两月）", "display", 6000, "rebate_account", "paid", 72, city=2),
    Expense("旧店招更换", "signboard", 4000, "payment", "expired", 80, city=2, days=1),
    Expense("烟酒店品鉴会两场", "tasting", 9000, "payment", "paid", 60, city=1, pace=4),
    Expense("门店直营陈列费", "display", 800, "wallet", "paid", 50),
    Expense("社区陈列二十家", "display", 10000, "rebate_account", "refused", 44, city=1),
    Expense("商超堆头陈列", "display", 4800, "discount", "paid", 42, city=2),
    Expense("回厂游接待用酒", "banquet", 12000, "goods", "paid", 39, city=2),
    Expense("门头翻新", "signboard", 6500, "payment", "executing", 36, pace=2),
    Expense("社区品鉴会", "tasting", 7200, "payment", "checked", 33),
    Expense("企业团购让利", "group", 8600, "discount", "paying", 27, city=1, late=True),
    Expense("婚宴季用酒支持", "banquet", 11000, "goods", "paying", 25, city=1, late=True),
    Expense("婚宴季宴席支持", "banquet", 12000, "rebate_account", "claimed", 24),
    Expense("商超促销员三名", "promoter", 7200, "payment", "executing", 16, days=14),
    Expense("国道单立柱广告", "signboard", 15000, "payment", "claimed", 15, city=1),
    Expense("节日搭赠活动", "bundle", 5600, "rebate_account", "approved", 8, city=2),
    Expense("新品铺市陈列", "display", 4500, "rebate_account", "applied", 3),
    Expense("明年春节陈列（草拟）", "display", 9000, "rebate_account", "draft", 1),
)
NATIONAL = (
    Expense("品牌馆陈列", "display", 16000, "rebate_account", "paid", 66),
    Expense("澜庭品鉴晚宴", "tasting", 22000, "payment", "paid", 48, pace=4),
    Expense("星级酒店宴席支持", "banquet", 18000, "payment", "claimed", 22),
    Expense("机场灯箱广告", "signboard", 36000, "payment", "executing", 14, days=20),
    Expense("烟酒店陈列三十家", "display", 20000, "rebate_account", "refused", 40),
    Expense("商超促销员", "promoter", 9600, "payment", "applied", 4),
)
