"""Invented names of people, shops and companies."""

from collections.abc import Iterator
from random import Random

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许韩冯邓曹"
GIVEN = (
    "建国", "秀英", "志强", "丽娟", "海涛", "春梅", "俊杰", "玉兰", "国庆", "晓东", "红霞", "永刚",
    "雪梅", "振华", "彩云", "文斌", "凤琴", "立军", "佳怡", "长河", "素珍", "少华", "美玲", "宏伟",
    "金凤", "子轩", "爱民", "桂花", "一鸣", "思远",
)  # fmt: skip
LUCKY = (
    "福来", "鑫隆", "万家", "德胜", "宏运", "金樽", "聚源", "瑞丰", "同庆", "和顺", "华盛", "恒通",
    "百顺", "天合", "永兴", "嘉禾", "君悦", "锦绣", "广源", "泰和", "盛世", "兴旺", "吉祥", "裕隆",
    "顺达", "明珠", "祥瑞", "丰泽", "安康", "长青",
)  # fmt: skip
# kind of terminal (code of the suite's kinds) -> words behind the lucky name, share of the shops in percent
SHOP_KINDS = {
    "tobacco_liquor": (("烟酒商行", "名烟名酒", "烟酒店"), 45),
    "restaurant": (("大酒店", "家宴馆", "私房菜馆"), 18),
    "key_account": (("购物广场", "生活超市"), 8),
    "convenience": (("便利店", "便民超市"), 12),
    "brand_store": (("云泉专卖店", "云泉体验店"), 7),
    "group_buyer": (("商贸行", "福利采购部"), 5),
    "online": (("到家酒仓", "即时达酒铺"), 5),
}


def people(rng: Random) -> Iterator[str]:
    """Yield names of people; the same name comes back only after all others."""
    pool = [surname + given for surname in SURNAMES for given in GIVEN]
    while True:
        rng.shuffle(pool)
        yield from pool


def kinds(rng: Random, count: int) -> list[str]:
    """Return ``count`` kinds of shop in the shares above, every kind at least once, in a mixed order.

    >>> sorted(set(kinds(Random(1), 20))) == sorted(SHOP_KINDS)
    True
    """
    found: list[str] = []
    for kind, (_words, percent) in SHOP_KINDS.items():
        found += [kind] * max(1, count * percent // 100)
    found += ["tobacco_liquor"] * (count - len(found))
    found = found[:count]
    rng.shuffle(found)
    return found


def shop_names(rng: Random) -> "ShopNames":
    """Return a maker of shop names without repetition."""
    return ShopNames(rng)


class ShopNames:
    """Gives each shop a name of its own: a lucky word, what it is, and from the second round a branch number."""

    def __init__(self, rng: Random):
        self._rng = rng
        self._taken: dict[str, int] = {}

    def next(self, kind: str, street: str) -> str:
        """Return the next free name of a shop of ``kind`` in ``street`` (without its number)."""
        name = self._rng.choice(LUCKY) + self._rng.choice(SHOP_KINDS[kind][0])
        if name in self._taken:
            name = f"{name}（{street}店）"
        count = self._taken[name] = self._taken.get(name, 0) + 1
        return name if count == 1 else f"{name[:-1]}{count}号店）" if name.endswith("）") else f"{name}（{count}号店）"
