import re
import secrets
import time
from datetime import UTC
from urllib.parse import quote

from odoo import http
from odoo.http import request

from odoo.addons.liquor_member.tools.business_day import company_zone

from ..engine.codes.limiter import MissLimiter
from ..engine.codes.verdict import verdict

PUBLIC = {"type": "http", "auth": "public", "save_session": False, "sitemap": False}
"""Routes without a session, for anybody with a code."""
COOKIE = "liquor_visit"
COOKIE_DAYS = 400
HEADERS = [
    ("Cache-Control", "no-store"),
    ("X-Robots-Tag", "noindex"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    (
        "Content-Security-Policy",
        "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'self'; "
        "frame-ancestors 'none'",
    ),
]
# programs that fetch a page to preview or index it, not because a person looked; Cubot is a make of phones
PREVIEWS = re.compile(
    r"(?<!cu)bot|spider|crawl|slurp|preview|facebookexternalhit|whatsapp|telegram|skype|curl|wget|python-requests",
    re.IGNORECASE,
)
VISIT = re.compile(r"[0-9a-f]{32}")
misses = MissLimiter()


class CodePage(http.Controller):
    """The page of every printed code. A wrong code costs no query of ours."""

    @http.route(["/b/<string:code>", "/B/<string:code>"], methods=["GET"], **PUBLIC)
    def page(self, code, **_ignored):
        """Say whether the bottle is genuine, and offer what its code can do."""
        return self._answer(code)

    @http.route(
        ["/01/<string:gtin>/21/<string:code>", "/01/<string:gtin>/10/<string:lot>/21/<string:code>"],
        methods=["GET"],
        **PUBLIC,
    )
    def digital_link(self, gtin, code, lot=None, **_ignored):
        """GS1 Digital Link of the same unit: product and lot must be those of the code."""
        part = f"/10/{quote(lot, safe='')}" if lot else ""
        return self._answer(f"https://id.gs1.org/01/{gtin}{part}/21/{code}")

    @http.route("/b/<string:code>/picture", methods=["GET"], **PUBLIC)
    def picture(self, code, **_ignored):
        """Picture of the product of an active code."""
        unit = find_unit(code)
        if not unit or not unit.batch.product_id.image_512:
            return request.make_response("", HEADERS, status=404)
        stream = request.env["ir.binary"].sudo()._get_image_stream_from(unit.batch.product_id.sudo(), "image_512")
        return stream.get_response(immutable=False, max_age=86400)

    def _answer(self, code):
        unit = find_unit(code)
        if not unit:
            return invalid_page()
        visitor = Visitor()
        looks = self._looks(unit, visitor)
        return visitor.answer("liquor_scan.code_page", self._page_values(unit, visitor, looks))

    def _page_values(self, unit, visitor, looks):
        return page_values(unit, visitor, looks)

    def _looks(self, unit, visitor):
        if request.httprequest.method == "HEAD" or PREVIEWS.search(visitor.agent):
            return 1, None, 1
        return request.env["liquor.look"].sudo()._count(unit, visitor.device, visitor.origin, visitor.known)


class Visitor:
    """The browser at the other end: a random cookie, or its address and program where none came back."""

    def __init__(self):
        asked = request.httprequest
        given = asked.cookies.get(COOKIE, "")
        self.known = bool(VISIT.fullmatch(given))
        self.visit = given if self.known else secrets.token_hex(16)
        self.agent = asked.user_agent.string or ""
        pseudonym = request.env["liquor.look"]._pseudonym
        self.device = pseudonym("visit", self.visit)
        self.origin = pseudonym("origin", asked.remote_addr or "", self.agent)

    def answer(self, template, values, status=200):
        """Render a page of ours and leave the cookie."""
        response = request.render(template, values, status=status, headers=HEADERS)
        if not self.known:
            response.set_cookie(
                COOKIE,
                self.visit,
                max_age=COOKIE_DAYS * 86400,
                httponly=True,
                samesite="Lax",
                secure=request.httprequest.scheme == "https",
            )
        return response


def find_unit(code):
    """Return the active unit of a code, or None; not issued, not activated and void look like wrong ones."""
    use_language()
    batches = request.env["liquor.code.batch"]
    if not batches._resolve(code):
        return None
    unit = batches._locate([code]).get(code)
    if unit and unit.state != "active" and request.httprequest.method != "HEAD":
        request.env["liquor.code.leak"].sudo()._note([unit], "page")
    return unit if unit and unit.state == "active" else None


def use_language():
    """The pages speak Chinese wherever it is installed."""
    languages = request.env["res.lang"]._get_active_by("code")
    request.update_context(lang="zh_CN" if "zh_CN" in languages else request.env.lang or "en_US")


def invalid_page():
    """Answer the one page for everything that is no valid code."""
    fine = misses.miss(request.httprequest.remote_addr or "", time.monotonic())
    return request.render("liquor_scan.code_invalid_page", {}, status=200 if fine else 429, headers=HEADERS)


def page_values(unit, visitor, looks):
    """Return what the template of a valid code needs."""
    count, first, own = looks
    batch = unit.batch
    company = batch.company_id
    return {
        "unit": unit,
        "code": request.env["liquor.code.batch"]._printed(unit),
        "batch": batch,
        "product": batch.product_id,
        "company": company,
        "looks": count,
        "first_look": first and local_time(company, first),
        "verdict": verdict(looks=count, own=own),
    }


def local_time(company, moment):
    """Return a UTC moment as the company's clock shows it."""
    return moment.replace(tzinfo=UTC).astimezone(company_zone(company)).strftime("%Y-%m-%d %H:%M")
