from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError

from odoo.addons.liquor_member.tools.business_day import today
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.common.money import ZERO, decimal
from ...engine.settlement import withdrawal

#: shops asked for in one transaction
BATCH = 200
KINDS = ("terminal", "guide", "waiter")


class LiquorWeeklyWithdrawal(models.Model):
    """自动每周提现 (trade.md R8): a shop chose to be paid once a week by itself, to the account that it confirmed.

    Another account ends it until it is confirmed anew.
    """

    _name = "liquor.weekly.withdrawal"
    _description = "Weekly Withdrawal"
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", "Beneficiary", required=True, readonly=True, ondelete="restrict")
    payee_id = fields.Many2one(
        "liquor.payee", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    is_on = fields.Boolean("On", required=True, readonly=True)
    payee_active = fields.Boolean(related="payee_id.active", string="Account in Use")
    chosen_by_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    chosen_at = fields.Datetime(required=True, readonly=True)
    last_week = fields.Char("Last Week Handled", readonly=True)
    last_result = fields.Selection(
        [
            ("asked", "Asked for"),
            ("too_little", "Below the smallest withdrawal"),
            ("day_cap", "The day's limit is used"),
        ],
        readonly=True,
    )

    _one_choice = models.UniqueIndex("(company_id, partner_id)", "This party has chosen already.")

    # ------------------------------------------------------------------ the choice
    @api.model
    def _of(self, company, partner):
        """Return a partner's choice, empty where he never made one."""
        return self.sudo().search([("company_id", "=", company.id), ("partner_id", "=", partner.id)], limit=1)

    @api.model
    def _choose(self, company, partner, payee, user):
        """Switch it on, to this account; called by the shop's page after the account was shown.

        :raises UserError: a payee of somebody else, or a retired one
        """
        payee._check_usable(company, partner)
        values = {"payee_id": payee.id, "is_on": True, "chosen_by_id": user.id, "chosen_at": fields.Datetime.now()}
        choice = self._of(company, partner)
        if choice:
            choice.write(values)
            return choice
        with loser_retries(self.env, self._one_choice.full_name(self)):
            return self.sudo().create({"company_id": company.id, "partner_id": partner.id, **values})

    @api.model
    def _stop(self, company, partner):
        """Switch it off."""
        self._of(company, partner).write({"is_on": False})

    # ------------------------------------------------------------------ every week
    @api.model
    def _cron_withdraw(self):
        """Ask for what was chosen, once a week from the company's day on; what failed is tried an hour later."""
        for (company,) in self.sudo()._read_group([("is_on", "=", True)], ["company_id"]):
            if today(company).isoweekday() >= int(company.liquor_withdraw_weekday):
                waiting = self._waiting(company)
                for start in range(0, len(waiting), BATCH):
                    part = waiting[start : start + BATCH]
                    part._withdraw(company)
                    self.env["ir.cron"]._commit_progress(len(part))

    @api.model
    def _week(self, company):
        year, week, _day = today(company).isocalendar()
        return f"{year}-W{week:02d}"

    def _waiting(self, company):
        """Choices that were not handled this week, of parties that may withdraw today."""
        choices = self.sudo().search([
            ("company_id", "=", company.id),
            ("is_on", "=", True),
            ("payee_id.active", "=", True),
            "|",
            ("last_week", "=", False),
            ("last_week", "!=", self._week(company)),
        ])
        roles = self.env["liquor.channel.role"].sudo()._live(choices.partner_id, KINDS, today(company), company)
        return choices.filtered(lambda choice: choice.partner_id in roles.partner_id)

    def _withdraw(self, company):
        """Ask for each one's balance, in as many queries for one as for all; a week that is handled stays so."""
        choices = self.sudo().with_company(company)._take_turns()
        week, minimum = self._week(company), decimal(company.liquor_withdraw_minimum)
        cap, days = decimal(company.liquor_withdraw_day_cap), self.env["liquor.withdrawal.day"].sudo()
        taken = days._taken(company, choices.partner_id)
        available = self.env["liquor.payout"].sudo()._available_of(company, choices.partner_id)
        planned = {
            choice: withdrawal.weekly(
                available.get(choice.partner_id.id, []), minimum, cap - decimal(taken.get(choice.partner_id.id, ZERO))
            )
            for choice in choices
        }
        asking = choices.filtered(lambda choice: planned[choice][1] == "asked")
        amounts = {choice.partner_id.id: planned[choice][0].amount for choice in asking}
        if asking and days._take_many(company, amounts) != set(amounts):
            raise ConcurrencyError("a withdrawal was faster")
        self.env["liquor.payout"].sudo().with_company(company)._create_requests(company, [
            (choice.partner_id, choice.payee_id, planned[choice][0], choice._key(week), choice.chosen_by_id)
            for choice in asking
        ])  # fmt: skip
        for result, same in choices.grouped(lambda choice: planned[choice][1]).items():
            # what the day's limit held back is tried tomorrow
            same.write({"last_result": result, **({} if result == "day_cap" else {"last_week": week})})

    def _take_turns(self):
        """Lock the choices and leave out those whose week was asked for already, or that somebody else handles now."""
        choices = self.try_lock_for_update()
        keys = {choice: choice._key(self._week(choice.company_id)) for choice in choices}
        known = self.env["liquor.payout"].sudo().search([("request_key", "in", list(keys.values()))])
        asked = set(known.mapped("request_key"))
        return choices.filtered(lambda choice: keys[choice] not in asked)

    def _key(self, week):
        return f"weekly/{self.company_id.id}/{self.partner_id.id}/{week}"
