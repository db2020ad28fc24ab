from odoo import models
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools.unique_loser import loser_retries


class LiquorSettlement(models.Model):
    """What a distributor objects to on his statement, line by line."""

    _inherit = "liquor.settlement"

    def _dispute_line(self, line, text, user):
        """Dispute one line; the settlement waits for the answer. Called by the distributor's page.

        :raises UserError: it cannot be disputed any more, or the line is disputed already
        :raises LockError: somebody else answers this statement at this moment
        """
        self.ensure_one()
        if self.state not in ("sent", "disputed"):
            raise UserError(self.env._("%(name)s cannot be disputed any more.", name=self.name))
        disputes = self.env["liquor.dispute"].sudo()
        if disputes.search_count([("settlement_line_id", "=", line.id), ("state", "=", "open")], limit=1):
            raise UserError(self.env._("This line is disputed already."))
        self.lock_for_update()
        with loser_retries(self.env, disputes._one_open.full_name(disputes)):
            dispute = disputes.create({"settlement_line_id": line.id, "text": text, "raised_by_id": user.id})
            disputes.flush_model()
        # written also where it is disputed: whoever sends the statement without knowing this dispute is run again
        self.sudo().write({"state": "disputed"})
        return dispute

    def _disputes_of(self, earning_ids):
        """Return ``{earning id: its last dispute}`` of these lines: as many queries for one as for a page."""
        disputes = (
            self
            .env["liquor.dispute"]
            .sudo()
            .search([("settlement_id", "=", self.id), ("settlement_line_id.earning_id", "in", earning_ids)], order="id")
        )
        disputes.settlement_line_id.fetch(["earning_id"])
        return {dispute.settlement_line_id.earning_id.id: dispute for dispute in disputes}

    def _disputed_ids(self):
        """Return the ids of the earnings whose lines were ever disputed."""
        lines = self.env["liquor.settlement.line"].sudo()
        return set(
            lines.search_fetch(
                [("settlement_id", "=", self.id), ("dispute_ids", "!=", False)], ["earning_id"]
            ).earning_id.ids
        )
