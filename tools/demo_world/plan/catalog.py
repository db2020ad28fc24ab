"""Invented brands and their products in real product forms, with a price ladder."""

from dataclasses import dataclass

# GS1 company prefixes of the two makers. 952 is GS1's prefix for demonstrations: no such number is on real goods.
GS1_PREFIXES = ("952000000", "952000001")


@dataclass(frozen=True, slots=True)
class Item:
    """One product: ``case`` bottles in a case, prices of one bottle in CNY including tax."""

    code: str
    name: str
    strength: int
    aroma: str
    millilitres: int
    case: int
    factory: int
    terminal: int
    group: int
    retail: int
    market: int
    weight: int

    @property
    def title(self) -> str:
        """Return the name as price lists write it.

        >>> REGIONAL[0].title
        '云泉·窖藏10 53%vol 500ml 1*6'
        """
        return f"{self.name} {self.strength}%vol {self.millilitres}ml 1*{self.case}"


REGIONAL = (
    Item("YQ-JC10", "云泉·窖藏10", 53, "浓香", 500, 6, 158, 198, 228, 288, 192, 5),
    Item("YQ-JC20", "云泉·窖藏20", 53, "浓香", 500, 4, 318, 388, 438, 558, 380, 2),
    Item("YQ-QC", "云泉·青瓷", 46, "兼香", 500, 6, 88, 108, 118, 158, 105, 4),
    Item("YQ-XT", "云泉·小坛", 42, "清香", 375, 6, 46, 58, 62, 88, 56, 3),
)
NATIONAL = (
    Item("LT-JX", "澜庭·鉴心", 53, "酱香", 500, 6, 468, 568, 638, 799, 590, 3),
    Item("LT-DC", "澜庭·典藏", 53, "酱香", 500, 4, 868, 1058, 1180, 1499, 1090, 1),
    Item("LT-YJ", "澜庭·雅集", 50, "酱香", 375, 6, 198, 248, 268, 358, 240, 2),
)


def gtin13(prefix: str, position: int) -> str:
    """Return the GTIN-13 of the n-th product of the maker who has the company prefix.

    >>> gtin13(GS1_PREFIXES[0], 1)
    '9520000000011'
    """
    body = f"{prefix}{position:0{12 - len(prefix)}d}"
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body))
    return f"{body}{-total % 10}"
