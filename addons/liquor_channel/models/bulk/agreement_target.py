from odoo import api, models

from ...engine.bulk.cells import CHOICE, NUMBER, RELATION, TEXT, Column


class LiquorAgreementTarget(models.Model):
    """Targets of drafts of contracts, in Excel; what was sent to the party does not change."""

    _name = "liquor.agreement.target"
    _inherit = ["liquor.agreement.target", "liquor.bulk.editable"]

    _bulk_natural = ("agreement_id", "label", "category_id", "basis", "measure")
    _bulk_money = "amount"

    @api.model
    def _bulk_columns(self):
        return [
            Column("agreement_id", RELATION, on_change=False, required=True),
            Column("party_id", RELATION, on_new=False, on_change=False),
            Column("label", TEXT, required=True),
            Column("category_id", RELATION),
            Column("basis", CHOICE, required=True),
            Column("measure", CHOICE, required=True),
            Column("goal", NUMBER, required=True),
            Column("done", NUMBER, informative=True),
            Column("rate", NUMBER, informative=True),
        ]

    def _bulk_open(self):
        names = {"label", "category_id", "basis", "measure", "goal"}
        return frozenset(names if self.state == "draft" else ())

    @api.model
    def _bulk_amounts(self, values):
        return {values["measure"]: values["goal"]}

    @api.model
    def _bulk_group_label(self, group):
        measures = dict(self._fields["measure"]._description_selection(self.env))
        return self.env._("Target (%(measure)s)", measure=measures[group])

    @api.model
    def _bulk_create(self, values_list):
        """Lock the contracts: none is sent to its party while its targets come."""
        agreements = self.env["liquor.agreement"].browse({values["agreement_id"] for values in values_list})
        agreements.lock_for_update(allow_referencing=True)
        return super()._bulk_create(values_list)

    def _bulk_lock(self):
        self.agreement_id.lock_for_update(allow_referencing=True)
        return super()._bulk_lock()

    def _bulk_document(self):
        return self.agreement_id
