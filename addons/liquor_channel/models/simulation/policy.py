from odoo import models


class LiquorPolicy(models.Model):
    _inherit = "liquor.policy"

    def _paid_before(self, lines, keys):
        """A fact that re-rated terms have paid is not paid again by those that replaced them."""
        earning_model = self.env["liquor.earning"]
        wanted = {}
        for line, key in zip(lines, keys, strict=True):
            version = self.env["liquor.policy.version"].browse(line.rule.version)
            for old in version.rerated_ids.ids if version.is_rerating else ():
                identity = {**self._line_identity(line), "policy_version_id": old}
                wanted[earning_model._book_key(identity)] = key
        known = earning_model._ledger_known(set(wanted)) if wanted else {}
        return {**super()._paid_before(lines, keys), **{wanted[old]: number for old, number in known.items()}}
