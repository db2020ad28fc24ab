"""Data of the channel's tests: one company in Nanjing's trade, made by hand, without demo data."""

from datetime import date, datetime

from odoo import Command
from odoo.tests import TransactionCase

DAY = date(2026, 3, 10)
MOMENT = datetime(2026, 3, 10, 4, 0)  # noon in Shanghai


class ChannelCase(TransactionCase):
    """A distributor, two shops, a guide, two products and users of every role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "no_reset_password": True})
        cls.company = cls.env.company
        cls.currency = cls.company.currency_id
        cls.setup_places()
        cls.setup_products()
        cls.setup_partners()
        cls.setup_users()

    @classmethod
    def setup_places(cls):
        cls.province, cls.city, cls.county = cls.env["liquor.territory"].load_divisions([
            ("92", "Test Province"),
            ("9201", "Test City"),
            ("920102", "Test County"),
        ])
        cls.shop_kind = cls.env.ref("liquor_channel.terminal_kind_tobacco_liquor")
        cls.restaurant_kind = cls.env.ref("liquor_channel.terminal_kind_restaurant")

    @classmethod
    def setup_products(cls):
        cls.category = cls.env["product.category"].create({"name": "Baijiu"})
        cls.series = cls.env["product.category"].create({"name": "Cellar", "parent_id": cls.category.id})
        cls.product, cls.other_product = cls.env["product.product"].create([
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "categ_id": category.id,
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
                "liquor_bottles_per_case": 6,
            }
            for name, category in (("Cellar 10", cls.series), ("Blue", cls.category))
        ])

    @classmethod
    def setup_partners(cls):
        cls.distributor = cls.make_partner("Sunny Trading", "distributor")
        cls.shop = cls.make_partner("Fulai Shop", "terminal")
        cls.second_shop = cls.make_partner("Second Shop", "terminal", terminal_kind_id=cls.restaurant_kind.id)
        cls.guide = cls.make_partner("Guide Li", "guide")
        cls.env["liquor.channel.assignment"].create({
            "terminal_id": cls.shop.id,
            "distributor_id": cls.distributor.id,
            "date_start": "2026-01-01",
        })

    @classmethod
    def setup_users(cls):
        cls.clerk, cls.finance, cls.manager, cls.outsider, cls.distributor_user = cls.new_users({
            "channel_clerk": "liquor_channel.group_clerk",
            "channel_finance": "liquor_channel.group_finance",
            "channel_manager": "liquor_channel.group_channel_manager",
            "channel_outsider": "base.group_user",
            "channel_distributor": "base.group_portal",
        })
        cls.distributor_user.partner_id.parent_id = cls.distributor

    @classmethod
    def new_users(cls, groups):
        """Return users of the company, as ``new_test_user`` makes one: in one go, which takes a third of the time.

        :param groups: login -> XML id of the group
        """
        return cls.env["res.users"].create([
            {
                "name": f"{login} ({group})",
                "login": login,
                "password": login.ljust(8, "x"),
                "email": f"{login[0]}.{login[0]}@example.com",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(cls.env.ref(group).ids)],
            }
            for login, group in groups.items()
        ])

    @classmethod
    def make_partner(cls, name, kind, **values):
        """A partner with a formal role since the beginning of 2026."""
        person = kind in ("guide", "waiter")
        partner = cls.env["res.partner"].create({"name": name, "is_company": not person})
        cls.env["liquor.channel.role"].create({
            "partner_id": partner.id,
            "kind": kind,
            "terminal_kind_id": cls.shop_kind.id if kind == "terminal" else False,
            "territory_id": cls.county.id,
            "date_start": "2026-01-01",
            "state": "formal",
            **values,
        })
        return partner

    @classmethod
    def make_version(cls, tiers=(), activate=True, **values):
        """A policy with one version, in force since the beginning of 2026 unless said otherwise.

        :param tiers: (from, to or 0, rate) rows; with them the policy is tiered
        """
        policy = cls.env["liquor.policy"].create({
            "name": values.pop("name", "Policy"),
            "kind": "tiered" if tiers else "per_unit",
            "beneficiary_kind": values.pop("beneficiary_kind", "terminal"),
        })
        version = cls.env["liquor.policy.version"].create({
            "policy_id": policy.id,
            "date_start": "2026-01-01",
            "tier_ids": [
                Command.create({"from_value": low, "to_value": high, "rate": rate}) for low, high, rate in tiers
            ],
            **values,
        })
        if activate:
            version.action_activate()
        return version

    @classmethod
    def make_agreement(cls, share=30.0, cap=0.0, accept=True, **line):
        """Co-funding by the distributor, accepted before the facts of the tests happen."""
        agreement = cls.env["liquor.agreement"].create({
            "distributor_id": cls.distributor.id,
            "date_start": "2026-01-01",
            "line_ids": [Command.create({"share": share, "cap_amount": cap, **line})],
        })
        agreement.action_send()
        if accept:
            agreement._accept(cls.distributor_user)
            agreement.accepted_at = datetime(2026, 1, 1)
        return agreement

    def make_fact(self, number, **values):
        """A shop has received one case."""
        return {
            "key": f"test/{number}",
            "kind": "received",
            "company_id": self.company.id,
            "partner_id": self.shop.id,
            "counterparty_id": self.distributor.id,
            "product_id": self.product.id,
            "bottles": 6,
            "amount": 600.0,
            "currency_id": self.currency.id,
            "event_time": MOMENT,
            "business_day": DAY,
            "territory_id": self.county.id,
            "grade": None,
            "purpose": "normal",
            "source_model": "res.partner",
            "source_id": self.shop.id,
            **values,
        }
