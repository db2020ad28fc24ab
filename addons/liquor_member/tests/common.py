"""Own data for the tests of the member rooms: two clubs, no demo data."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, new_test_user

PHONES = [f"1380013{number:04d}" for number in range(8000, 8100)]


class MemberCase(TransactionCase):
    """A national club with levels and points, and a regional one without."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env["res.company"].create({
            "name": "云泉酒业",
            "country_id": cls.env.ref("base.cn").id,
            "currency_id": cls.env.ref("base.CNY").id,
        })
        cls.env.user.company_ids |= cls.company
        cls.env.user.company_id = cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.club = cls.env["liquor.member.program"].create({
            "name": "梦想荟",
            "company_id": cls.company.id,
            "mode": "national",
            "grace_days": 30,
        })
        cls.regional = cls.env["liquor.member.program"].create({
            "name": "乡情社",
            "company_id": cls.company.id,
            "mode": "regional",
        })
        cls.level_t, cls.level_s = cls.env["liquor.member.level"].create([
            {
                "name": name,
                "program_id": cls.club.id,
                "sequence": sequence,
                "criterion_ids": [fields.Command.create({"threshold": threshold})],
            }
            for name, sequence, threshold in (("T", 1, 200), ("S", 2, 300))
        ])
        cls.wine = cls.env["product.product"].create({
            "name": "窖藏10",
            "type": "consu",
            "is_storable": True,
            "list_price": 100,
            "taxes_id": False,
        })

    def join(self, number=0, club=None):
        """Return the member with the n-th test phone."""
        return self.env["liquor.member"]._join(club or self.club, PHONES[number], "desk", "1").with_env(self.env)

    def earn(self, member, points, key, **grant):
        """Grant points and return their entry."""
        return self.env["liquor.reward"]._grant([
            {"kind": "points", "member": member, "points": points, "key": key, **grant}
        ])[0]

    def user(self, login, *groups):
        """Return a user of the test company with groups of liquor_member."""
        names = ",".join([
            "base.group_user",
            *(group if "." in group else f"liquor_member.{group}" for group in groups),
        ])
        return new_test_user(
            self.env, login, groups=names, company_id=self.company.id, company_ids=[(6, 0, self.company.ids)]
        )

    @contextmanager
    def at(self, moment):
        """Let it be ``moment`` (UTC text) for everything that asks for the time."""
        with patch.object(fields.Datetime, "now", lambda *args: fields.Datetime.to_datetime(moment)):
            yield
