from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ...engine.common.money import ZERO, decimal, quantize
from ...engine.finance.baselines import Window
from ...engine.finance.returns import Grant, Total, measure, parts_of, rate_of, ratio, windows_of

#: what is known of a line from the money alone
MONEY_COLUMNS = [
    "return_id", "company_id", "currency_id", "policy_id", "expense_id", "source", "programme", "partner_id",
    "distributor_id", "region_id", "pilot_id", "is_spread", "earned", "carried", "spend", "measured_spend",
    "sold_bottles", "baseline_bottles", "incremental_bottles", "incremental_margin", "opened_bottles",
    "received_cases", "reason",
]  # fmt: skip
#: what is measured, and the type of each column
MEASURED = {
    "id": "int4", "measured_spend": "numeric", "date_from": "date", "date_to": "date", "baseline_kind": "varchar",
    "baseline_from": "date", "baseline_to": "date", "proof": "varchar", "sold_bottles": "numeric",
    "baseline_bottles": "numeric", "incremental_bottles": "numeric", "incremental_margin": "numeric",
    "return_percent": "numeric", "opened_bottles": "numeric", "received_cases": "numeric",
    "cost_per_opened": "numeric", "cost_per_case": "numeric", "reason": "varchar", "missing": "varchar",
}  # fmt: skip
MARGIN_COLUMNS = [
    "return_id", "company_id", "currency_id", "product_id", "territory_id", "price", "cost", "margin", "source", "note"
]  # fmt: skip
#: of the totals, in the order of the engine's
SUMMED = ("spend", "measured_spend", "incremental_bottles", "incremental_margin", "opened_bottles", "received_cases")
#: shops that are measured at once: what they moved, by product and window, is held in memory
SHOPS_AT_ONCE = 2000


class Common(NamedTuple):
    """What all shops of a return are measured by, so that some of them alone give the same as all together."""

    period: Window
    courses: dict
    parts: list
    windows: list


