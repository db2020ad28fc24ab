"""Whatever a group may write by RPC: the fields of the server are not among it."""

from odoo.tests import TransactionCase

#: models whose own ``create`` and ``write`` say who writes what, and where that is tested
OWN_REFUSAL = {
    "liquor.member": "liquor_member/tests/programme",
    "liquor.point.adjustment": "liquor_member/tests/benefits/test_access.py",
    "liquor.policy.version": "liquor_channel/tests/policies",
    # the number of the terms, raised by the server with each change of them
    "liquor.point.rule": "version",
    "liquor.claim.rule": "version",
    # one row per company and role, made by the server; nobody may create one by hand
    "liquor.account.mapping": "liquor_channel/tests/accounts",
    # append-only; what a client says about who, when and what the codes told is not read
    "liquor.stock.count": "liquor_scan/tests/channel/test_stock_count.py",
    "liquor.stock.count.line": "liquor_scan/tests/channel/test_stock_count.py",
    "liquor.flow.report.column": "header and sample of the clerk's own file",
}


class TestGuardedMixin(TransactionCase):
    def test_every_writable_model_guards_its_fields(self):
        writable = set(
            self
            .env["ir.model.access"]
            .search([
                ("model_id.model", "=like", "liquor.%"),
                "|",
                ("perm_write", "=", True),
                ("perm_create", "=", True),
            ])
            .model_id.mapped("model")
        )
        missing = {}
        for name in sorted(writable - OWN_REFUSAL.keys()):
            model = self.env[name]
            fields = {
                field.name
                for field in model._fields.values()
                if field.store and field.readonly and field.column_type and not field.compute and not field.related
            } - {"id", "create_uid", "create_date", "write_uid", "write_date"}
            if fields and not model._transient and not hasattr(model, "_guarded_fields"):
                missing[name] = fields
        self.assertEqual(missing, {}, "readonly is a word of the forms only: inherit liquor.guarded.mixin")
