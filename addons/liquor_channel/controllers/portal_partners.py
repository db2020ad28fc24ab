"""Contracts, targets, shops and orders of a distributor; the contract of a signed shop."""

from odoo.http import request, route

from odoo.addons.liquor_member.tools.business_day import today

from ..tools.dates import in_force
from .portal_common import DISTRIBUTOR_KINDS, LiquorPortal, own_domain, positive
from .portal_lists import TargetList, TransferList

PAGE = {"type": "http", "auth": "user", "website": True}


class PartnersPortal(LiquorPortal):
    """Everything is his own company partner's; whatever a request names is looked up among his own."""

    # --- targets ---------------------------------------------------------------------------------------------

    @route("/my/channel/targets", methods=["GET"], **PAGE)
    def channel_targets(self, **_kw):
        """Show how far he is and what closing a gap is worth."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        company = role_sudo.company_id
        contracts_sudo = (
            request
            .env["liquor.agreement"]
            .sudo()
            ._contracts_of(company, role_sudo.partner_id, self._values(role_sudo, "")["today"])
        )
        values = self._values(
            role_sudo,
            "liquor_channel",
            next_tiers=request.env["liquor.settlement"].sudo()._next_tiers(company, role_sudo.partner_id),
            contracts_sudo=contracts_sudo,
            **self._listed(TargetList, role_sudo),
        )
        return request.render("liquor_channel.portal_targets", values)

    # --- shops -----------------------------------------------------------------------------------------------

    @route("/my/channel/register", methods=["GET"], **PAGE)
    def channel_register(self, **_kw):
        """Show his QR code for shops, and the form to register one himself."""
        return self._register_page(self._role_sudo(DISTRIBUTOR_KINDS))

    @route("/my/channel/register", methods=["POST"], **PAGE)
    def channel_register_step(self, **form):
        """Register a shop for him; it waits for the brand's approval."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        found = {}

        def register():
            roles_sudo = request.env["liquor.channel.role"].sudo()
            found["role"], found["matches"] = roles_sudo._register_shop(
                {
                    "company": role_sudo.company_id,
                    "distributor": role_sudo.partner_id,
                    "territory": role_sudo.territory_id,
                    "terminal_kind": self._kinds_sudo(role_sudo.company_id).filtered(
                        lambda kind: kind.id == positive(form.get("kind"))
                    ),
                    **{name: str(form.get(name) or "") for name in ("name", "contact", "phone", "licence", "street")},
                },
                request.env.user,
            )

        error = self._try(register)
        return self._register_page(role_sudo, error=error, form=form if error else {}, **found)

    def _register_page(self, role_sudo, form=None, **values):
        link_sudo = request.env["liquor.registration.link"]._of_distributor(role_sudo.company_id, role_sudo.partner_id)
        values = self._values(
            role_sudo,
            "liquor_channel",
            link_sudo=link_sudo,
            kinds_sudo=self._kinds_sudo(role_sudo.company_id),
            form=form or {},
            waiting_sudo=request
            .env["liquor.channel.role"]
            .sudo()
            .search(
                [
                    ("company_id", "=", role_sudo.company_id.id),
                    ("proposed_distributor_id", "=", role_sudo.partner_id.id),
                    ("state", "=", "candidate"),
                ],
                limit=50,
            ),
            **{"role": None, "matches": [], **values},
        )
        return request.render("liquor_channel.portal_register", values)

    def _kinds_sudo(self, company):
        return request.env["liquor.terminal.kind"].sudo().search([("company_id", "in", (False, company.id))])

    @route("/my/channel/transfers", methods=["GET"], **PAGE)
    def channel_transfers(self, **_kw):
        """Show the shops that somebody asks him for, and what was decided."""
        return self._transfers_page(self._role_sudo(DISTRIBUTOR_KINDS))

    @route("/my/channel/transfers/<int:transfer_id>/<any(agree,refuse):word>", methods=["POST"], **PAGE)
    def channel_transfer_answer(self, transfer_id, word, answer="", **_kw):
        """Give a shop away, or keep it."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        transfer_sudo = self._own("liquor.terminal.transfer", transfer_id, role_sudo.company_id)
        error = self._try(lambda: transfer_sudo._consent(request.env.user, word == "agree", str(answer)))
        return self._transfers_page(role_sudo, error=error) if error else request.redirect("/my/channel/transfers")

    def _transfers_page(self, role_sudo, **values):
        values = self._values(role_sudo, "liquor_channel", **self._listed(TransferList, role_sudo), **values)
        return request.render("liquor_channel.portal_transfers", values)

    # --- orders ----------------------------------------------------------------------------------------------

    @route("/my/channel/order", methods=["GET"], **PAGE)
    def channel_order(self, text="", **_kw):
        """Choose cases of what he may order."""
        return self._order_page(self._role_sudo(DISTRIBUTOR_KINDS), text=str(text)[:100])

    @route("/my/channel/order", methods=["POST"], **PAGE)
    def channel_order_fill(self, **form):
        """Write his draft anew from the cases that he typed."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        cases = {positive(name[2:]): positive(count) for name, count in form.items() if name.startswith("q_")}
        orders = request.env["sale.order"]
        error = self._try(lambda: orders._liquor_portal_fill(role_sudo, cases, request.env.user))
        return self._order_page(role_sudo, error=error) if error else request.redirect("/my/channel/order#draft")

    @route("/my/channel/order/<any(rebate,confirm,drop):word>", methods=["POST"], **PAGE)
    def channel_order_step(self, word, seen="", **_kw):
        """Use rebate on the draft, order it, or drop it."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        draft_sudo = request.env["sale.order"]._liquor_portal_draft(role_sudo).with_company(role_sudo.company_id)
        steps = {
            "rebate": lambda: draft_sudo.action_liquor_use_rebate(),
            "confirm": lambda: draft_sudo._liquor_portal_confirm(str(seen)),
            "drop": lambda: draft_sudo.unlink(),
        }
        error = self._try(steps[word]) if draft_sudo else request.env._("There is nothing to order.")
        if error:
            return self._order_page(role_sudo, error=error)
        return request.redirect("/my/channel/orders" if word == "confirm" else "/my/channel/order")

    def _order_page(self, role_sudo, text="", **values):
        orders = request.env["sale.order"]
        draft_sudo = orders._liquor_portal_draft(role_sudo).with_company(role_sudo.company_id)
        ordered = {line.product_id.id: line.product_uom_qty for line in draft_sudo._liquor_goods()}
        rows = orders._liquor_portal_products(role_sudo, text)
        for row in rows:
            row["cases"] = int(ordered.get(row["product"].id, 0) // row["per_case"])
        rebate = orders._liquor_portal_rebate(role_sudo)
        values = self._values(
            role_sudo, "liquor_channel", rows=rows, draft_sudo=draft_sudo, text=text, rebate=rebate, **values
        )
        return request.render("liquor_channel.portal_order", values)

    # --- the shop's contract ---------------------------------------------------------------------------------

    @route("/my/terminal/contracts", methods=["GET"], **PAGE)
    def terminal_contracts(self, **_kw):
        """Show the contracts of a shop with what it got by them."""
        role_sudo = self._role_sudo(("terminal",))
        return self._contracts_page(role_sudo)

    @route("/my/terminal/contracts/<int:agreement_id>/accept", methods=["POST"], **PAGE)
    def terminal_contract_accept(self, agreement_id, read="", **_kw):
        """Accept a contract that the shop's user said he has read."""
        role_sudo = self._role_sudo(("terminal",))
        agreement_sudo = self._own("liquor.agreement", agreement_id, role_sudo.company_id)
        error = (
            self._try(lambda: agreement_sudo._accept(request.env.user))
            if read
            else request.env._("Tick that you have read the agreement.")
        )
        return self._contracts_page(role_sudo, error=error) if error else request.redirect("/my/terminal/contracts")

    @route("/my/terminal/staff/<int:employment_id>/consent", methods=["POST"], **PAGE)
    def terminal_staff_consent(self, employment_id, read="", **_kw):
        """Consent that a guide or waiter of his shop is rewarded personally (R13)."""
        role_sudo = self._role_sudo(("terminal",))
        employment_sudo = self._own("liquor.employment", employment_id, role_sudo.company_id)
        error = (
            self._try(lambda: employment_sudo._consent_online(request.env.user))
            if read
            else request.env._("Tick that you agree.")
        )
        return self._contracts_page(role_sudo, error=error) if error else request.redirect("/my/terminal/contracts")

    def _staff_sudo(self, role_sudo):
        jobs_sudo = request.env["liquor.employment"].sudo().with_company(role_sudo.company_id)
        domain = [*own_domain(jobs_sudo, role_sudo.company_id), *in_force(today(role_sudo.company_id))]
        return jobs_sudo.search(domain, limit=50)

    def _contracts_page(self, role_sudo, **values):
        agreements_sudo, paging = self._list(
            "liquor.agreement",
            [("kind", "=", "terminal")],
            role_sudo.company_id,
            request.params.get("page"),
            "date_start desc, id desc",
        )
        values = self._values(
            role_sudo,
            "liquor_terminal",
            agreements_sudo=agreements_sudo,
            staff_sudo=self._staff_sudo(role_sudo),
            paging=paging,
            **values,
        )
        return request.render("liquor_channel.portal_shop_contracts", values)
