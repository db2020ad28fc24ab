"""The price list as products: bottles with their bar codes, cases as units with theirs."""

from .barcodes import Judged
from .sources import Product


def make_products(env, company, products: list[Product], judged: Judged) -> dict:
    """Create every product of the list; return {item number: product}."""
    categories = _categories(env, products)
    values = [
        {
            "name": item.name,
            "default_code": item.number,
            "barcode": judged.bottles.get(item.number),
            "categ_id": categories[item.vendor],
            "company_id": company.id,
            "is_storable": True,
            "list_price": float(item.retail),
            "standard_price": float(item.cost),
            "liquor_bottles_per_case": max(item.pack, 1),
        }
        for item in products
    ]
    records = env["product.product"].create(values)
    found = {item.number: record for item, record in zip(products, records, strict=True)}
    _case_codes(env, products, judged, found)
    return found


def _categories(env, products: list[Product]) -> dict[str, int]:
    vendors = sorted({item.vendor for item in products})
    records = env["product.category"].create([{"name": vendor} for vendor in vendors])
    return dict(zip(vendors, records.ids, strict=True))


def _case_codes(env, products: list[Product], judged: Judged, found: dict) -> None:
    """Give each case code to its product as the bar code of the case."""
    bottle = env.ref("uom.product_uom_unit")
    packs = sorted({item.pack for item in products if item.number in judged.cases and item.pack > 1})
    units = env["uom.uom"].create([
        {"name": f"Case of {pack}", "relative_factor": pack, "relative_uom_id": bottle.id} for pack in packs
    ])
    unit_of = dict(zip(packs, units.ids, strict=True))
    env["product.uom"].create([
        {"product_id": found[item.number].id, "uom_id": unit_of[item.pack], "barcode": judged.cases[item.number]}
        for item in products
        if item.number in judged.cases and item.pack in unit_of
    ])
