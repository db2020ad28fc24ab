"""Reads the files of the State of Iowa's liquor wholesale as they are: texts stay texts, money is Decimal."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

STORES = "iowa/iowa_stores_2022-11.csv"
PRODUCTS = "iowa/iowa_products_2022-11.csv"
LINES = "iowa/iowa_lines_mason_city_2021-2022.csv"
RETURNS = "iowa/iowa_returns_2021-2022.csv"


@dataclass(frozen=True, slots=True)
class Store:
    """A shop that the state sells to."""

    number: str
    name: str
    active: bool
    street: str
    city: str
    zip: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the price list; ``upc`` and ``scc`` are the texts of the file."""

    number: str
    name: str
    category: str
    vendor: str
    millilitres: int
    pack: int
    upc: str
    scc: str
    cost: Decimal
    retail: Decimal


@dataclass(frozen=True, slots=True)
class Sale:
    """One order line; a return has negative bottles and dollars."""

    reference: str
    day: date
    store: str
    product: str
    bottles: int
    dollars: Decimal


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a file as texts."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def stores(folder: Path) -> list[Store]:
    """Return every store, active or not."""
    return [
        Store(
            number=row["store_number"],
            name=row["store_name"],
            active=row["status"] == "A",
            street=row["address"],
            city=row["city"],
            zip=row["zip"],
            latitude=float(row["latitude"] or 0),
            longitude=float(row["longitude"] or 0),
        )
        for row in rows(folder, STORES)
    ]


def products(folder: Path) -> list[Product]:
    """Return the price list in the order of the file."""
    return [
        Product(
            number=row["Item Number"],
            name=" ".join(row["Item Description"].split()),
            category=row["Category Name"],
            vendor=" ".join(row["Vendor Name"].split()),
            millilitres=int(row["Bottle Volume (ml)"]),
            pack=int(row["Pack"]),
            upc=row["UPC"].strip(),
            scc=row["SCC"].strip(),
            cost=Decimal(row["State Bottle Cost"]),
            retail=Decimal(row["State Bottle Retail"]),
        )
        for row in rows(folder, PRODUCTS)
    ]


def sales(folder: Path, name: str) -> list[Sale]:
    """Return the order lines of a town, or the returns of the whole state."""
    return [
        Sale(
            reference=row["invoice_item_number"],
            day=date.fromisoformat(row["date"]),
            store=row["store_number"],
            product=row["item_number"],
            bottles=int(row.get("bottles") or row["bottles_sold"]),
            dollars=Decimal(row["sale_dollars"]),
        )
        for row in rows(folder, name)
    ]


def without_known(more: list[Sale], known: list[Sale]) -> list[Sale]:
    """Return the rows of ``more`` whose reference is not in ``known``: twelve returns are in both files."""
    references = {sale.reference for sale in known}
    return [sale for sale in more if sale.reference not in references]
