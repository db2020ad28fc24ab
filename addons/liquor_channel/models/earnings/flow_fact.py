from odoo import api, fields, models
from odoo.tools import SQL

# Column of a fact -> PostgreSQL type; a source that does not know a column leaves it out.
FACT_COLUMNS = {
    "key": "varchar",
    "kind": "varchar",
    "company_id": "int4",
    "partner_id": "int4",
    "counterparty_id": "int4",
    "product_id": "int4",
    "bottles": "numeric",
    "amount": "numeric",
    "amount_untaxed": "numeric",
    "currency_id": "int4",
    "event_time": "timestamp",
    "business_day": "date",
    "territory_id": "int4",
    "grade": "varchar",
    "purpose": "varchar",
    "source_model": "varchar",
    "source_id": "int4",
}
FACT_KINDS = [
    ("ordered", "Ordered"),
    ("shipped", "Shipped"),
    ("received", "Received"),
    ("opened", "Opened"),
    ("sold", "Sold"),
    ("reported", "Reported"),
    ("returned", "Returned"),
    ("invoiced", "Invoiced"),
    ("paid_in", "Money Received"),
]
# Most sources that may ever join; it keeps the ids of different sources apart.
MOST_SOURCES = 32
ZONE = SQL("COALESCE(zone.tz, 'Asia/Shanghai')")
# Rate by Odoo on the document's day, units of its currency for one of the company's.
ORDER_RATE = SQL("so.currency_rate")
BILL_RATE = SQL("bill.invoice_currency_rate")


def own_money(amount, rate):
    """SQL of an amount in the company's currency: policies, targets and baselines never add up two currencies."""
    return SQL("CASE WHEN COALESCE(%s, 0) IN (0, 1) THEN %s ELSE %s / %s::numeric END", rate, amount, amount, rate)


