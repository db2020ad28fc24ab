"""What the makers sell: products in bottles, with lots and cases."""

from ..plan.catalog import GS1_PREFIXES, gtin13
from .returns import cost_of

# How the trade describes the aromas.
TASTING = {
    "浓香": "窖香浓郁，绵甜甘冽，尾净余长。建议 20℃ 左右饮用，小杯慢品。",
    "酱香": "酱香突出，优雅细腻，空杯留香持久。开瓶后醒酒片刻，小杯慢品。",
    "清香": "清香纯正，醇甜柔和，余味爽净。可稍加冰镇，配清淡菜肴。",
    "兼香": "浓酱谐调，幽雅舒适，细腻丰满。配家常菜与卤味皆宜。",
}


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
        "standard_price": cost_of(item, trade.goods),
        "liquor_bottles_per_case": item.case,
        "liquor_label_facts": f"{item.strength}%vol · {item.millilitres}ml · {item.aroma}型",
        "liquor_tasting": TASTING[item.aroma],
        "weight": round(item.millilitres * 1.9 / 1000, 3),
        "uom_id": world.env.ref("uom.product_uom_unit").id,
        "description_sale": f"{item.aroma}型 {item.strength}%vol {item.millilitres}ml，每件 {item.case} 瓶",
    }
