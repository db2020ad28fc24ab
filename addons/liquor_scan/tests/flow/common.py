"""Data of the flow's tests: one distributor, a rival, two shops of his, a shop of the rival, codes of two pallets."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user

from ..common import ScanCase

NOW = datetime(2026, 11, 21, 12, 0)  # 20:00 in Shanghai


class FlowCase(ScanCase):
    """720 bottles in 120 cases on 2 pallets; a shop earns 15.00 for each case it receives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.env = cls.env(context={**cls.env.context, "no_reset_password": True})
        cls.currency = cls.company.currency_id
        cls.shop_kind = cls.env.ref("liquor_channel.terminal_kind_tobacco_liquor")
        (cls.county,) = cls.env["liquor.territory"].load_divisions([("93", "Test Land")])
        cls.distributor = cls.party("晨光商贸", "distributor", ref="D001")
        cls.rival = cls.party("远山商贸", "distributor", ref="D002")
        cls.shop = cls.party("福来烟酒", "terminal", ref="T001")
        cls.second_shop = cls.party("宏运烟酒", "terminal", ref="T002")
        cls.rival_shop = cls.party("远山烟酒", "terminal", ref="T003")
        cls.assign(cls.shop, cls.distributor)
        cls.assign(cls.second_shop, cls.distributor)
        cls.assign(cls.rival_shop, cls.rival)
        cls.warehouse = cls.user("flow_warehouse", "group_warehouse")
        cls.shop_user = cls.portal("flow_shop", cls.shop)
        cls.second_user = cls.portal("flow_second", cls.second_shop)
        cls.rival_user = cls.portal("flow_rival_shop", cls.rival_shop)
        cls.distributor_user = cls.portal("flow_distributor", cls.distributor)
        cls.codes = cls.batch()
        cls.number = 0

    @classmethod
    def party(cls, name, kind, **values):
        """A partner with a formal role since the beginning of the year."""
        person = kind in ("guide", "waiter")
        partner = cls.env["res.partner"].create({"name": name, "is_company": not person, **values})
        cls.env["liquor.channel.role"].create({
            "partner_id": partner.id,
            "company_id": cls.company.id,
            "kind": kind,
            "terminal_kind_id": cls.shop_kind.id if kind == "terminal" else False,
            "territory_id": cls.county.id,
            "date_start": "2026-01-01",
            "state": "formal",
        })
        return partner

    @classmethod
    def assign(cls, shop, distributor):
        return cls.env["liquor.channel.assignment"].create({
            "terminal_id": shop.id,
            "distributor_id": distributor.id,
            "company_id": cls.company.id,
            "date_start": "2026-01-01",
        })

    @classmethod
    def portal(cls, login, partner):
        user = new_test_user(
            cls.env,
            login,
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        user.partner_id.parent_id = partner
        return user

    @classmethod
    def policy(cls, per_bottle=2.5, **values):
        """Per-unit policy: 2.50 a bottle is 15.00 a case of six."""
        policy = cls.env["liquor.policy"].create({
            "name": "收货奖励",
            "company_id": cls.company.id,
            "kind": "per_unit",
            "beneficiary_kind": "terminal",
        })
        version = cls.env["liquor.policy.version"].create({
            "policy_id": policy.id,
            "date_start": "2026-01-01",
            "basis": "received",
            "measure": "bottles",
            "rate": per_bottle,
            **values,
        })
        version.action_activate()
        return version

    def case(self, index=0):
        return self.codes._code("case_outer", index)

    def cap(self, index=0):
        return self.codes._code("cap_inner", index)

    def pallet(self, index=0):
        return self.codes._code("pallet", index)

    @classmethod
    def event(cls, kind, code=None, minutes=None, **values):
        """One event of a call; each comes a minute after the one before unless told otherwise."""
        FlowCase.number += 1
        at = NOW - timedelta(hours=2) + timedelta(minutes=FlowCase.number if minutes is None else minutes)
        body = {"id": f"t-{FlowCase.number}", "type": kind, "at": f"{at.isoformat()}Z", **values}
        if code is not None:
            body["codes" if isinstance(code, list) else "code"] = code
        return body

    def setUp(self):
        super().setUp()
        FlowCase.number = 0

    def take(self, user, *events, **more):
        return self.env["liquor.scan.request"]._take(user, list(events), **more)

    def one(self, user, kind, code=None, **values):
        return self.take(user, self.event(kind, code, **values))[0]

    def ship(self, code, to="D001"):
        answer = self.one(self.warehouse, "ship", code, to=to)
        self.assertEqual(answer["status"], "accepted", answer)

    def assertAnswer(self, answer, status, reason=""):
        self.assertEqual((answer["status"], answer["reason"]), (status, reason), answer)

    def holder(self, code):
        """Present holder by the trace."""
        hops = self.env["liquor.custody"]._trace(code)["hops"]
        return self.env["res.partner"].browse(hops[-1].holder) if hops else self.env["res.partner"]

    def assertCustodyProven(self):
        self.assertEqual(self.env["liquor.custody"]._differences(), [])
