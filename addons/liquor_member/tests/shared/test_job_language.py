"""Jobs write in the language of the company, whoever runs them."""

from unittest.mock import patch

from odoo.tests.common import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestJobLanguage(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env.company.partner_id.lang = "zh_CN"

    def run_job(self, xmlid):
        """Run a job as the timer does; return the languages in which its action was run."""
        spoken = []

        def run(action):
            spoken.append(action.env.context.get("lang"))

        with self.enter_registry_test_mode(), patch.object(self.registry["ir.actions.server"], "run", run):
            self.env.ref(xmlid).method_direct_trigger()
        return spoken

    def test_a_job_of_the_suite(self):
        self.assertEqual(self.run_job("liquor_member.cron_levels"), ["zh_CN"])

    def test_others_are_left_alone(self):
        self.assertEqual(self.run_job("base.autovacuum_job"), [None])

    def test_a_company_without_a_language(self):
        self.env.company.partner_id.lang = False
        self.assertEqual(self.run_job("liquor_member.cron_levels"), [None])
