from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestPartnerMerge(TransactionCase):
    def test_partner_with_entries_is_not_merged(self):
        partners = self.env["res.partner"].create([
            {"name": name, "email": "same@x.test"} for name in ("Ann", "Bob", "Cid")
        ])
        company = self.env.company
        self.env["test_liquor.entry"]._post([
            {
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "partner_id": partners[0].id,
                "idempotency_key": "merge",
            }
        ])
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        with self.assertRaisesRegex(UserError, "Ann"):
            wizard._merge(partners[:2].ids, partners[1])
        self.assertEqual(partners.exists(), partners)
        wizard._merge(partners[1:].ids, partners[1])
        self.assertEqual(partners.exists(), partners[:2])
