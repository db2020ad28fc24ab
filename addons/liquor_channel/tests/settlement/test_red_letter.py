"""Red letters: which invoices carry a credit note, the 72 hours, the number (trade.md R6)."""

import doctest
from datetime import timedelta
from decimal import Decimal

from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...engine.settlement import goods, payout_bill, red_letter
from ..accounts.test_examples import ExampleCase


def test_worked_examples():
    for module in (red_letter, goods, payout_bill):
        result = doctest.testmod(module)
        assert result.attempted and not result.failed


money = st.integers(0, 10**7).map(lambda cents: Decimal(cents) / 100)


@given(money, st.lists(st.tuples(st.sampled_from([Decimal(13), Decimal(9)]), money, money, st.booleans()), max_size=12))
def test_never_more_than_is_left_and_all_is_told(amount, rows):
    invoices = [
        red_letter.BlueInvoice(number, rate, max(total, left), left, used)
        for number, (rate, total, left, used) in enumerate(rows)
    ]
    found = red_letter.allocate(amount, Decimal(13), invoices)
    assert sum((part for _number, part, _code in found.parts), Decimal(0)) + found.missing == amount
    for number, part, _code in found.parts:
        invoice = invoices[number]
        assert invoice.rate == 13 and part <= invoice.left and (invoice.used or part == invoice.total)


codes = st.sampled_from([None, "1" * 19, "2" * 19])


