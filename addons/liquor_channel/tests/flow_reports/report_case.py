"""A distributor's flow report loaded by the clerk, a chain that need not scan, and monthly tiers."""

import base64

from ...tools import tables
from ..common import ChannelCase

HEADER = ["日期", "商品编码", "数量", "单位", "客户", "类型", "单号", "金额"]
#: cases: 4.00 each of the first 20, 6.00 of the next 40, 9.00 above
TIERS = ((0, 20, 4), (20, 60, 6), (60, 0, 9))


class ReportCase(ChannelCase):
    """What the tests of reported and scanned purchases share."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.default_code = "JC10"
        key_account = cls.env.ref("liquor_channel.terminal_kind_key_account")
        cls.chain = cls.make_partner(
            "Great Market", "terminal", terminal_kind_id=key_account.id, territory_id=cls.city.id
        )
        cls.chain.ref, cls.shop.ref = "KA01", "S001"

    def load(self, *rows, reporter=None):
        report = (
            self
            .env["liquor.flow.report"]
            .with_user(self.clerk)
            .create({
                "partner_id": (reporter or self.distributor).id,
                "file": base64.b64encode(tables.write_csv([HEADER, *rows])),
                "filename": "flow.csv",
            })
        )
        report.action_read()
        report.action_load()
        self.assertFalse(report.bad_count)
        return report

    def monthly(self, **values):
        values = {"basis": "reported", "method": "progressive", "period": "month", "payable": "available", **values}
        return self.make_version(TIERS, **values)

    def paid(self, version):
        groups = self.env["liquor.earning"]._read_group(
            [("policy_version_id", "=", version.id)], ["partner_id"], ["amount:sum"]
        )
        return {partner: amount for partner, amount in groups if amount}


class MovingCase(ReportCase):
    """A shop, where it stands, and a territory far away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.away = cls.env["liquor.territory"].load_divisions([("95", "Far Land"), ("9501", "Far City")])[1]
        cls.role = cls.chain._liquor_role("terminal", cls.company)
        cls.home = cls.role.territory_id
