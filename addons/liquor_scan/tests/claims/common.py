from datetime import timedelta

from odoo import fields

from ..common import ScanCase

PHONE = "13800138000"


class ClaimCase(ScanCase):
    """Two clubs, a distributor and his shop, and a batch that the shop holds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        clubs = cls.env["liquor.member.program"]
        cls.club = clubs.create({"name": "梦想荟", "company_id": cls.company.id, "mode": "national"})
        cls.rule = cls.env["liquor.claim.rule"].create({
            "name": "Cap reward",
            "company_id": cls.company.id,
            "program_id": cls.club.id,
            "reward": "points",
            "points": 50,
            "date_start": "2026-01-01",
        })
        [*_, cls.county] = cls.env["liquor.territory"].load_divisions([
            ("92", "Test Province"),
            ("9201", "Test City"),
            ("920102", "Test County"),
        ])
        cls.shop = cls.party("福来烟酒", "terminal")
        cls.code_batch = cls.batch(720)

    @classmethod
    def party(cls, name, kind):
        partner = cls.env["res.partner"].create({"name": name, "is_company": True})
        values = {"partner_id": partner.id, "kind": kind, "company_id": cls.company.id, "territory_id": cls.county.id}
        if kind == "terminal":
            values["terminal_kind_id"] = cls.env.ref("liquor_channel.terminal_kind_tobacco_liquor").id
        cls.env["liquor.channel.role"].create({**values, "date_start": "2020-01-01", "state": "formal"})
        return partner

    @classmethod
    def policy(cls, amount, beneficiary="terminal", basis="opened", **terms):
        """A policy that pays so much for each opened bottle, or what the basis counts."""
        policy = cls.env["liquor.policy"].create({
            "name": "Opening",
            "company_id": cls.company.id,
            "kind": "per_unit",
            "beneficiary_kind": beneficiary,
        })
        version = cls.env["liquor.policy.version"].create({
            "policy_id": policy.id,
            "date_start": "2020-01-01",
            "basis": basis,
            "measure": "bottles",
            "rate": amount,
            **terms,
        })
        version.action_activate()
        return version

    @classmethod
    def receive(cls, case=0, ago=timedelta(days=1), purpose=None, partner=None, kind="terminal"):
        """The shop, or another partner of a kind, received a case, as the scan service would note it."""
        partner = partner or cls.shop
        now = fields.Datetime.now()
        return (
            cls
            .env["liquor.scan.event"]
            .sudo()
            ._record([
                {
                    "company_id": cls.company.id,
                    "kind": "receive",
                    "status": "accepted",
                    "batch_id": cls.code_batch.id,
                    "level": 6,
                    "unit_index": case,
                    "code_kind": "case_outer",
                    "product_id": cls.product.id,
                    "bottles": 6,
                    "party_id": partner.id,
                    "party_kind": kind,
                    "holder_id": partner.id,
                    "holder_kind": kind,
                    "custody_state": "held",
                    "user_id": cls.env.uid,
                    "event_time": now - ago,
                    "received_time": now,
                    "business_day": (now - ago).date(),
                    "source": "portal",
                    "place_source": "none",
                    "fact_kind": "received",
                    "purpose": purpose,
                }
            ])
        )

    def unit(self, index=0, kind="cap_inner"):
        text = self.code_batch._code(kind, index)
        return self.env["liquor.code.batch"]._locate([text])[text]

    def join(self, phone=PHONE, club=None):
        return self.env["liquor.member"]._join(club or self.club, phone, "cap", "1")
