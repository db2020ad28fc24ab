"""What the makers sell: products in bottles, with lots and cases."""

from ..plan.catalog import GS1_PREFIXES, gtin13


def build(world) -> None:
    """Create both makers' products."""
    for trade, prefix in zip(world.trades, GS1_PREFIXES, strict=True):
        env = world.of_company(trade.company)
        category = env["product.category"].create({"name": trade.items[0].name.split("·")[0]})
        values = [
            _values(world, trade, item, category, gtin13(prefix, number))
            for number, item in enumerate(trade.goods, start=1)
        ]
        products = env["product.product"].create(values)
        trade.products = dict(zip([item.code for item in trade.goods], products, strict=True))


def _values(world, trade, item, category, gtin) -> dict:
    return {
        "name": item.title,
        "default_code": item.code,
        "barcode": gtin,
        "categ_id": category.id,
        "company_id": trade.company.id,
        "is_storable": True,
        "tracking": "lot",
        "list_price": item.factory,
        "liquor_bottles_per_case": item.case,
        "weight": round(item.millilitres * 1.9 / 1000, 3),
        "uom_id": world.env.ref("uom.product_uom_unit").id,
        "description_sale": f"{item.aroma}型 {item.strength}%vol {item.millilitres}ml，每件 {item.case} 瓶",
    }
