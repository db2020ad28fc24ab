from odoo.tests import TransactionCase, new_test_user


class ScanCase(TransactionCase):
    """A company of its own with a wine of six to a case, a printer, and one user per group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env["res.company"].create({
            "name": "云泉酒业",
            "liquor_code_url": "https://q7.cn/b/",
            "phone": "400 800 1234",
        })
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.scheme = cls.env.ref("liquor_scan.scheme_cap_case")
        cls.product = cls.env["product.product"].create({
            "name": "云泉 窖藏10",
            "barcode": "6901234567892",
            "is_storable": True,
            "tracking": "lot",
            "company_id": cls.company.id,
            "liquor_bottles_per_case": 6,
            "liquor_label_facts": "53%vol 500ml 浓香",
        })
        cls.lot = cls.env["stock.lot"].create({
            "name": "2603A",
            "product_id": cls.product.id,
            "company_id": cls.company.id,
        })
        cls.printer = cls.env["res.partner"].create({"name": "华印包装"})

    @classmethod
    def user(cls, login, *groups):
        """A user of the company with groups of this add-on."""
        return new_test_user(
            cls.env,
            login,
            groups=",".join(f"liquor_scan.{group}" for group in groups) or "base.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def order(cls, quantity=720, over_issue=0, **values):
        """A print order, issued."""
        order = cls.env["liquor.print.order"].create({
            "company_id": cls.company.id,
            "supplier_id": cls.printer.id,
            "product_id": cls.product.id,
            "lot_id": cls.lot.id,
            "bottled_on": "2026-03-05",
            "scheme_id": cls.scheme.id,
            "quantity": quantity,
            "over_issue": over_issue,
            **values,
        })
        order.action_issue()
        return order

    @classmethod
    def batch(cls, quantity=720, active=True):
        """A batch of 720 bottles (two pallets), activated as a whole."""
        batch = cls.order(quantity).batch_ids
        if active:
            cls.env["liquor.code.range"]._book(batch, "active", 0, batch.bottles - 1)
        return batch
