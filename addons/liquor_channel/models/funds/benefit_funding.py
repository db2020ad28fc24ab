from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.accounts.grouping import EntryLine
from ...engine.common.money import decimal


class LiquorBenefitFunding(models.Model):
    """Who carries a benefit that was handed over: ``amount`` is its cost, ``funder_amount`` the distributor's part."""

    _name = "liquor.benefit.funding"
    _description = "Who Carries a Benefit"
    _inherit = ["liquor.ledger.mixin"]
    _order = "id desc"
    _rec_name = "reason"

    _ledger_amounts = ("amount", "funder_amount")

    claim_id = fields.Many2one(
        "liquor.benefit.claim", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    fund_id = fields.Many2one("liquor.fund", readonly=True, ondelete="restrict", check_company=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    amount = fields.Monetary("Cost", required=True, readonly=True, aggregator="sum")
    funder_id = fields.Many2one("res.partner", "Distributor", readonly=True, ondelete="restrict")
    funder_amount = fields.Monetary("Of Which Distributor", readonly=True, aggregator="sum")
    agreement_id = fields.Many2one("liquor.agreement", readonly=True, ondelete="restrict", check_company=True)

    _share_bounds = models.Constraint(
        """CHECK (abs(amount) <= 1000000000 AND (COALESCE(funder_amount, 0) = 0
            OR (funder_id IS NOT NULL AND agreement_id IS NOT NULL AND sign(funder_amount) = sign(amount)
                AND abs(funder_amount) <= abs(amount))))""",
        "The distributor's part is a part of the cost, by an agreement that he accepted.",
    )
    _funder_idx = models.Index("(funder_id, company_id) WHERE funder_id IS NOT NULL")

    @api.model
    def _post_open(self, company, date_to=None):
        """Take what was handed over from the funds and charge the shares: one movement a fund, one entry in all.

        :return: the rows that were posted now; a second call finds none
        """
        own = self.sudo().with_company(company)
        rows = own._open_rows(company, date_to or today(company))
        if not rows:
            return self.browse()
        own._take_from_funds(rows)
        move = own._post_shares(company, rows)
        postings = self.env["liquor.benefit.posting"].sudo()
        with loser_retries(self.env, postings._funding_unique.full_name(postings)):
            postings._bulk_insert(
                ["company_id", "funding_id", "move_id"], [(company.id, row[0], move.id or None) for row in rows]
            )
        return self.browse([row[0] for row in rows])

    def _open_rows(self, company, date_to):
        """Rows (id, fund id, cost, distributor id, his part) that are not posted, in one query."""
        self.flush_model()
        self.env["liquor.benefit.posting"].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT f.id, f.fund_id, f.amount, f.funder_id, COALESCE(f.funder_amount, 0)
                     FROM liquor_benefit_funding f
                    WHERE f.company_id = %s AND f.booked_day <= %s
                      AND NOT EXISTS (SELECT FROM liquor_benefit_posting p WHERE p.funding_id = f.id)
                 ORDER BY f.id""",
                company.id,
                date_to,
            )
        )

    def _take_from_funds(self, rows):
        sums = {}
        for _row, fund, cost, _funder, carried in rows:
            if fund:
                sums[fund] = sums.get(fund, decimal(0)) + decimal(cost) - decimal(carried)
        last = self.browse(rows[-1][0])
        # what was handed over is owed to nobody any more: its money has gone the whole way
        steps = {"earned": "", "settled": "/settled", "paid": "/paid"}
        self.env["liquor.fund"]._steer([
            {
                "fund_id": fund,
                "amount": amount,
                "step": step,
                "key": f"benefits/{last.id}/{fund}{suffix}",
                "origin": last,
                "reason": self.env._("Benefits handed over"),
            }
            for fund, amount in sorted(sums.items())
            for step, suffix in steps.items()
        ])

    def _post_shares(self, company, rows):
        """Dr 1221.F of each distributor / Cr 6601.S, as the cost of benefits is lower by it."""
        sums = {}
        for _row, _fund, _cost, funder, carried in rows:
            if carried:
                sums[funder] = sums.get(funder, decimal(0)) + decimal(carried)
        if not any(sums.values()):
            return self.env["account.move"]
        label = self.env._("Distributors' part of benefits")
        parts = [("cofunding_due", funder, amount) for funder, amount in sorted(sums.items())]
        parts.append(("service_expense", None, -sum(sums.values())))
        lines = [EntryLine(*part, weights={(0, 0): part[2]}) for part in parts]
        journal = self.env["liquor.account.mapping"]._journals(company)["accrual"]
        paper = {"liquor_benefit_shares": True}
        return self.env["liquor.entry.lines"]._post_entry(company, lines, label, paper, journal=journal)
