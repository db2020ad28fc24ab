"""What the pages of distributor, shop and guide have in common."""

from werkzeug.exceptions import NotFound

from odoo.exceptions import ConcurrencyError, LockError, UserError, ValidationError
from odoo.http import request

from odoo.addons.liquor_member.tools.business_day import company_zone, today
from odoo.addons.portal.controllers.portal import CustomerPortal

from ..engine.settlement.statement_search import find, page_of
from .portal_filter import ListFilter

DISTRIBUTOR_KINDS = ("distributor", "sub_distributor")
WALLET_PAGES = {"terminal": ("terminal",), "guide": ("guide", "waiter")}
PAGE_SIZE = 20
#: how often an action is tried whose record somebody else holds
TRIES = 4
#: rows of a frozen statement on one page
ROWS_SHOWN = 50

#: class of the badge of a state: green is good, blue is under way, amber waits for a check, red went wrong
TONE = {
    **dict.fromkeys(
        (
            "available",
            "accepted",
            "agreed",
            "confirmed",
            "approved",
            "checked",
            "posted",
            "paid",
            "closed",
            "ok",
            "sale",
        ),
        "text-bg-success",
    ),
    **dict.fromkeys(
        (
            "sent",
            "asked",
            "applied",
            "executing",
            "claimed",
            "paying",
            "requested",
            "batched",
            "on_the_way",
            "settling",
            "matched",
        ),
        "text-bg-info",
    ),
    "held": "text-bg-warning",
    **dict.fromkeys(("disputed", "refused", "rejected", "failed", "returned", "expired"), "text-bg-danger"),
}


def positive(text):
    """Return a whole number as an address carries it, or 0 for anything else.

    >>> positive("7"), positive("-1"), positive("²"), positive("9" * 30), positive(None)
    (7, 0, 0, 0, 0)
    """
    text = str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def own_domain(records_sudo, company):
    """Return the domain of what the signed-in user's own company partner may see of a model, in one company."""
    return [("company_id", "=", company.id), *records_sudo._portal_domain(records_sudo.env.user)]


class LiquorPortal(CustomerPortal):
    """Roles, paging and messages. Records come by ``_portal_domain`` and live in variables named ``x_sudo``."""

    def _roles_sudo(self, kinds):
        """Return the live roles of the signed-in user's own company partner, never of anybody the request names."""
        partner = request.env.user.partner_id.commercial_partner_id
        roles_sudo = request.env["liquor.channel.role"].sudo()
        domain = [
            ("partner_id", "=", partner.id),
            ("kind", "in", kinds),
            ("state", "in", ("trial", "formal", "suspended")),
        ]
        return roles_sudo.search(domain, order="id").filtered(self._is_of_today)

    def _is_of_today(self, role_sudo):
        """Tell whether today, by the clock of the role's company, lies within its dates."""
        day = today(role_sudo.company_id)
        return role_sudo.date_start <= day and (not role_sudo.date_end or day <= role_sudo.date_end)

    def _role_sudo(self, kinds):
        """Return one role: of the company that he chose among his own, else of his user's, else the first.

        :raises NotFound: he has no such role
        """
        roles_sudo = self._roles_sudo(kinds)
        company_sudo = self._chosen(roles_sudo.company_id)
        role_sudo = roles_sudo.filtered(lambda role: role.company_id == company_sudo)[:1]
        self._use_zone(role_sudo.company_id)
        return role_sudo.with_context(tz=request.env.context["tz"]).with_company(role_sudo.company_id)

    def _chosen(self, companies_sudo):
        """Return the company of ``?company=`` among those he deals with, which his session keeps.

        :raises NotFound: he deals with none
        """
        asked = positive(request.params.get("company"))
        if asked in companies_sudo.ids:
            request.session["liquor_company"] = asked
        request.liquor_companies_sudo = companies_sudo
        for wanted in (request.session.get("liquor_company"), request.env.user.company_id.id, *companies_sudo.ids[:1]):
            if wanted in companies_sudo.ids:
                return companies_sudo.browse(wanted)
        raise NotFound

    def _use_zone(self, company):
        """Show every moment of this request in the company's business time zone, whatever the reader's own is."""
        request.update_context(tz=company_zone(company).key)

    def _own(self, model, record_id, company):
        """Return one record of the user's own, in sudo.

        :raises NotFound: there is none, or it is somebody else's: one answer for both
        """
        model_sudo = request.env[model].sudo().with_company(company)
        domain = [("id", "=", int(record_id)), *own_domain(model_sudo, company)]
        record_sudo = model_sudo.search(domain, limit=1)
        if not record_sudo:
            raise NotFound
        return record_sudo

    def _list(self, model, domain, company, page=1, order=None):
        """Return ``(records in sudo, paging values)`` of the user's own records."""
        model_sudo = request.env[model].sudo().with_company(company)
        domain = [*own_domain(model_sudo, company), *domain]
        page = positive(page) or 1
        records_sudo = model_sudo.search(domain, limit=PAGE_SIZE + 1, offset=(page - 1) * PAGE_SIZE, order=order)
        return records_sudo[:PAGE_SIZE], {"page": page, "has_next": len(records_sudo) > PAGE_SIZE}

    def _listed(self, kind, role_sudo):
        """Return the values of a page with a list: its rows in sudo, paging with totals, and what it is narrowed to.

        :param kind: a PortalList
        """
        wanted = ListFilter.of(request.params)
        listing = kind(role_sudo, wanted)
        rows, paging = listing.page(request.params.get("page"))
        return {"listing": listing, "rows": rows, "paging": paging, "wanted": wanted}

    def _rows(self, rows, wanted, admits=None):
        """Return the asked page of the rows of a frozen statement, with the sums of all that was found.

        :param wanted: ListFilter
        :param admits: a further test of a row
        """
        return page_of(find(rows, wanted.rows(admits)), positive(request.params.get("page")) or 1, ROWS_SHOWN)

    def _has_token(self, token):
        """Tell whether a JSON call carries the token of a page of his; a call may send anything as token."""
        return isinstance(token, str) and token.isascii() and bool(request.validate_csrf(token))

    def _prepare_portal_layout_values(self):
        return {**super()._prepare_portal_layout_values(), "tone": TONE}

    def _values(self, role_sudo, page_name, **values):
        """Return what every page needs."""
        company = role_sudo.company_id
        return {
            **self._prepare_portal_layout_values(),
            "page_name": page_name,
            "role_sudo": role_sudo,
            "partner_sudo": role_sudo.partner_id,
            "company_sudo": company,
            # what he may change to
            "companies_sudo": getattr(request, "liquor_companies_sudo", company),
            "currency_sudo": company.currency_id,
            "today": today(company),
            "message": request.params.get("message", ""),
            "error": "",
            **values,
        }

    def _try(self, action):
        """Run a user's action; return its refusal in words, or nothing.

        :raises ConcurrencyError: somebody else holds the record; Odoo runs the request again, a few times
        """
        try:
            with request.env.cr.savepoint():
                action()
        except LockError as error:
            request.liquor_tries = getattr(request, "liquor_tries", 0) + 1
            if request.liquor_tries < TRIES:
                raise ConcurrencyError(str(error)) from error
            return request.env._("Somebody else is working on this right now. Nothing was stored: please try again.")
        except (UserError, ValidationError) as error:
            return str(error.args[0])
        except ValueError:
            # NUL, half a surrogate pair: PostgreSQL stores neither, and its words are for nobody
            return request.env._("Something you typed cannot be stored. Check it, then try again.")
        return ""
