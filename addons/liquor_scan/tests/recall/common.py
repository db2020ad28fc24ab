"""A planted window of three pallets' worth of bottles in every situation, counted by hand."""

from datetime import timedelta

from odoo.addons.liquor_scan.tests.flow.common import NOW, FlowCase

FIRST, LAST = 180, 1259
"""1,080 bottles: cases 30 to 209 of 240."""


class RecallCase(FlowCase):
    """1,440 bottles on four pallets of 60 cases.

    Pallet 0 was scanned in our stock: of the window cases 30-59, 180 bottles with us.
    Pallet 1 went to the distributor: cases 60-63 are received by the shop, two bottles of case 62 are sold,
    case 64 is on its way to the second shop: 336 - 6 = 330 with the distributor before the re-pack, 22 with the
    shop, 2 sold, 6 on the way.
    Pallet 2 nobody scanned: 360, of which bottle 740 has a void label and 726-731 were packed into a case of
    another batch, which went to the distributor: 353 unknown, 1 void, and 330 + 6 = 336 with the distributor.
    Pallet 3 went to the rival: of the window cases 180-209, 180 bottles.
    180 + 336 + 22 + 2 + 6 + 353 + 1 + 180 = 1,080.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls.batch(1440)
        cls.author = cls.user("recall_author", "group_scan_manager")
        cls.second = cls.user("recall_second", "group_scan_manager")
        cls.shop.phone = "13800138001"
        cls.distributor.phone = "13800138002"
        cls.company.country_id = cls.env.ref("base.cn")

    def code(self, kind, index):
        return self.goods._code(kind, index)

    def send(self, user, kind, code, **values):
        answer = self.one(user, kind, code, **values)
        self.assertEqual(answer["status"], "accepted", answer)

    def plant(self):
        self.send(self.warehouse, "pack", self.code("pallet", 0))
        self.send(self.warehouse, "ship", self.code("pallet", 1), to="D001")
        for case in range(60, 64):
            self.send(self.shop_user, "receive", self.code("case_outer", case))
        self.send(self.shop_user, "unpack", self.code("case_outer", 62))
        for bottle in (372, 373):
            self.send(self.shop_user, "sell", self.code("cap_outer", bottle))
        self.send(self.distributor_user, "ship", self.code("case_outer", 64), to="T002")
        self.env["liquor.code.range"]._book(self.goods, "void", 740, 740, reason="torn")
        other = self.batch(6)
        start = NOW - timedelta(hours=3)
        self.env["liquor.code.link"]._store([
            [self.company.id, self.goods.id, 1, bottle, other.id, 6, 0, "manual", start, "re-pack", None, self.env.uid]
            for bottle in range(726, 732)
        ])
        self.send(self.warehouse, "ship", other._code("case_outer", 0), to="D001")
        self.send(self.warehouse, "ship", self.code("pallet", 3), to="D002")

    def recall(self, user=None, **values):
        """A draft of the window, prepared by the author."""
        recall = (
            self
            .env["liquor.recall"]
            .with_user(user or self.author)
            .create({
                "reason": "异味",
                "company_id": self.company.id,
                "selection_ids": [
                    (0, 0, {"kind": "window", "batch_id": self.goods.id, "first": FIRST + 1, "last": LAST + 1})
                ],
                **values,
            })
        )
        recall.action_prepare()
        return recall

    def begin(self):
        recall = self.recall()
        recall.with_user(self.second).action_activate()
        return recall

    def found(self, recall):
        """{(situation, holder or empty): bottles} of the list of holders."""
        return {(row.situation, row.holder_id): row.bottles for row in recall.holder_ids}
