from odoo import api, models
from odoo.exceptions import UserError


class LiquorCodeClaim(models.Model):
    _inherit = "liquor.code.claim"

    @api.model
    def _check_claimable(self, pairs):
        """Nobody claims a bottle that is recalled; what was claimed before stays.

        :raises UserError: a bottle that nobody claimed yet is recalled
        """
        if self.env["liquor.recall"]._recalls_of([unit for unit, _member in pairs]):
            raise UserError(self.env._("This bottle is recalled: do not drink it. Please call the maker."))
        return super()._check_claimable(pairs)

    def _settle(self, late):
        """A waiting claim of a recalled bottle is refused."""
        locked = self.try_lock_for_update()
        if locked and locked.state == "waiting":
            code = self.batch_id._code(self.kind, self.index)
            unit = self.batch_id._locate([code]).get(code)
            if unit and self.env["liquor.recall"]._recalls_of([unit]):
                self.write({"state": "refused", "refusal": self.env._("Recalled")})
                return
        super()._settle(late)
