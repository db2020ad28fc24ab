from odoo import models


class LiquorPayoutBatch(models.Model):
    _inherit = "liquor.payout.batch"

    def _file_rows(self):
        """The file holds accounts in clear: who took it is written down before it leaves."""
        rows = super()._file_rows()
        payees = self.sudo().payout_ids.filtered(lambda payout: payout.state != "cancelled").payee_id
        self.env["liquor.channel.access"]._note(
            "export", payees._name, "account", payees.ids, f"{self._name},{self.id}"
        )
        return rows
