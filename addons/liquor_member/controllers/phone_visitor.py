"""Who is at the other end of the member's phone pages, and how such a page is answered."""

import base64
import hashlib
import hmac
import re
import secrets
from decimal import ROUND_UP, Decimal

import qrcode
from qrcode.image.svg import SvgPathImage

from odoo.http import request
from odoo.tools import format_date, format_datetime

from ..tools.business_day import company_zone
from ..tools.secrets_box import box

DEVICE_COOKIE = "liquor_device"
VISIT_COOKIE = "liquor_m"
DEVICE_DAYS = 400
VISIT = re.compile(r"[0-9a-f]{32}")
MAX_ID = 2**31 - 1
HEADERS = [
    ("Cache-Control", "no-store"),
    ("X-Robots-Tag", "noindex"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    (
        "Content-Security-Policy",
        "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    ),
]


class PhoneVisitor:
    """The browser: a device that passed a code, or a stranger with a random cookie.

    Forms are tied to the browser by a nonce made from its cookie: a page elsewhere can neither read it nor send
    our cookies along (SameSite). No Odoo session is made.
    """

    def __init__(self):
        languages = request.env["res.lang"]._get_active_by("code")
        request.update_context(lang="zh_CN" if "zh_CN" in languages else request.env.lang or "en_US")
        cookies = request.httprequest.cookies
        self.token = cookies.get(DEVICE_COOKIE) or ""
        self.device = request.env["liquor.device"]._resolve(self.token)
        self.member = self.device.member_id.with_context(lang=request.env.lang)
        given = cookies.get(VISIT_COOKIE, "")
        self.visit = given if VISIT.fullmatch(given) else secrets.token_hex(16)
        self.known = bool(VISIT.fullmatch(given))

    @property
    def agent(self):
        """The browser's own description."""
        return request.httprequest.user_agent.string or ""

    @property
    def nonce(self):
        """Value that every form of this browser carries."""
        secret = box().derive("liquor member pages", version=box().index)
        owner = f"device/{self.token}" if self.device else f"visit/{self.visit}"
        return hmac.new(secret, owner.encode(), hashlib.sha256).hexdigest()

    def allows(self, form):
        """Tell whether a form came from a page of this very browser."""
        given = form.get("nonce")
        return isinstance(given, str) and given.isascii() and hmac.compare_digest(given, self.nonce)

    def own(self, model, number):
        """Return a record of the member himself, or an empty one: other members' ids do not exist for him."""
        records = request.env[model].sudo()
        if not self.member or not 0 < number <= MAX_ID:
            return records.browse()
        return records.search([("id", "=", number), ("member_id", "=", self.member.id)], limit=1)

    # --- answers -------------------------------------------------------------------------------------------------

    def page(self, template, values=None, status=200):
        """Render a page of ours."""
        zone = str(company_zone(self.member.company_id)) if self.member else "Asia/Shanghai"
        base = {
            "member": self.member,
            "program": self.member.program_id,
            "nonce": self.nonce,
            "day": lambda value: format_date(request.env, value) if value else "",
            "moment": lambda value: format_datetime(request.env, value, tz=zone, dt_format="short") if value else "",
            "qr": qr_image,
            "cases": cases_text,
            "error": None,
            "tab": "",
        }
        response = request.render(template, {**base, **(values or {})}, status=status, headers=HEADERS)
        return self.leave_cookies(response)

    def leave_cookies(self, response):
        """Leave the cookie that ties the next form to this browser."""
        if not self.known:
            set_cookie(response, VISIT_COOKIE, self.visit)
        return response

    def go(self, path):
        """Answer a form with a page, so that reloading repeats nothing."""
        return self.leave_cookies(request.redirect(path, code=303))

    def not_found(self):
        """The one answer for what is not there, or not his."""
        return self.page("liquor_member.phone_not_found", status=404)


def set_cookie(response, name, value):
    """Leave a cookie that no script reads and no other site sends."""
    response.set_cookie(
        name,
        value,
        max_age=DEVICE_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=request.httprequest.scheme == "https",
    )


def qr_image(text):
    """Return a QR code as the address of a drawing."""
    drawing = qrcode.make(text, image_factory=SvgPathImage, border=0, box_size=10)
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.to_string()).decode()


def cases_text(value):
    """Return a number of cases, rounded up to two digits: nobody is told that less is missing than is.

    >>> cases_text(Decimal("49.8333")), cases_text(200.0)
    ('49.84', '200')
    """
    text = f"{Decimal(str(value)).quantize(Decimal('0.01'), ROUND_UP):,}"
    return text.rstrip("0").rstrip(".")
