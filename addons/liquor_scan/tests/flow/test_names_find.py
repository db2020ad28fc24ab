"""Part of the name that a screen shows finds the record."""

import re

from odoo.tests import tagged

from ...engine.flow.units import Unit
from .common import FlowCase


@tagged("post_install", "-at_install")
class TestNamesFind(FlowCase):
    def found_by(self, record, word):
        return [number for number, _name in record.name_search(word, [("id", "=", record.id)])]

    def check(self, record, *words):
        for word in words:
            self.assertIn(word, record.display_name)
            self.assertEqual(self.found_by(record, word), record.ids, (record._name, word))

    def test_words_of_a_name(self):
        version = self.policy()
        self.ship(self.case())
        self.assertAnswer(self.one(self.shop_user, "receive", self.case()), "accepted")
        event = self.env["liquor.scan.event"].search([("kind", "=", "receive"), ("batch_id", "=", self.codes.id)])
        self.check(event, self.codes.name)
        self.check(version, version.policy_id.name)
        self.check(
            self.env["liquor.earning"].search([("partner_id", "=", self.shop.id)], limit=1), version.policy_id.name
        )
        assignment = self.env["liquor.channel.assignment"].search([("terminal_id", "=", self.shop.id)])
        self.check(assignment, self.shop.name, self.distributor.name)
        run = self.env["liquor.accrual.run"].create({"company_id": self.company.id, "date_to": "2026-11-21"})
        self.check(run, "2026-11-21", "2026-11")
        self.env["liquor.receipt.return"]._note([
            (f"liquor.scan.event/{event.id}", Unit(self.codes.id, event.level, event.unit_index), 2, 6)
        ])
        back = self.env["liquor.receipt.return"].search([("event_id", "=", event.id)])
        self.check(back, self.codes.name)

    def test_words_of_a_choice(self):
        """The word that is read is searched, in the language of the reader; the key finds nothing."""
        rule = self.env["liquor.variance.rule"].create({"company_id": self.company.id, "variance_class": "v02"})
        words = dict(rule._fields["variance_class"]._description_selection(self.env))
        self.assertEqual(rule.display_name, words["v02"])
        self.check(rule, words["v02"], words["v02"][1:])
        self.assertEqual(self.found_by(rule, "v02"), [])
        others = rule.search([("display_name", "not ilike", words["v02"])])
        self.assertNotIn(rule, others)

    def test_a_template_is_named_by_its_text(self):
        template = self.env.ref("liquor_member.liquor_outbound_template_phone_code")
        self.assertNotIn(template.code, template.display_name)
        self.check(template, re.split(r"[ …，,]+", template.display_name)[0])

    def test_a_seal_says_what_was_sealed(self):
        values = {"columns": "id", "xid_from": "1", "xid_to": "2", "row_count": 1, "root": "r", "previous": "p"}
        seal = self.env["liquor.seal"].create({**values, "table_name": "liquor_earning", "seal_hash": "s"})
        self.assertEqual(seal.display_name, self.env["ir.model"]._get("liquor.earning").name)
        self.check(seal, seal.display_name)
