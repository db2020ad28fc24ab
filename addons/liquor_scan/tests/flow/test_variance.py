"""The three-way match per code (channel.md d2): what single codes prove beside the sums."""

from datetime import timedelta

from odoo.tests import tagged

from .common import NOW, FlowCase


@tagged("post_install", "-at_install")
class TestVarianceOfCodes(FlowCase):
    def match(self, name):
        self.env["liquor.variance.match"]._match(self.company, NOW.date(), [name])
        domain = [("company_id", "=", self.company.id), ("variance_class", "=", name), ("state", "=", "open")]
        return self.env["liquor.variance"].search(domain).filtered(lambda row: not row.cause_key.startswith("flow/"))

    def event_of(self, kind):
        return self.env["liquor.scan.event"].search(
            [("batch_id", "=", self.codes.id), ("kind", "=", kind)], order="id desc", limit=1
        )

    def copy_of(self, event, **values):
        """A further event of the same unit."""
        names = [
            name
            for name, field in event._fields.items()
            if field.store and name not in ("id", "xid", "create_uid", "create_date", "write_uid", "write_date")
        ]
        row = event.read(names, load=None)[0]
        row = {name: row[name] or None for name in names} | {"level": event.level, "unit_index": event.unit_index}
        row.update(values)
        number = event._bulk_insert(names, [[row[name] for name in names]])[0]
        return event.browse(number)

    def received(self):
        self.policy()
        self.ship(self.pallet())
        self.assertAnswer(self.one(self.shop_user, "receive", self.case()), "accepted")
        return self.event_of("receive")

    def test_v01_scanned_and_never_shipped(self):
        self.assertAnswer(self.one(self.shop_user, "receive", self.case()), "held", "not_shipped")
        self.assertFalse(self.match("v01"))
        self.env["liquor.variance.rule"].create({
            "company_id": self.company.id, "variance_class": "v01", "days": 0
        })  # fmt: skip
        found = self.match("v01")
        self.assertEqual((found.partner_id, found.origin_id), (self.shop, self.event_of("receive").id))

    def test_v03_goods_of_another_distributor(self):
        self.ship(self.pallet())
        answer = self.one(self.rival_user, "receive", self.case())
        self.assertAnswer(answer, "held", "other_distributor")
        found = self.match("v03")
        self.assertEqual(found.partner_id, self.rival_shop)
        # people read the label of the reason, in their language, and not its key
        label = dict(self.env["liquor.scan.event"]._fields["reason"]._description_selection(self.env))[found.note]
        self.assertEqual((found.note, found.what), ("other_distributor", label))
        self.assertNotEqual(found.what, found.note)

    def test_v05_one_code_paid_twice(self):
        event = self.received()
        self.assertFalse(self.match("v05"))
        first = self.env["liquor.earning"].search([("fact_key", "=", f"liquor.scan.event/{event.id}")])
        again = self.copy_of(event)
        self.env["liquor.earning"]._book([
            {
                "company_id": self.company.id,
                "partner_id": self.shop.id,
                "beneficiary_kind": "terminal",
                "currency_id": self.currency.id,
                "amount": 15.0,
                "policy_version_id": first.policy_version_id.id,
                "fact_key": f"liquor.scan.event/{again.id}",
                "event_time": NOW,
                "payable": "available",
            }
        ])
        found = self.match("v05")
        self.assertEqual((found.partner_id, found.amount), (self.shop, 15))

    def test_v06_rewarded_then_voided(self):
        self.received()
        self.assertFalse(self.match("v06"))
        self.env["liquor.code.range"]._book(self.codes, "void", 0, 5, reason="recalled")
        self.assertEqual(self.match("v06").amount, 15)

    def test_v16_clock_ahead(self):
        event = self.received()
        self.assertFalse(self.match("v16"))
        ahead = self.copy_of(event, device_time=event.received_time + timedelta(hours=3))
        self.assertEqual(self.match("v16").origin_id, ahead.id)