class LiquorSpendReturn(models.Model):
    """Collect the money, measure some shops at a time, add up; at once, or by a run in a transaction each.

    What is still to measure has the reason ``waiting``, so that work that was killed goes on with what is left. The
    number of queries depends on neither programmes nor shops.
    """

    _inherit = "liquor.spend.return"

    def _compute_returns(self):
        self._begin()
        while self._measure_some(SHOPS_AT_ONCE):
            pass
        self._conclude()

    def _begin(self):
        """Store a line for the money of each programme at each shop, as of now."""
        self.ensure_one()
        self.lock_for_update()
        self.line_ids.unlink()
        self.margin_ids.unlink()
        self.env.flush_all()
        period = Window(self.date_from, self._last_day())
        self.write({
            "computed_to": period.last,
            "computed_snapshot": self.env.execute_query(SQL("SELECT pg_current_snapshot()::text"))[0][0],
            "known_since": self._first_days(),
        })
        rows = self._spread_money(self._collect_money(period), period)
        lines = [self._prepare_money(*row) for row in rows]
        self.env["liquor.spend.return.line"]._bulk_insert(MONEY_COLUMNS, lines)
        self.invalidate_recordset(["line_ids"])

    def _prepare_money(self, key, shop, is_part, earned, carried):
        policy, expense, source, programme, _shop, distributor, region, pilot = key
        reason = "waiting"
        if not shop:
            # without shop there is nothing to measure: the engine says why at once
            [found] = measure([Grant(0, None, earned - carried, None)], None, None, ())
            reason = found.reason
        return [
            *(self.id, self.company_id.id, self.currency_id.id, policy.id, expense.id, source, programme),
            *(shop.id, distributor.id, region.id, pilot.id, is_part, earned, carried, earned - carried),
            *([ZERO] * 7),
            reason,
        ]

    def _waiting_shops(self, limit=None):
        """Ids of shops that are still to measure."""
        return [
            shop
            for (shop,) in self.env.execute_query(
                SQL(
                    """SELECT DISTINCT partner_id FROM liquor_spend_return_line
                        WHERE return_id = %s AND reason = 'waiting' ORDER BY 1 LIMIT %s""",
                    self.id,
                    limit,
                )
            )
        ]

    def _measure_some(self, limit):
        """Measure the next shops, each as a whole; return how many."""
        shops = self._waiting_shops(limit)
        if shops:
            lines = self.env["liquor.spend.return.line"].search(
                [("return_id", "=", self.id), ("partner_id", "in", shops)], order="id"
            )
            self._measure_lines(lines, self._common())
        return len(shops)

    def _common(self):
        period = Window(self.date_from, self.computed_to)
        courses = self._collect_courses(period)
        every = [Grant(None, None, ZERO, *course) for course in courses.values()]
        return Common(period, courses, parts_of(every), windows_of(every))

    def _measure_lines(self, lines, common):
        grants = self._to_grants(lines, common.courses)
        controls = {shop for grant in grants for course in grant.courses for shop in course.control}
        roles = self._shop_roles(controls.union(lines.partner_id.ids))
        moved = self._collect_moved(common.windows, roles)
        goods, used = self._collect_goods(moved.products, roles, common.period.last)
        returns = measure(grants, moved, goods, common.parts)
        self._store_measured(grants, returns)
        self._store_margins(used)

    def _store_measured(self, grants, returns):
        products = self.env["product.product"].browse({one for found in returns for one in found.missing})
        names = {product.id: product.display_name for product in products}
        rows = [self._prepare_measured(*both, names) for both in zip(grants, returns, strict=True)]
        columns, (key, *others) = zip(*rows, strict=True), MEASURED
        self.env.cr.execute(
            SQL(
                """UPDATE liquor_spend_return_line line SET (%(others)s) = ROW(%(values)s)
                     FROM unnest(%(arrays)s) AS m (%(names)s) WHERE line.id = m.id""",
                others=SQL(", ").join(map(SQL.identifier, others)),
                values=SQL(", ").join(SQL.identifier("m", name) for name in others),
                names=SQL(", ").join(map(SQL.identifier, (key, *others))),
                arrays=SQL(", ").join(
                    SQL("%s::%s[]", list(own), SQL(kind)) for own, kind in zip(columns, MEASURED.values(), strict=True)
                ),
            )
        )
        self.env["liquor.spend.return.line"].invalidate_model(flush=False)

    def _prepare_measured(self, grant, found, names):
        course = None if found.reason else found.course
        sold = sum(found.sold.values(), ZERO)
        return [
            *(grant.key, found.measured),
            *(grant.window or (None, None)),
            *((course.kind, *course.baseline) if course else (None, None, None)),
            *(found.proof or None, sold, sold - found.increment, found.increment, found.margin),
            _percent(rate_of(found.margin, found.measured)),
            *(found.opened, found.received_cases),
            *(ratio(found.amount, found.opened), ratio(found.amount, found.received_cases)),
            *(found.reason or None, ", ".join(names[one] for one in found.missing) or None),
        ]

    def _store_margins(self, used):
        """Keep the margins of these shops that others have not used before."""
        head = (self.id, self.company_id.id, self.currency_id.id)
        known = {(one.product_id.id, one.territory_id.id) for one in self.margin_ids}
        rows = [
            (*head, *(values[name] for name in MARGIN_COLUMNS[3:]))
            for values in used
            if (values["product_id"], values["territory_id"]) not in known
        ]
        self.env["liquor.spend.return.margin"]._bulk_insert(MARGIN_COLUMNS, rows)
        self.invalidate_recordset(["margin_ids"])

    def _conclude(self):
        """Add up; what a run has computed beside takes the place of what stood there."""
        [sums] = self.env["liquor.spend.return.line"]._read_group(
            [("return_id", "=", self.id)], [], [f"{name}:sum" for name in SUMMED]
        )
        self.write(self._prepare_totals(Total(*(decimal(one or 0) for one in sums))))
        if self.computed_for_id:
            self._hand_over(self.computed_for_id)

    def _prepare_totals(self, whole):
        return {
            "state": "done",
            "computed_at": self.env.cr.now().replace(microsecond=0),
            "computed_by_id": self.env.uid,
            "spend": float(whole.amount),
            "measured_spend": float(whole.measured),
            "incremental_bottles": float(whole.increment),
            "incremental_margin": float(whole.margin),
            "return_percent": float(_percent(whole.rate) or 0),
            "opened_bottles": float(whole.opened),
            "received_cases": float(whole.received_cases),
            "cost_per_opened": float(whole.per_opened or 0),
            "cost_per_case": float(whole.per_case or 0),
        }


def _percent(rate):
    return None if rate is None else quantize(rate * 100)
