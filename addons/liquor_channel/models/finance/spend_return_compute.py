from odoo import models

from ...engine.common.money import ZERO, quantize
from ...engine.finance.baselines import Window
from ...engine.finance.returns import measure, rate_of, ratio, total

LINE_COLUMNS = [
    "return_id", "company_id", "currency_id", "policy_id", "expense_id", "source", "programme", "partner_id",
    "distributor_id", "region_id", "pilot_id", "is_spread", "earned", "carried", "spend", "measured_spend",
    "date_from", "date_to", "baseline_kind", "baseline_from", "baseline_to", "proof", "sold_bottles",
    "baseline_bottles", "incremental_bottles", "incremental_margin", "return_percent", "opened_bottles",
    "received_cases", "cost_per_opened", "cost_per_case", "reason", "missing",
]  # fmt: skip
MARGIN_COLUMNS = [
    "return_id", "company_id", "currency_id", "product_id", "territory_id", "price", "cost", "margin", "source", "note"
]  # fmt: skip


class LiquorSpendReturn(models.Model):
    """Collect, measure, store: the same number of queries for one shop and for many."""

    _inherit = "liquor.spend.return"

    def _compute_returns(self):
        self.ensure_one()
        self.lock_for_update()
        self.line_ids.unlink()
        self.margin_ids.unlink()
        self.env.flush_all()
        period = Window(self.date_from, self._last_day())
        rows = self._spread_money(self._collect_money(period), period)
        grants = self._to_grants(rows, period)
        shops = {shop.id for _key, shop, *_rest in rows if shop}
        shops |= {shop for grant in grants for course in grant.courses for shop in course.control}
        roles = self._shop_roles(shops)
        moved = self._collect_moved(grants, roles)
        goods, used = self._collect_goods(moved.products, roles, period.last)
        returns = measure(grants, moved, goods)
        self._store_lines(rows, grants, returns)
        self._store_margins(used)
        self._store_totals(total(returns), period)

    def _store_lines(self, rows, grants, returns):
        products = self.env["product.product"].browse({one for found in returns for one in found.missing})
        names = {product.id: product.display_name for product in products}
        self.env["liquor.spend.return.line"]._bulk_insert(
            LINE_COLUMNS,
            [self._prepare_line(*facts, names) for facts in zip(rows, grants, returns, strict=True)],
        )
        self.invalidate_recordset(["line_ids"])

    def _prepare_line(self, row, grant, found, names):
        key, shop, is_part, earned, carried = row
        policy, expense, source, programme, _shop, distributor, region, pilot = key
        course = None if found.reason else found.course
        sold = sum(found.sold.values(), ZERO)
        return [
            *(self.id, self.company_id.id, self.currency_id.id, policy.id, expense.id, source, programme),
            *(shop.id, distributor.id, region.id, pilot.id, is_part, earned, carried, found.amount, found.measured),
            *(grant.window or (None, None)),
            *((course.kind, *course.baseline) if course else (None, None, None)),
            *(found.proof or None, sold, sold - found.increment, found.increment, found.margin),
            _percent(rate_of(found.margin, found.measured)),
            *(found.opened, found.received_cases),
            *(ratio(found.amount, found.opened), ratio(found.amount, found.received_cases)),
            *(found.reason or None, ", ".join(names[one] for one in found.missing) or None),
        ]

    def _store_margins(self, used):
        head = (self.id, self.company_id.id, self.currency_id.id)
        rows = [(*head, *(values[name] for name in MARGIN_COLUMNS[3:])) for values in used]
        self.env["liquor.spend.return.margin"]._bulk_insert(MARGIN_COLUMNS, rows)
        self.invalidate_recordset(["margin_ids"])

    def _store_totals(self, whole, period):
        self.write({
            "state": "done",
            "computed_at": self.env.cr.now().replace(microsecond=0),
            "computed_by_id": self.env.uid,
            "computed_to": period.last,
            "spend": float(whole.amount),
            "measured_spend": float(whole.measured),
            "incremental_bottles": float(whole.increment),
            "incremental_margin": float(whole.margin),
            "return_percent": float(_percent(whole.rate) or 0),
            "opened_bottles": float(whole.opened),
            "received_cases": float(whole.received_cases),
            "cost_per_opened": float(whole.per_opened or 0),
            "cost_per_case": float(whole.per_case or 0),
        })


def _percent(rate):
    return None if rate is None else quantize(rate * 100)
