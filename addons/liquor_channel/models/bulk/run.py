from odoo import models


class LiquorRun(models.Model):
    _inherit = "liquor.run"

    def _run_bulk_edit(self, _budget):
        """Preview or apply a large edited sheet, as a whole in one transaction.

        Parameters: ``edit`` and ``step`` (preview | apply).
        """
        edit = self.env["liquor.bulk.edit"].browse(self.parameters["edit"])
        if self.parameters["step"] == "preview":
            edit._take("draft", "previewed")
            edit._preview(edit._read_table())
        else:
            edit._take("previewed")
            edit._apply()
        return self.total, None


class LiquorBulkEdit(models.Model):
    _inherit = "liquor.bulk.edit"

    def _start_run(self, step, count):
        """Queue a step and return the action that shows its progress."""
        parameters = {"edit": self.id, "step": step}
        key = f"bulk_edit/{self.id}"
        run = self.env["liquor.run"]._start("bulk_edit", self.name, count, parameters, company=self.company_id, key=key)
        return run._show()
