"""``/my/terminal`` and ``/my/guide``: the wallet of a shop or guide, withdrawals, payee, gift pick-up."""

import secrets
from decimal import Decimal

from odoo.exceptions import AccessDenied
from odoo.http import request, route

from odoo.addons.liquor_member.tools.business_day import today

from ..engine.settlement.payout_file import parse_amount
from .portal_common import WALLET_PAGES, LiquorPortal
from .portal_filter import ListFilter
from .portal_wallet_lists import RewardList, WithdrawalList

#: rewards and withdrawals on the pages that show the latest only
LATEST = 10
PAGES = "<any(terminal,guide):page_kind>"


class WalletPortal(LiquorPortal):
    """Nothing of grades or of what a distributor carries ever reaches these pages (trade.md R16)."""

    @route(f"/my/{PAGES}", type="http", auth="user", website=True, methods=["GET"])
    def wallet_home(self, page_kind, **_kw):
        """Show balance, today's earnings and the latest ones with the reason of each."""
        role_sudo = self._role_sudo(WALLET_PAGES[page_kind])
        return request.render(f"liquor_channel.portal_{page_kind}", self._wallet_values(role_sudo, page_kind))

    def _wallet_values(self, role_sudo, page_kind):
        company, partner_sudo = role_sudo.company_id, role_sudo.partner_id
        earnings_sudo = request.env["liquor.earning"].sudo()
        rewards = RewardList(role_sudo, ListFilter())
        latest_sudo = earnings_sudo.search(rewards.domain(), order=rewards.order, limit=LATEST)
        today_rows = earnings_sudo._read_group(
            [*rewards.domain(), ("business_day", "=", today(company))], [], ["amount:sum", "__count"]
        )
        return self._values(
            role_sudo,
            f"liquor_{page_kind}",
            page_kind=page_kind,
            wallet=earnings_sudo._wallet(partner_sudo, company),
            earnings=[self._earning_values(row) for row in latest_sudo],
            today_amount=today_rows[0][0] or 0.0,
            deliveries_sudo=self._list("liquor.shop.delivery", [], company)[0][:5],
            today_count=today_rows[0][1],
        )

    @route(f"/my/{PAGES}/earnings", type="http", auth="user", website=True, methods=["GET"])
    def wallet_earnings(self, page_kind, **_kw):
        """List all rewards, searched, with their sums."""
        role_sudo = self._role_sudo(WALLET_PAGES[page_kind])
        listed = self._listed(RewardList, role_sudo)
        earnings = [self._earning_values(row) for row in listed["rows"]]
        values = self._values(role_sudo, f"liquor_{page_kind}", page_kind=page_kind, earnings=earnings, **listed)
        return request.render("liquor_channel.portal_wallet_earnings", values)

    @route(f"/my/{PAGES}/withdrawals", type="http", auth="user", website=True, methods=["GET"])
    def withdrawals(self, page_kind, **_kw):
        """List all withdrawals, searched, with their sum."""
        role_sudo = self._role_sudo(WALLET_PAGES[page_kind])
        listed = self._listed(WithdrawalList, role_sudo)
        values = self._values(role_sudo, f"liquor_{page_kind}", page_kind=page_kind, **listed)
        return request.render("liquor_channel.portal_withdrawals", values)

    def _earning_values(self, earning_sudo):
        """Return what the party itself may read of an earning."""
        words = dict(earning_sudo._fields["progress"]._description_selection(request.env))
        return {
            "id": earning_sudo.id,
            "day": earning_sudo.business_day,
            # what no movement earned (a contract, a claim, a period) says what for
            "product": earning_sudo.product_id.name
            or earning_sudo.policy_version_id.policy_id.name
            or earning_sudo.reason
            or "",
            "bottles": earning_sudo.bottles,
            "amount": earning_sudo.amount,
            "points": earning_sudo.points,
            "progress": earning_sudo.progress,
            "progress_label": words.get(earning_sudo.progress, ""),
            "held_reason": earning_sudo.state_ids[:1].reason if earning_sudo.progress == "held" else "",
            "why": earning_sudo._why(outward=True),
        }

    # ------------------------------------------------------------------ withdrawing
    @route(f"/my/{PAGES}/withdraw", type="http", auth="user", website=True, methods=["GET"])
    def withdraw(self, page_kind, **_kw):
        """Show what can be withdrawn now, to whom, and what is under way."""
        role_sudo = self._role_sudo(WALLET_PAGES[page_kind])
        return self._render_withdraw(role_sudo, page_kind)

    def _render_withdraw(self, role_sudo, page_kind, **more):
        company, partner_sudo = role_sudo.company_id, role_sudo.partner_id
        payouts_sudo = request.env["liquor.payout"].sudo()
        asked_sudo, _paging = self._list("liquor.payout", [], company)
        values = self._values(
            role_sudo,
            f"liquor_{page_kind}",
            page_kind=page_kind,
            wallet=request.env["liquor.earning"].sudo()._wallet(partner_sudo, company),
            plan=payouts_sudo._plan(company, partner_sudo),
            payees_sudo=self._payees_sudo(role_sudo),
            rows=asked_sudo[:LATEST],
            weekly_sudo=request.env["liquor.weekly.withdrawal"]._of(company, partner_sudo),
            waits_for_identity=self._waits_for_identity(company, partner_sudo),
            request_key=secrets.token_urlsafe(12),
            **more,
        )
        return request.render("liquor_channel.portal_withdraw", values)

    def _payees_sudo(self, role_sudo):
        return request.env["liquor.payee"].sudo().search([
            ("partner_id", "=", role_sudo.partner_id.id), ("company_id", "=", role_sudo.company_id.id)
        ])  # fmt: skip

    @route(f"/my/{PAGES}/withdraw", type="http", auth="user", website=True, methods=["POST"])
    def withdraw_ask(self, page_kind, amount="", payee="", request_key="", confirmed="", **_kw):
        """First show amount and payee to confirm; confirmed, ask for the payout, once per key."""
        role_sudo = self._role_sudo(WALLET_PAGES[page_kind])
        company, partner_sudo = role_sudo.company_id, role_sudo.partner_id
        payee_sudo = self._payees_sudo(role_sudo).filtered(lambda item: str(item.id) == str(payee))
        try:
            asked = parse_amount(amount) if amount else None
        except ValueError:
            return self._render_withdraw(role_sudo, page_kind, error=request.env._("Enter an amount."))
        if not payee_sudo:
            return self._render_withdraw(
                role_sudo, page_kind, error=request.env._("Choose one of your own payee accounts.")
            )
        if not confirmed:
            chosen = request.env["liquor.payout"].sudo()._plan(company, partner_sudo, asked)
            return self._render_withdraw(role_sudo, page_kind, chosen=chosen, chosen_payee_sudo=payee_sudo)
        key = f"{partner_sudo.id}/{str(request_key)[:64]}"
        asked = asked if asked is not None else Decimal(0)
        error = self._try(
            lambda: request.env["liquor.payout"]._request(
                company, partner_sudo, payee_sudo, asked, key, request.env.user
            )
        )
        if error:
            return self._render_withdraw(role_sudo, page_kind, error=error)
        return request.redirect(f"/my/{page_kind}/withdraw?message=asked")

    @route(f"/my/{PAGES}/withdraw/weekly", type="http", auth="user", website=True, methods=["POST"])
    def withdraw_weekly(self, page_kind, payee="", confirmed="", stop="", **_kw):
        """First show whose account will be paid every week; confirmed, switch it on, or off again."""
        role_sudo = self._role_sudo(WALLET_PAGES[page_kind])
        company, partner_sudo = role_sudo.company_id, role_sudo.partner_id
        choices = request.env["liquor.weekly.withdrawal"]
        payee_sudo = self._payees_sudo(role_sudo).filtered(lambda item: str(item.id) == str(payee))
        if stop:
            error = self._try(lambda: choices._stop(company, partner_sudo))
        elif not payee_sudo:
            error = request.env._("Choose one of your own payee accounts.")
        elif not confirmed:
            return self._render_withdraw(role_sudo, page_kind, weekly_payee_sudo=payee_sudo)
        else:
            error = self._try(lambda: choices._choose(company, partner_sudo, payee_sudo, request.env.user))
        if error:
            return self._render_withdraw(role_sudo, page_kind, error=error)
        return request.redirect(f"/my/{page_kind}/withdraw?message=weekly")

    # ------------------------------------------------------------------ payee
    @route(f"/my/{PAGES}/payee", type="http", auth="user", website=True, methods=["POST"])
    def payee_add(self, page_kind, channel="", holder="", account="", bank_name="", password="", **_kw):
        """Give a new payee account after the password was asked again."""
        role_sudo = self._role_sudo(WALLET_PAGES[page_kind])
        error = self._check_password(password) or self._try(
            lambda: request.env["liquor.payee"]._store_account(
                role_sudo.company_id, role_sudo.partner_id, str(channel), str(holder), str(account), str(bank_name)
            )
        )
        if error:
            return self._render_withdraw(role_sudo, page_kind, error=error)
        return request.redirect(f"/my/{page_kind}/withdraw?message=payee")

    def _waits_for_identity(self, company, partner_sudo):
        waiting = [("company_id", "=", company.id), ("partner_id", "=", partner_sudo.id), ("state", "=", "requested")]
        return bool(request.env["liquor.payout"].sudo().search(waiting)._without_identity())

    @route(f"/my/{PAGES}/identity", type="http", auth="user", website=True, methods=["POST"])
    def identity_give(self, page_kind, kind="", name="", id_number="", password="", **_kw):
        """Give name and ID for a prize above the limit, after the password was asked again."""
        role_sudo = self._role_sudo(WALLET_PAGES[page_kind])
        error = self._check_password(password) or self._try(
            lambda: request.env["liquor.prize.identity"]._give(
                role_sudo.company_id, role_sudo.partner_id, str(kind), str(name), str(id_number)
            )
        )
        if error:
            return self._render_withdraw(role_sudo, page_kind, error=error)
        return request.redirect(f"/my/{page_kind}/withdraw?message=identity")

    def _check_password(self, password):
        """Return why the second check failed, or nothing; Odoo's own cool-down counts the attempts."""
        credential = {"type": "password", "login": request.env.user.login, "password": str(password)}
        user = request.env.user
        try:
            with user._assert_can_auth(user=user.id):
                user._check_credentials(credential, {"interactive": True})
        except AccessDenied:
            return request.env._("The password is wrong.")
        return ""

    # ------------------------------------------------------------------ gifts
    @route("/my/terminal/redeem", type="http", auth="user", website=True, methods=["GET"])
    def redeem(self, **_kw):
        """Ask for the code a member shows."""
        role_sudo = self._role_sudo(WALLET_PAGES["terminal"])
        return request.render(
            "liquor_channel.portal_redeem", self._values(role_sudo, "liquor_terminal", claim_sudo=None)
        )

    @route("/my/terminal/redeem", type="http", auth="user", website=True, methods=["POST"])
    def redeem_code(self, code="", **_kw):
        """Hand a gift over: the code is consumed once."""
        role_sudo = self._role_sudo(WALLET_PAGES["terminal"])
        found = []
        error = self._try(
            lambda: found.append(
                request.env["liquor.benefit.claim"]._redeem(str(code), role_sudo.partner_id, request.env.user)
            )
        )
        values = self._values(role_sudo, "liquor_terminal", claim_sudo=found[0] if found else None, error=error)
        return request.render("liquor_channel.portal_redeem", values)
