"""Records that several benches start from."""

from odoo.addons.liquor_scan.engine.codes import bulk


def product(env, name: str = "彩陶坊 500ml"):
    """Return a storable product packed six to a case."""
    values = {"name": name, "type": "consu", "is_storable": True, "list_price": 499, "sale_ok": True}
    return env["product.product"].create(values)


def supplier(env):
    """Return a printer."""
    return env["res.partner"].create({"name": "印刷厂", "is_company": True})


def active_batch(env, bottles: int):
    """Return a batch of active codes, made and activated by the suite's own services."""
    return active_batches(env, bottles)[:1]


def active_batches(env, bottles: int):
    """Return the batches of one print order, all their codes active."""
    order = env["liquor.print.order"].create({
        "supplier_id": supplier(env).id,
        "product_id": product(env).id,
        "quantity": bottles,
        "over_issue": 0,
    })
    order.action_issue()
    for batch in order.batch_ids:
        env["liquor.code.range"]._book(batch, "active", 0, batch.bottles - 1)
    return order.batch_ids


def codes_of(batch, count: int, kind: str) -> list[str]:
    """Return the first ``count`` codes of a kind of a batch."""
    key = batch.env["liquor.code.key"]._code_book().batch_key(kind, batch.number, batch.key_id.version)
    text = b"".join(piece.tobytes() for piece in bulk.lines(key, kind, batch.number, 0, count)).decode()
    return text.split()


def active_codes(env, count: int, kind: str) -> list[str]:
    """Return active codes of a fresh batch."""
    return codes_of(active_batch(env, count), count, kind)
