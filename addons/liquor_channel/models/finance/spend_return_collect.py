from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import day_bounds, today

from ...engine.common.money import ZERO, decimal, split
from ...engine.finance.baselines import Window, courses, pilot_course
from ...engine.finance.returns import PROOFS, Goods, Grant, Moved, margin_of
from ...tools.dates import in_force

GROUPS = [
    "policy_id", "expense_id", "source", "programme", "shop_id", "distributor_id", "region_id", "pilot_id",
    "pilot_group",
]  # fmt: skip
#: what was given away or drunk by ourselves was not sold
NOT_SOLD = ["tasting", "gift", "internal"]


class LiquorSpendReturn(models.Model):
    """What a return is computed from: money, programmes, shops, movements, margins; each read once, as a whole."""

    _inherit = "liquor.spend.return"

    def _collect_money(self, period):
        """Money by programme and place: {key: (earned, carried)}; the key is GROUPS without the group of a pilot.

        A pilot is named for its own policy and its own shops only, once its terms were in force.
        """
        rows = self.env["liquor.spend"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("day", ">=", period.first),
                ("day", "<=", period.last),
                ("earning_id", "!=", False),
            ],
            GROUPS,
            ["earned:sum", "carried:sum"],
        )
        found = defaultdict(lambda: (ZERO, ZERO))
        for *names, pilot, group, earned, carried in rows:
            own = group == "pilot" and pilot.policy_id == names[0] and pilot.version_id.state != "draft"
            key = (*names, pilot if own else pilot.browse())
            sums = found[key]
            found[key] = (sums[0] + decimal(earned), sums[1] + decimal(carried))
        return found

    def _spread_money(self, money, period):
        """Money at shops: a list of (key, shop partner, whether it is a part, earned, carried), in cents that sum.

        What a distributor got stands in equal parts at the shops of the action, else at all that he or those below
        him supplied in the period.
        """
        supplied, rows = self._supplied_shops(period), []
        for key, (earned, carried) in money.items():
            expense, shop, distributor = key[1], key[4], key[5]
            shops = shop or expense.shop_ids.sorted("id") or supplied.get(distributor.id) or shop
            if shop or not shops:
                rows.append((key, shop, False, earned, carried))
                continue
            weights = [1] * len(shops)
            parts = zip(shops, split(earned, weights), split(carried, weights), strict=True)
            rows += [(key, one, True, *amounts) for one, *amounts in parts]
        return rows

    def _supplied_shops(self, period):
        """Shops that a distributor, or those below him, supplied on a day of the period: {his id: partners}."""
        partners = self.env["res.partner"]
        found = defaultdict(set)
        above = self.env["liquor.channel.role"]._above(self.company_id)
        own = Domain("company_id", "=", self.company_id.id)
        for line in self.env["liquor.channel.assignment"].search(own & in_force(period.first, period.last)):
            distributor = line.distributor_id.id
            while distributor and line.terminal_id.id not in found[distributor]:
                found[distributor].add(line.terminal_id.id)
                distributor = above.get(distributor)
        return {distributor: partners.browse(sorted(shops)) for distributor, shops in found.items()}

    def _policy_days(self, policies):
        """First and last day of each policy: {policy id: (first day, last day or None)}."""
        found = {}
        for version in self.env["liquor.policy.version"].search([
            ("policy_id", "in", policies.ids),
            ("state", "!=", "draft"),
        ]):
            policy, first, last = version.policy_id.id, version.date_start, version.date_end
            if policy in found:
                first = min(first, found[policy][0])
                last = last and found[policy][1] and max(last, found[policy][1])
            found[policy] = (first, last or None)
        return found

    def _collect_courses(self, period):
        """Days and comparisons of every programme of this return, in as many queries however many shops it has.

        :return: {(policy, expense, pilot): (window, courses, why there is none)}
        """
        keys = self.env["liquor.spend.return.line"]._read_group(
            [("return_id", "=", self.id)], ["policy_id", "expense_id", "pilot_id"]
        )
        days = self._policy_days(self.env["liquor.policy"].union(*(policy for policy, *_rest in keys)))
        controls = self._controls({pilot for _policy, _expense, pilot in keys})
        return {key: self._course_of(key, period, days, controls) for key in keys}

    def _to_grants(self, lines, courses):
        """Turn lines into grants of the engine; a grant's key is the line's id."""
        return [
            Grant(
                line.id,
                line.partner_id.id or None,
                decimal(line.spend),
                *courses[line.policy_id, line.expense_id, line.pilot_id],
            )
            for line in lines
        ]

    def _course_of(self, key, period, days, controls):
        """Days on which money worked, what they may be compared with, and why with nothing."""
        policy, expense, pilot = key
        if pilot:
            course = pilot_course(period, Window(pilot.date_start, pilot.date_end), controls[pilot.id])
            return course.window, (course,), ""
        begin, end = days.get(policy.id, (None, None))
        if expense:
            begin, end = expense.date_start, expense.date_end
        window, found = courses(self.choice, period, begin, end)
        if expense and (begin < period.first or end > period.last):
            return window, (), "days_outside"
        return window, found, ""

    def _controls(self, pilots):
        lines = self.env["liquor.policy.pilot.shop"].search([
            ("pilot_id", "in", [pilot.id for pilot in pilots if pilot]),
            ("is_control", "=", True),
        ])
        found = defaultdict(set)
        for line in lines:
            found[line.pilot_id.id].add(line.partner_id.id)
        return found

    def _shop_roles(self, shops):
        """Shops by their roles: {partner id: (first day, territory of the last day, whether receipts must be scanned)}.

        Of several roles the newest says place and kind.
        """
        found = {}
        for role in self.env["liquor.channel.role"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", "terminal"),
                ("partner_id", "in", list(shops)),
                ("state", "!=", "candidate"),
            ],
            order="date_start, id",
        ):
            first = found.get(role.partner_id.id, (role.date_start,))[0]
            found[role.partner_id.id] = first, role._territory_on(self.date_to), role.terminal_kind_id.must_scan
        return found

    def _collect_moved(self, windows, roles):
        """Proven movements of these shops on the days asked for, in one query, and since when each kind is known."""
        firsts = {kind: fields.Date.to_date(day) for kind, day in (self.known_since or {}).items()}
        known = {
            (shop, kind): max(first, firsts[kind])
            for shop, (first, *_rest) in roles.items()
            for kind in PROOFS
            if kind in firsts
        }
        return Moved(self._moved_rows(windows, roles), known)

    def _first_days(self):
        """Since when each kind of proof is known in the company, once for all shops: {kind: day}."""
        facts = self.env["liquor.flow.fact"]
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT f.kind, MIN(f.business_day)::text FROM (%s) f
                        WHERE f.company_id = %s AND f.kind = ANY(%s) GROUP BY 1""",
                    facts._union(facts._sources_of(PROOFS)),
                    self.company_id.id,
                    list(PROOFS),
                )
            )
        )

    def _moved_rows(self, windows, roles):
        """Bottles by shop, kind, window and product, returns taken off (trade.md R10: who need not scan, by reports).

        What came back to a distributor was not received; what a report takes back was not sold.
        """
        facts = self.env["liquor.flow.fact"]
        kinds = (*PROOFS, "received", "returned")
        scanning = [shop for shop, (_first, _place, scans) in roles.items() if scans]
        reporting = [shop for shop in roles if shop not in set(scanning)]
        rows = self.env.execute_query(
            SQL(
                """WITH asked AS (SELECT * FROM unnest(%(firsts)s::date[], %(lasts)s::date[]) AS a (first, last)),
                        moved AS (
                       SELECT f.product_id, f.business_day, f.bottles,
                              CASE WHEN f.kind <> 'returned' THEN f.kind WHEN f.partner_id = ANY(%(scanning)s) THEN
                                   'received' WHEN f.partner_id = ANY(%(reporting)s) THEN 'sold' ELSE 'reported'
                                    END AS kind,
                              CASE WHEN f.kind = 'reported' OR (f.kind = 'returned' AND f.partner_id NOT IN (
                                        SELECT r.partner_id FROM liquor_channel_role r WHERE r.kind = 'terminal'
                                           AND r.company_id = %(company)s AND r.state <> 'candidate'))
                                   THEN f.counterparty_id ELSE f.partner_id END AS shop
                         FROM (%(facts)s) f
                        WHERE f.company_id = %(company)s AND f.kind = ANY(%(kinds)s)
                          AND (f.partner_id = ANY(%(shops)s) OR f.counterparty_id = ANY(%(shops)s))
                          AND COALESCE(f.purpose, 'normal') <> ALL(%(gifts)s)
                          AND f.business_day BETWEEN %(first)s AND %(last)s),
                        daily AS (
                       SELECT m.shop, m.kind, m.product_id, m.business_day, SUM(m.bottles) AS bottles
                         FROM moved m
                        WHERE m.shop = ANY(%(shops)s) AND (m.kind <> 'reported' OR m.shop = ANY(%(reporting)s))
                     GROUP BY 1, 2, 3, 4)
                   SELECT d.shop, d.kind, a.first, a.last, d.product_id, SUM(d.bottles)::text
                     FROM daily d JOIN asked a ON d.business_day BETWEEN a.first AND a.last
                 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5""",
                firsts=[window.first for window in windows],
                lasts=[window.last for window in windows],
                scanning=scanning,
                reporting=reporting,
                shops=list(roles),
                facts=facts._union(facts._sources_of(kinds)),
                company=self.company_id.id,
                kinds=list(kinds),
                gifts=NOT_SOLD,
                first=min((window.first for window in windows), default=self.date_from),
                last=max((window.last for window in windows), default=self.date_to),
            )
        )
        return [
            (shop, kind, first, last, product, decimal(bottles)) for shop, kind, first, last, product, bottles in rows
        ]

    # --- margins -----------------------------------------------------------------------------------------------

    def _collect_margins(self, products, roles, day):
        """Margins of one bottle: ({(shop, product): margin}, values of what was used).

        Price to the distributor of the last day, without tax as an order would book it, less cost; else what a manager
        typed for the product family.
        """
        places = self.env["liquor.territory"].union(*(place for _first, place, _scans in roles.values()))
        ladders = self.env["liquor.price.ladder"]._ladders(self.company_id, products, places, day)
        costs = self._costs(products, day)
        typed = self.env["liquor.family.margin"]._of_products(self.company_id, products, day)
        margins, used = {}, {}
        for shop, (_first, place, _scans) in roles.items():
            for product in products:
                ladder = ladders.get((product.id, place.id), self.env["liquor.price.ladder"])
                line = used.get((product, ladder))
                if line is None:
                    line = used[product, ladder] = self._prepare_margin(product, ladder, costs[product], typed)
                if line["source"] != "none":
                    margins[shop, product.id] = line["margin"]
        return margins, list(used.values())

    def _prepare_margin(self, product, ladder, cost, typed):
        price = ladder.price_factory
        if price:
            taxes = product.taxes_id.filtered_domain([("company_id", "parent_of", self.company_id.id)])
            price = taxes.compute_all(price, self.currency_id, 1.0, product=product)["total_excluded"]
        family = typed.get(product)
        source, margin = margin_of(
            decimal(price),
            decimal(cost[0]),
            decimal(family.margin) if family else None,
            self.currency_id.decimal_places,
        )
        return {
            "product_id": product.id,
            "territory_id": ladder.territory_id.id,
            "price": price,
            "cost": cost[0],
            "margin": margin,
            "source": cost[1] if source == "cost" else source,
            "note": family.source if source == "family" else None,
        }

    def _costs(self, products, day):
        """Cost price of each product and how it is known: that of the day by its native history, else today's."""
        costs = {product: (product.standard_price, "cost_today") for product in products.with_company(self.company_id)}
        if day >= today(self.company_id):
            return costs
        end = day_bounds(self.company_id, day)[1]
        dated = products.with_company(self.company_id).filtered(lambda product: product.cost_method == "standard")
        found = {}
        for row in self.env["product.value"].search(
            [
                ("product_id", "in", dated.ids),
                ("company_id", "=", self.company_id.id),
                ("move_id", "=", False),
                ("lot_id", "=", False),
            ],
            order="date, id",
        ):
            # the last one up to the end of the day; where all are later the first one, as Odoo reads its history
            if row.date < end or row.product_id not in found:
                found[row.product_id] = row.value
        return {**costs, **{product: (value, "cost") for product, value in found.items()}}

    def _collect_goods(self, product_ids, roles, day):
        """What the engine has to know of products, and the margins that it uses: (Goods, values)."""
        products = self.env["product.product"].browse(sorted(product_ids))
        margins, used = self._collect_margins(products, roles, day)
        cases = {product.id: max(product.liquor_bottles_per_case, 1) for product in products}
        return Goods(margins, cases), used