class LiquorFlowFact(models.Model):
    """One row per proven movement. Policies, grading, estimates and the match read this and nothing else.

    Returned rows carry negative bottles and amounts. Amounts are in the company's currency, at the rate of the
    document's day, and include taxes where the source knows them.
    """

    _name = "liquor.flow.fact"
    _description = "Proven Movement"
    _auto = False
    _order = "event_time desc, id desc"
    _rec_names_search = ("partner_id.name", "business_day")
    _depends = {
        "sale.order": [
            "state",
            "date_order",
            "partner_id",
            "company_id",
            "currency_rate",
            "liquor_kind",
            "liquor_territory_id",
            "liquor_grade",
        ],
        "sale.order.line": [
            "order_id",
            "product_id",
            "product_uom_qty",
            "product_uom_id",
            "price_total",
            "display_type",
        ],
        "stock.move": ["state", "date", "quantity", "sale_line_id", "product_id", "location_id", "location_dest_id"],
        "account.move": [
            "state",
            "move_type",
            "invoice_date",
            "invoice_currency_rate",
            "commercial_partner_id",
            "liquor_territory_id",
            "liquor_purpose",
        ],
        "account.move.line": [
            "quantity",
            "price_total",
            "product_id",
            "product_uom_id",
            "display_type",
            "parent_state",
        ],
        "liquor.channel.role": ["partner_id", "company_id", "kind"],
        "res.partner": ["commercial_partner_id", "tz"],
    }

    key = fields.Char(readonly=True)
    kind = fields.Selection(FACT_KINDS, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Party", readonly=True)
    counterparty_id = fields.Many2one("res.partner", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    bottles = fields.Float(digits=(16, 2), readonly=True)
    amount = fields.Monetary(readonly=True)
    amount_untaxed = fields.Monetary(string="Amount Without Tax", readonly=True, help="Empty where it is not known.")
    currency_id = fields.Many2one("res.currency", readonly=True)
    event_time = fields.Datetime(readonly=True)
    business_day = fields.Date(readonly=True)
    territory_id = fields.Many2one("liquor.territory", readonly=True)
    grade = fields.Char(readonly=True)
    purpose = fields.Char(readonly=True)
    source_model = fields.Char(readonly=True)
    source_id = fields.Many2oneReference(model_field="source_model", readonly=True)

    @api.depends("kind", "partner_id.name", "business_day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for fact in self:
            parts = (kinds.get(fact.kind), fact.partner_id.name, str(fact.business_day or ""))
            fact.display_name = " · ".join(part for part in parts if part)

    @property
    def _table_query(self):
        return self._union(enumerate(self._fact_queries()))

    @api.model
    def _fact_queries(self):
        """Sources of facts: override and append.

        :return: list of {"kinds": every kind of fact that the source can give; "columns": {column: SQL}, "from": SQL
            with FROM, JOIN and WHERE}; ``source_id`` is required, a column of FACT_COLUMNS that is missing is NULL.
            A large source may give ``over``: called with (first day, last day) it returns the same source with the
            facts of these days summed as far as they are alike, dated at the last day, their number in ``facts``.
            Where one record gives several facts, ``row`` is the SQL of a number of the fact. A source of returns
            says in ``returns_of`` which kinds they take back.
        """
        return [self._fact_orders(), self._fact_moves(), self._fact_invoices()]

    def _sources_of(self, kinds):
        """Numbered sources that give facts of these kinds.

        Returns beside another kind are those that take that kind back: what shops bring to a distributor was not sent
        back to the maker, and what he reports as returned is no scan of the shop.
        """
        asked = set(kinds)
        bases = asked - {"returned"}
        return [
            (place, source)
            for place, source in enumerate(self._fact_queries())
            if bases & set(source["kinds"])
            or ("returned" in asked & set(source["kinds"]) and (not bases or bases & set(source["returns_of"])))
        ]

    def _union(self, sources, more=()):
        return SQL(" UNION ALL ").join(self._fact_select(place, source, more) for place, source in sources)

    def _fact_select(self, place, source, more):
        given = source["columns"]
        row = source.get("row", given["source_id"])
        columns = [SQL("(%s)::int8 * %s + %s AS id", row, MOST_SOURCES, place)]
        for name, kind in FACT_COLUMNS.items():
            columns.append(SQL("(%s)::%s AS %s", given.get(name, SQL("NULL")), SQL(kind), SQL.identifier(name)))
        columns += [SQL("(%s)::int8 AS %s", given.get(name, SQL("1")), SQL.identifier(name)) for name in more]
        return SQL("(SELECT %s %s)", SQL(", ").join(columns), source["from"])

    def _fact_local_day(self, moment):
        """SQL of the company's day of a UTC ``moment``; the query joins the company's partner as ``zone``."""
        return SQL("((%s AT TIME ZONE 'UTC') AT TIME ZONE %s)::date", moment, ZONE)

    def _fact_is_distributor(self, partner, company):
        return SQL(
            """EXISTS (SELECT 1 FROM liquor_channel_role r WHERE r.partner_id = %s AND r.company_id = %s
               AND r.kind IN ('distributor', 'sub_distributor'))""",
            partner,
            company,
        )

    def _fact_orders(self):
        """Confirmed orders of distributors."""
        company, customer = SQL("so.company_id"), SQL("party.commercial_partner_id")
        return {
            "kinds": ("ordered",),
            "columns": {
                "key": SQL("'sale.order.line/' || sol.id"),
                "kind": SQL("'ordered'"),
                "company_id": company,
                "partner_id": customer,
                "product_id": SQL("sol.product_id"),
                "bottles": SQL("sol.product_uom_qty * line_uom.factor / own_uom.factor"),
                "amount": own_money(SQL("sol.price_total"), ORDER_RATE),
                "amount_untaxed": own_money(SQL("sol.price_subtotal"), ORDER_RATE),
                "currency_id": SQL("company.currency_id"),
                "event_time": SQL("so.date_order"),
                "business_day": self._fact_local_day(SQL("so.date_order")),
                "territory_id": SQL("so.liquor_territory_id"),
                "grade": SQL("so.liquor_grade"),
                "purpose": SQL("so.liquor_kind"),
                "source_model": SQL("'sale.order.line'"),
                "source_id": SQL("sol.id"),
            },
            "from": SQL(
                """FROM sale_order_line sol
                   JOIN sale_order so ON so.id = sol.order_id
                   JOIN res_partner party ON party.id = so.partner_id
                   JOIN res_company company ON company.id = so.company_id
                   JOIN res_partner zone ON zone.id = company.partner_id
                   JOIN product_product product ON product.id = sol.product_id
                   JOIN product_template template ON template.id = product.product_tmpl_id
                   JOIN uom_uom line_uom ON line_uom.id = sol.product_uom_id
                   JOIN uom_uom own_uom ON own_uom.id = template.uom_id
                   WHERE so.state = 'sale' AND sol.display_type IS NULL AND template.type = 'consu' AND %s""",
                self._fact_is_distributor(customer, company),
            ),
        }

    def _fact_moves(self):
        """Done deliveries to distributors and returns from them, valued by the price of the order line."""
        company, customer = SQL("move.company_id"), SQL("party.commercial_partner_id")
        sign = SQL("CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END")
        part = SQL("move.quantity * move_uom.factor / NULLIF(sol.product_uom_qty * line_uom.factor, 0)")
        return {
            "kinds": ("shipped", "returned"),
            "returns_of": ("ordered", "shipped"),
            "columns": {
                "key": SQL("'stock.move/' || move.id"),
                "kind": SQL("CASE WHEN target.usage = 'customer' THEN 'shipped' ELSE 'returned' END"),
                "company_id": company,
                "partner_id": customer,
                "product_id": SQL("move.product_id"),
                "bottles": SQL("%s * move.quantity * move_uom.factor / own_uom.factor", sign),
                "amount": SQL("%s * %s * %s", sign, own_money(SQL("sol.price_total"), ORDER_RATE), part),
                "amount_untaxed": SQL("%s * %s * %s", sign, own_money(SQL("sol.price_subtotal"), ORDER_RATE), part),
                "currency_id": SQL("company.currency_id"),
                "event_time": SQL("move.date"),
                "business_day": self._fact_local_day(SQL("move.date")),
                "territory_id": SQL("so.liquor_territory_id"),
                "grade": SQL("so.liquor_grade"),
                "purpose": SQL("so.liquor_kind"),
                "source_model": SQL("'stock.move'"),
                "source_id": SQL("move.id"),
            },
            "from": SQL(
                """FROM stock_move move
                   JOIN sale_order_line sol ON sol.id = move.sale_line_id
                   JOIN sale_order so ON so.id = sol.order_id
                   JOIN res_partner party ON party.id = so.partner_id
                   JOIN res_company company ON company.id = move.company_id
                   JOIN res_partner zone ON zone.id = company.partner_id
                   JOIN stock_location source ON source.id = move.location_id
                   JOIN stock_location target ON target.id = move.location_dest_id
                   JOIN product_product product ON product.id = move.product_id
                   JOIN product_template template ON template.id = product.product_tmpl_id
                   JOIN uom_uom move_uom ON move_uom.id = move.product_uom
                   JOIN uom_uom line_uom ON line_uom.id = sol.product_uom_id
                   JOIN uom_uom own_uom ON own_uom.id = template.uom_id
                   WHERE move.state = 'done' AND (source.usage = 'customer') <> (target.usage = 'customer') AND %s""",
                self._fact_is_distributor(customer, company),
            ),
        }

    def _fact_invoices(self, days=None):
        """Posted invoices and credit notes of distributors; they happen when the invoice's day begins.

        :param days: first and last day: what is alike of these days comes as one row, see ``_fact_queries``
        """
        company, customer = SQL("item.company_id"), SQL("item.commercial_partner_id")
        sign = SQL("CASE WHEN item.move_type = 'out_invoice' THEN 1 ELSE -1 END")
        return {
            "kinds": ("invoiced",),
            "over": self._fact_invoices,
            "columns": {
                "key": SQL("'account.move.line/' || item.id"),
                "kind": SQL("'invoiced'"),
                "company_id": company,
                "partner_id": customer,
                "product_id": SQL("item.product_id"),
                "bottles": SQL("%s * item.quantity * item_uom.factor / own_uom.factor", sign),
                "amount": SQL("%s * item.price_total", sign),
                "amount_untaxed": SQL("%s * item.price_subtotal", sign),
                "currency_id": SQL("company.currency_id"),
                "event_time": SQL("(item.invoice_date::timestamp AT TIME ZONE %s) AT TIME ZONE 'UTC'", ZONE),
                "business_day": SQL("item.invoice_date"),
                "territory_id": SQL("item.liquor_territory_id"),
                "purpose": SQL("item.liquor_purpose"),
                "source_model": SQL("'account.move.line'"),
                "source_id": SQL("item.id"),
                "facts": SQL("item.facts"),
            },
            "from": SQL(
                """FROM %s item
                   JOIN res_company company ON company.id = item.company_id
                   JOIN res_partner zone ON zone.id = company.partner_id
                   JOIN product_product product ON product.id = item.product_id
                   JOIN product_template template ON template.id = product.product_tmpl_id
                   JOIN uom_uom item_uom ON item_uom.id = item.product_uom_id
                   JOIN uom_uom own_uom ON own_uom.id = template.uom_id
                   WHERE template.type = 'consu' AND %s""",
                self._invoice_items(days),
                self._fact_is_distributor(customer, company),
            ),
        }

    def _invoice_items(self, days):
        """SQL of the items of posted invoices; what is alike in ``days`` summed, at the last of them."""
        alike = SQL(
            """item.product_id, item.product_uom_id, bill.company_id, bill.commercial_partner_id, bill.move_type,
               bill.liquor_territory_id, bill.liquor_purpose"""
        )
        gross, net = (own_money(SQL(f"item.{name}"), BILL_RATE) for name in ("price_total", "price_subtotal"))
        figures = SQL(
            "item.id, item.quantity, %s AS price_total, %s AS price_subtotal, bill.invoice_date, 1 AS facts", gross, net
        )
        limits = SQL()
        if days:
            # one rate a group: what is alike is summed first and brought into the company's currency once
            gross, net = (own_money(SQL(f"SUM(item.{name})"), BILL_RATE) for name in ("price_total", "price_subtotal"))
            figures = SQL(
                """MIN(item.id) AS id, SUM(item.quantity) AS quantity, %s AS price_total, %s AS price_subtotal,
                   %s::date AS invoice_date, COUNT(*) AS facts""",
                gross,
                net,
                days[1],
            )
            limits = SQL("AND bill.invoice_date BETWEEN %s AND %s GROUP BY %s, %s", *days, alike, BILL_RATE)
        return SQL(
            """(SELECT %s, %s FROM account_move_line item JOIN account_move bill ON bill.id = item.move_id
                 WHERE bill.state = 'posted' AND bill.move_type IN ('out_invoice', 'out_refund')
                   AND item.display_type = 'product' %s)""",
            alike,
            figures,
            limits,
        )

    @api.model
    def _facts(self, domain):
        """Facts as plain dicts, the shape that ``liquor.policy._earn`` takes."""
        self = self.sudo()
        query = self._search(domain, order=self._order)
        if query.is_empty():
            return []
        columns = ["id", *FACT_COLUMNS]
        rows = self.env.execute_query(query.select(*(SQL.identifier(self._table, name) for name in columns)))
        # as ``read`` says it: what is missing is False, and a number 0
        empty = [0.0 if FACT_COLUMNS.get(name) == "numeric" else False for name in columns]
        return [
            {
                name: nothing if value is None else value
                for name, value, nothing in zip(columns, row, empty, strict=True)
            }
            for row in rows
        ]
