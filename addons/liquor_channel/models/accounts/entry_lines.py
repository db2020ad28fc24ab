from odoo import api, fields, models

from odoo.addons.liquor_member.tools.business_day import today
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.accounts.analytic import percentages

#: dimension -> (XML id of its plan, model that its accounts stand for)
DIMENSIONS = {
    "region": ("liquor_channel.analytic_plan_region", "liquor.territory"),
    "program": ("liquor_channel.analytic_plan_program", "liquor.policy"),
}


class LiquorEntryLines(models.AbstractModel):
    """Journal items of the engine's lines, each with its place and programme (channel.md Acc-1).

    Analytic accounts are made when they are first needed: one per company and territory, and per company and policy.
    """

    _name = "liquor.entry.lines"
    _description = "Journal Items of Ours"

    @api.model
    def _commands(self, company, lines, accounts, label):
        """Return the commands of ``line_ids`` for the engine's lines.

        :param accounts: ``{role: account}``, with every role of the lines
        """
        distributions = self._distributions(company, [line.weights for line in lines])
        storno = company.account_storno
        return [
            fields.Command.create({
                "account_id": accounts[line.role].id,
                "partner_id": line.partner_id,
                "name": label,
                "balance": float(line.balance),
                "analytic_distribution": distribution,
                **({"is_storno": True} if storno and line.storno else {}),
            })
            for line, distribution in zip(lines, distributions, strict=True)
        ]

    @api.model
    def _post_entry(self, company, lines, label, paper, *, journal=None, accounts=None, day=None):
        """Make and post one entry of ours.

        :param lines: the engine's lines; they sum to nothing
        :param paper: ``{field of the entry: id}``, what it stands for
        :param journal: that of adjustments by default
        :param accounts: ``{role: account}`` beside those of the company, such as the bank's
        :param day: today by default; where it is closed the entry stands on the first open day
        """
        mapping = self.env["liquor.account.mapping"]
        journal = journal or mapping._journals(company)["adjustment"]
        known = {**mapping._accounts(company), **(accounts or {})}
        move = self.env["account.move"].create({
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": company.id,
            "date": self.env["liquor.period"]._open_day(company, day or today(company), journal),
            "ref": label,
            **paper,
            "line_ids": self._commands(company, lines, known, label),
        })
        move._post(soft=False)
        return move

    @api.model
    def _distributions(self, company, weights_list):
        """Return an ``analytic_distribution`` for each ``{(territory id, policy id): amount}``, in the same order.

        The number of queries depends neither on the lines nor on the places.
        """
        parts = [percentages(weights) for weights in weights_list]
        places = {place for part in parts for place in part}
        regions = self._analytic_accounts(company, "region", {place[0] for place in places})
        programs = self._analytic_accounts(company, "program", {place[1] for place in places})
        return [
            {
                f"{regions[territory]},{programs[policy]}": float(percent)
                for (territory, policy), percent in part.items()
            }
            for part in parts
        ]

    @api.model
    def _analytic_accounts(self, company, dimension, ids):
        """Return ``{record id: analytic account id}``; id 0 is the account of what has no place or no policy."""
        accounts = self.env["account.analytic.account"].sudo().with_company(company)
        keys = {f"{dimension}/{number}": number for number in ids}
        found = accounts.with_context(active_test=False).search_fetch(
            [("company_id", "=", company.id), ("liquor_key", "in", list(keys))], ["liquor_key"]
        )
        missing = sorted(set(ids) - {keys[account.liquor_key] for account in found})
        if missing:
            with loser_retries(self.env, accounts._liquor_key_unique.full_name(accounts)):
                found += accounts.create(self._prepare_analytic_accounts(company, dimension, missing))
        return {keys[account.liquor_key]: account.id for account in found}

    def _prepare_analytic_accounts(self, company, dimension, ids):
        plan, model = DIMENSIONS[dimension]
        nothing = {"region": self.env._("No territory"), "program": self.env._("No policy")}
        records = self.env[model].sudo().browse([number for number in ids if number])
        names = {0: nothing[dimension], **{record.id: record.display_name for record in records}}
        return [
            {
                "name": names[number],
                "plan_id": self.env.ref(plan).id,
                "company_id": company.id,
                "liquor_key": f"{dimension}/{number}",
            }
            for number in ids
        ]