@given(money, codes, st.lists(st.tuples(codes, money, money), max_size=12))
def test_never_against_other_goods_nor_more_than_the_invoice_has_left(amount, asked, rows):
    """Two groups of goods an invoice, which share what the invoice has left (pool)."""
    invoices = [
        red_letter.BlueInvoice(number // 2, Decimal(13), pool + 1, left, True, code, pool)
        for number, (code, left, pool) in enumerate(rows)
    ]
    found = red_letter.allocate(amount, Decimal(13), invoices, asked)
    assert sum((part for _number, part, _code in found.parts), Decimal(0)) + found.missing == amount
    assert all(code in (None, asked) for _number, _part, code in found.parts) or asked is None
    for invoice in {number for number, _part, _code in found.parts}:
        taken = sum(part for number, part, _code in found.parts if number == invoice)
        assert taken <= max(row.pool for row in invoices if row.id == invoice)
    known = [code is not None for _number, _part, code in found.parts]
    assert asked is None or known == sorted(known, reverse=True)


@given(st.dictionaries(codes, st.integers(1, 10**6).map(Decimal), min_size=1), st.data())
def test_what_is_open_and_what_was_taken_is_the_note(wanted, data):
    """Also where rows were made while codes were not compared: nothing is asked twice."""
    rate, net = Decimal(13), sum(wanted.values())
    taken, left = {}, net
    for code in data.draw(st.lists(codes, unique=True)):
        taken[rate, code] = data.draw(st.integers(0, int(left)).map(Decimal))
        left -= taken[rate, code]
    rest = red_letter.still_open({(rate, code): part for code, part in wanted.items()}, taken)
    assert sum(rest.values()) == left


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestRedLetters(ExampleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.queue = cls.env["liquor.red.allocation"]

    def note(self, amount=20000):
        self.book(self.distributor, amount, "distributor")
        return self.settle_and_post(method="credit_note").move_ids

    def test_spread_over_used_invoices_oldest_first(self):
        first = self.sell(12000, invoice_date="2026-03-01", liquor_buyer_use="used")
        unused = self.sell(90000, invoice_date="2026-03-02")
        last = self.sell(30000, invoice_date="2026-03-03", liquor_buyer_use="used")
        rows = self.note().liquor_red_ids.sorted("id")
        self.assertEqual(rows.mapped(lambda row: (row.invoice_id, row.amount, row.amount_tax)),
                         [(first, 12000, 1560), (last, 8000, 1040)])  # fmt: skip
        self.assertEqual((first.liquor_red_amount, unused.liquor_red_amount, last.liquor_red_amount), (12000, 0, 8000))
        # the next note finds 22,000 on the last one
        self.assertEqual(self.queue._blue(rows.note_id, Decimal(13))[-1].left, 90000)

    def test_capacity_is_taken_once(self):
        invoice = self.sell(10000, liquor_buyer_use="used")
        self.assertTrue(invoice._liquor_take_red(7000))
        self.assertFalse(invoice._liquor_take_red(3000.01))
        self.assertTrue(invoice._liquor_take_red(3000))
        self.assertTrue(invoice._liquor_take_red(-10000))

    def test_form_confirmed_and_issued(self):
        self.sell(50000, liquor_buyer_use="used")
        row = self.note().liquor_red_ids.with_user(self.finance)
        with self.assertRaises(UserError):
            row.action_send()
        row.form_number = "3201262600000001"
        row.action_send()
        self.assertEqual(row.deadline, fields.Datetime.now() + timedelta(hours=72))
        domain = self.queue._portal_domain(self.distributor_user)
        self.assertEqual(self.queue.sudo().search_count(domain), 1)
        row.action_confirm()
        row.red_number = "123"
        with self.assertRaises(UserError):
            row.action_issue()
        row.red_number = "2632 2000 0000 1234 5678"
        row.action_issue()
        self.assertEqual((row.state, row.red_number), ("issued", "26322000000012345678"))
        with self.assertRaises(UserError):
            row.action_drop()

    def test_a_lapsed_form_returns_to_the_queue(self):
        self.sell(50000, liquor_buyer_use="used")
        row = self.note().liquor_red_ids.with_user(self.finance)
        row.form_number = "3201262600000001"
        row.action_send()
        with freeze_time("2026-04-03 04:00:01"):
            with self.assertRaises(UserError):
                row.action_confirm()
            self.assertEqual(self.queue._lapse(), 1)
        self.assertEqual((row.state, row.form_number, row.lapse_count), ("waiting", False, 1))

    def test_reversal_gives_the_capacity_back(self):
        invoice = self.sell(50000, liquor_buyer_use="used")
        note = self.note()
        self.assertEqual(invoice.liquor_red_amount, 20000)
        note.liquor_settlement_id.with_user(self.finance).action_reverse()
        self.assertEqual((invoice.liquor_red_amount, note.liquor_red_ids.state), (0, "dropped"))

    def test_rights_and_numbers(self):
        self.sell(50000, liquor_buyer_use="used")
        row = self.note().liquor_red_ids
        with self.assertRaises(AccessError):
            row.with_user(self.clerk).action_send()
        with self.assertRaises(AccessError):
            row.with_user(self.finance).write({"amount": 1})
        with self.assertRaises(ValidationError):
            row.invoice_id.liquor_fapiao_number = "12345678"


#: forms only: which codes there are is the tax office's list
BAIJIU, WINE = "1000000000000000001", "1000000000000000002"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestGoodsCodes(ExampleCase):
    """A red letter has the rate and goods code of its blue invoice (trade.md R6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.queue = cls.env["liquor.red.allocation"]
        cellar = cls.env["product.category"].create({"name": "Cellar", "liquor_goods_code": WINE})
        cls.wine = cls.env["product.product"].create({
            "name": "Red", "categ_id": cls.env["product.category"].create({"name": "Red", "parent_id": cellar.id}).id
        })  # fmt: skip
        cls.baijiu = cls.env["product.product"].create({
            "name": "Clear",
            "liquor_goods_code": f" {BAIJIU[:9]} {BAIJIU[9:]}",
        })
        cls.finance.group_ids += cls.env.ref("account.group_account_manager")

    def sell_goods(self, *goods, **values):
        lines = [
            Command.create({
                "product_id": product.id if product else False, "name": "goods", "quantity": 1, "price_unit": amount,
                "tax_ids": [Command.set(self.tax.ids)],
            })
            for product, amount in goods
        ]  # fmt: skip
        return self.sell(0, invoice_line_ids=lines, **{"liquor_buyer_use": "used", **values})

    def note(self, *earned):
        for product, amount in earned:
            self.book(self.distributor, amount, "distributor", product_id=product.id if product else False)
        return self.settle_and_post(method="credit_note").move_ids

    def rows(self, note):
        return note.liquor_red_ids.sorted("id").mapped(lambda row: (row.invoice_id, row.goods_code, row.amount))

    def test_the_code_comes_from_the_product_or_the_category_above(self):
        invoice = self.sell_goods((self.baijiu, 10), (self.wine, 20), (None, 5))
        self.assertEqual(invoice.invoice_line_ids.mapped("liquor_goods_code"), [BAIJIU, WINE, False])
        self.assertEqual(self.wine.product_tmpl_id.liquor_goods_code_above, WINE)
        for wrong in ("123", "10302060101000000000", "10302060101000000O0", "一" * 19):
            with self.assertRaises(ValidationError):
                self.baijiu.liquor_goods_code = wrong

    def test_a_later_change_of_the_product_leaves_the_invoice_alone(self):
        invoice = self.sell_goods((self.baijiu, 10))
        self.baijiu.liquor_goods_code = WINE
        self.assertEqual(invoice.invoice_line_ids.liquor_goods_code, BAIJIU)
        # its buyer used it: what the tax office knows stays, also through a correction in the books
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(invoice.invoice_line_ids.liquor_goods_code, BAIJIU)
        draft = self.sell_goods((self.baijiu, 10), liquor_buyer_use="unused")
        self.baijiu.liquor_goods_code = BAIJIU
        draft.button_draft()
        draft.action_post()
        self.assertEqual(draft.invoice_line_ids.liquor_goods_code, BAIJIU)
        back = draft._reverse_moves([{"invoice_date": "2026-03-31"}])
        self.baijiu.liquor_goods_code = WINE
        back.action_post()
        self.assertEqual(back.invoice_line_ids.liquor_goods_code, BAIJIU)

    def test_a_note_goes_against_the_same_goods(self):
        """9,000 earned on baijiu and 6,000 on wine: the oldest invoice has 2,000 of wine alone."""
        first = self.sell_goods((self.wine, 2000), invoice_date="2026-03-01")
        mixed = self.sell_goods((self.baijiu, 8000), (self.wine, 3000), invoice_date="2026-03-02")
        last = self.sell_goods((self.baijiu, 50000), invoice_date="2026-03-03")
        note = self.note((self.baijiu, 9000), (self.wine, 6000))
        self.assertEqual(
            note.invoice_line_ids.mapped(lambda line: (line.liquor_goods_code, line.price_subtotal)),
            [(BAIJIU, 9000), (WINE, 6000)],
        )
        found = [(mixed, BAIJIU, 8000), (last, BAIJIU, 1000), (first, WINE, 2000), (mixed, WINE, 3000)]
        self.assertEqual(self.rows(note), found)
        self.assertEqual((first | mixed | last).mapped("liquor_red_amount"), [2000, 11000, 1000])
        # 1,000 of wine fit no invoice: said on the note; a further invoice of wine carries it
        self.assertIn("1000", note.message_ids[0].body.replace(",", ""))
        more = self.sell_goods((self.wine, 4000), invoice_date="2026-03-04")
        with self.assertRaises(AccessError):
            note.with_user(self.clerk).action_liquor_find_invoices()
        note.with_user(self.finance).action_liquor_find_invoices()
        note.with_user(self.finance).action_liquor_find_invoices()
        self.assertEqual(self.rows(note), [*found, (more, WINE, 1000)])

    def test_a_note_that_names_no_goods_takes_the_code_of_the_invoice(self):
        first = self.sell_goods((self.baijiu, 8000), (self.wine, 3000), invoice_date="2026-03-01")
        note = self.note((None, 10000))
        self.assertEqual(self.rows(note), [(first, BAIJIU, 8000), (first, WINE, 2000)])

    def test_old_invoices_are_matched_by_rate_and_flagged(self):
        old = self.sell_goods((self.baijiu, 8000), invoice_date="2026-03-01")
        new = self.sell_goods((self.baijiu, 3000), invoice_date="2026-03-02")
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move_line SET liquor_goods_code = NULL WHERE move_id = %s", [old.id])
        old.invoice_line_ids.invalidate_recordset()
        note = self.note((self.baijiu, 5000))
        self.assertEqual(self.rows(note), [(new, BAIJIU, 3000), (old, False, 2000)])
        known, unknown = note.liquor_red_ids.sorted("id").with_user(self.finance)
        self.assertTrue(unknown.code_hint and not known.code_hint)
        with self.assertRaises(UserError):
            known.goods_code = WINE
        with self.assertRaises(UserError):
            unknown.goods_code = "123"
        with self.assertRaises(AccessError):
            unknown.code_known = True
        unknown.write({"goods_code": WINE, "form_number": "3201262600000001"})
        with self.assertRaises(UserError):
            unknown.action_send()  # other goods than the note's: refused, dropped, looked for again
        unknown.goods_code = BAIJIU
        unknown.action_send()
        with self.assertRaises(UserError):
            unknown.goods_code = WINE
        # what is left of the old one
        left = {row.id: row.left for row in self.queue._blue(old, Decimal(13))}
        self.assertEqual(left, {old.id: 6000, new.id: 0})

    def test_a_maker_whose_adviser_compares_rates_alone(self):
        self.company.liquor_red_by_code = False
        invoice = self.sell_goods((self.wine, 8000), (self.baijiu, 1000))
        note = self.note((self.baijiu, 8500))
        self.assertEqual(self.rows(note), [(invoice, False, 8500)])
        self.assertFalse(note.liquor_red_ids.code_hint)
        self.company.liquor_red_by_code = True
        self.assertFalse(self.queue._open_goods(note))

    def test_no_client_names_the_code_of_an_invoice(self):
        invoice = self.sell_goods((self.baijiu, 10))
        line = invoice.invoice_line_ids.with_user(self.finance)
        with self.assertRaises(AccessError):
            line.liquor_goods_code = WINE
        forged = self.env["account.move"].with_user(self.finance).with_context(default_liquor_goods_code=WINE).create({
            "move_type": "out_invoice", "partner_id": self.distributor.id,
            "invoice_line_ids": [
                Command.create({"name": "x", "price_unit": 1, "liquor_goods_code": WINE}),
                Command.create({"name": "y", "price_unit": 1}),
            ],
        })  # fmt: skip
        self.assertEqual(forged.invoice_line_ids.mapped("liquor_goods_code"), [False, False])
