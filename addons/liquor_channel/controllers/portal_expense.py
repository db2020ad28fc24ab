"""``/my/channel/expenses``: a distributor applies for expenses, proves and claims them, and sees how long he waits."""

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from .portal_common import DISTRIBUTOR_KINDS, LiquorPortal, positive
from .portal_filter import read_day
from .portal_lists import ExpenseList

#: what he may choose himself; the wallet of a shop is the maker's way
METHODS = ("rebate_account", "discount", "payment")
#: steps of the way, in their order, as the page draws them
STEPS = ("applied", "approved", "executing", "claimed", "checked", "paid")
PHOTO_TEXT = 17 * 1024 * 1024


def amount_of(text):
    """Return an amount as typed, or 0.0 for anything that is none.

    >>> amount_of("1,200.50"), amount_of("1e9"), amount_of("nan"), amount_of("-5"), amount_of(None)
    (1200.5, 0.0, 0.0, 0.0, 0.0)
    """
    text = str(text or "").replace(",", "").strip()
    whole, _point, cents = text.partition(".")
    fits = whole.isascii() and whole.isdigit() and len(whole) <= 10 and len(cents) <= 2
    return float(text) if fits and (not cents or (cents.isdigit() and cents.isascii())) else 0.0


class ExpensePortal(LiquorPortal):
    """Applications, photos and claims of the signed-in distributor, never of one that the request names."""

    @route("/my/channel/expenses", type="http", auth="user", website=True, methods=["GET"])
    def expenses(self, **_kw):
        """List his expenses, with how many days each waits."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        waiting = request.env["liquor.expense"].sudo()._waiting_of(role_sudo.company_id, role_sudo.partner_id)
        values = self._values(role_sudo, "liquor_channel", waiting=waiting, **self._listed(ExpenseList, role_sudo))
        return request.render("liquor_channel.portal_expenses", values)

    @route("/my/channel/expenses/new", type="http", auth="user", website=True, methods=["GET"])
    def expense_new(self, **_kw):
        """Show the form of an application."""
        return self._render_form(self._role_sudo(DISTRIBUTOR_KINDS), {})

    def _render_form(self, role_sudo, given, error=""):
        expenses_sudo = request.env["liquor.expense"].sudo()
        labels = dict(expenses_sudo._fields["payment_method"]._description_selection(request.env))
        values = self._values(
            role_sudo,
            "liquor_channel",
            kinds_sudo=request.env["liquor.expense.kind"].sudo().search([]),
            methods=[(name, labels[name]) for name in METHODS],
            shops_sudo=self._shops_sudo(role_sudo),
            given=given,
            error=error,
        )
        return request.render("liquor_channel.portal_expense_new", values)

    def _shops_sudo(self, role_sudo):
        """Return the shops that he supplies today."""
        day = self._values(role_sudo, "")["today"]
        assignments_sudo = request.env["liquor.channel.assignment"].sudo().search([
            ("distributor_id", "=", role_sudo.partner_id.id),
            ("company_id", "=", role_sudo.company_id.id),
            "|",
            ("date_end", "=", False),
            ("date_end", ">=", day),
        ])  # fmt: skip
        return assignments_sudo.terminal_id

    @route("/my/channel/expenses/new", type="http", auth="user", website=True, methods=["POST"])
    def expense_apply(self, **form):
        """Hand an application in."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        given = {name: str(form.get(name) or "")[:2000] for name in
                 ("title", "kind", "amount", "date_start", "date_end", "method", "note", "shop")}  # fmt: skip
        made = []
        error = self._try(lambda: made.append(self._apply(role_sudo, given)))
        if error:
            return self._render_form(role_sudo, given, error)
        return request.redirect(f"/my/channel/expenses/{made[0].id}")

    def _apply(self, role_sudo, given):
        kind_sudo = request.env["liquor.expense.kind"].sudo().search([("id", "=", positive(given["kind"]))])
        start, end = read_day(given["date_start"]), read_day(given["date_end"])
        amount = amount_of(given["amount"])
        if not (given["title"].strip() and kind_sudo and start and end and amount and given["method"] in METHODS):
            raise UserError(request.env._("Fill in what for, the kind, the days, the amount and the way of payment."))
        if end < start:
            raise UserError(request.env._("The action ends before it starts."))
        shops_sudo = self._shops_sudo(role_sudo).filtered(lambda shop: shop.id == positive(given["shop"]))
        expense_sudo = request.env["liquor.expense"].sudo().with_company(role_sudo.company_id).create({
            "title": given["title"].strip()[:100],
            "kind_id": kind_sudo.id,
            "company_id": role_sudo.company_id.id,
            "distributor_id": role_sudo.partner_id.id,
            "amount": amount,
            "date_start": start,
            "date_end": end,
            "payment_method": given["method"],
            "note": given["note"],
            "shop_ids": [(6, 0, shops_sudo.ids)],
            "author_id": request.env.uid,
        })  # fmt: skip
        expense_sudo._apply()
        return expense_sudo

    def _expense_sudo(self, role_sudo, expense_id):
        return self._own("liquor.expense", expense_id, role_sudo.company_id)

    @route("/my/channel/expenses/<int:expense_id>", type="http", auth="user", website=True, methods=["GET"])
    def expense(self, expense_id, **_kw):
        """Show one expense: its steps in days, its photos, what was cut and why."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        return self._render_expense(role_sudo, self._expense_sudo(role_sudo, expense_id))

    def _render_expense(self, role_sudo, expense_sudo, error=""):
        values = self._values(
            role_sudo,
            "liquor_channel",
            expense_sudo=expense_sudo,
            steps=expense_sudo._steps(STEPS),
            may_claim=expense_sudo.state in ("approved", "executing"),
            shops_sudo=expense_sudo.shop_ids or self._shops_sudo(role_sudo),
            token=request.csrf_token(time_limit=None),
            error=error,
        )
        return request.render("liquor_channel.portal_expense", values)

    @route("/my/channel/expenses/<int:expense_id>/claim", type="http", auth="user", website=True, methods=["POST"])
    def expense_claim(self, expense_id, amount="", guests="", new_guests="", **_kw):
        """Claim what was executed."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        expense_sudo = self._expense_sudo(role_sudo, expense_id)

        def claim():
            if expense_sudo.has_guests and expense_sudo.program_id:
                expense_sudo.write({"guests": positive(guests), "new_guests": positive(new_guests)})
                expense_sudo.flush_recordset()
            expense_sudo._claim(amount_of(amount), request.env.user)

        error = self._try(claim)
        if error:
            return self._render_expense(role_sudo, expense_sudo, error)
        return request.redirect(f"/my/channel/expenses/{expense_id}")

    @route("/my/channel/expenses/<int:expense_id>/photo", type="jsonrpc", auth="user", methods=["POST"])
    def expense_photo(self, expense_id, image=None, day=None, shop=None, place=None, token=None, **_kw):
        """Take one photo, as base64 in a JSON call that carries the page's token.

        :return: {"html": the photo's card} or {"error": sentence}
        """
        if not self._has_token(token):
            return {"error": request.env._("This page is out of date. Open it again.")}
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        expense_sudo = self._expense_sudo(role_sudo, expense_id)
        taken = read_day(day)
        if not isinstance(image, str) or len(image) > PHOTO_TEXT or not taken:
            return {"error": request.env._("Choose a photo of at most 12 MB and say on which day it was taken.")}
        shops_sudo = (expense_sudo.shop_ids or self._shops_sudo(role_sudo)).filtered(
            lambda one: one.id == positive(shop)
        )
        made = []
        error = self._try(lambda: made.append(self._add_photo(expense_sudo, image, taken, shops_sudo, place)))
        if error:
            return {"error": error}
        card = request.env["ir.qweb"]._render("liquor_channel.portal_expense_photo", {"proof": made[0]})
        return {"html": str(card)}

    def _add_photo(self, expense_sudo, image, taken, shop_sudo, place):
        if expense_sudo.state not in ("approved", "executing", "claimed"):
            raise UserError(request.env._("Photos are sent when the application is approved."))
        return request.env["liquor.expense.proof"].sudo().create({
            "expense_id": expense_sudo.id,
            "image": image,
            "taken_on": taken,
            "shop_id": shop_sudo[:1].id,
            "place": str(place or "")[:200],
        })  # fmt: skip

    @route("/my/channel/photos/<int:proof_id>", type="http", auth="user", methods=["GET"])
    def photo(self, proof_id, **_kw):
        """Show one of his photos, small."""
        role_sudo = self._role_sudo(DISTRIBUTOR_KINDS)
        proof_sudo = request.env["liquor.expense.proof"].sudo().search([
            ("id", "=", proof_id),
            ("distributor_id", "=", role_sudo.partner_id.id),
            ("company_id", "=", role_sudo.company_id.id),
        ])  # fmt: skip
        if not proof_sudo:
            raise NotFound
        return request.env["ir.binary"]._get_image_stream_from(proof_sudo, "image_small").get_response()
