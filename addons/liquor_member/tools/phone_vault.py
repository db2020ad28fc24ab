"""Phones of members: normalised, encrypted, found by a blind index, shown masked (design 3.12, M30)."""

import unicodedata

from odoo.exceptions import UserError

from odoo.addons.phone_validation.tools.phone_validation import phone_format

from . import secrets_box

PURPOSE = "liquor.member/phone"
DEFAULT_COUNTRY = ("CN", "86")


def mask(phone: str) -> str:
    """Return what may be shown of a phone.

    >>> mask("+8613800138000"), mask("+85251234567")
    ('138****8000', '512****4567')
    """
    digits = "".join(ch for ch in phone if ch.isdigit())
    local = digits[2:] if digits.startswith("86") and len(digits) == 13 else digits
    local = digits[3:] if digits.startswith("852") and len(digits) == 11 else local
    return f"{local[:3]}****{local[-4:]}"


class PhoneVault:
    """What may be done with a phone number; plain numbers leave it only for whoever has a grant."""

    def __init__(self, env):
        self.env = env
        self.box = secrets_box.box()

    def normalise(self, phone, company) -> str:
        """Return the number as +8613800138000.

        :param phone: anything a client sent
        :param company: ``res.company`` whose country reads a number without country code; China by default
        :raises UserError: this is no phone number
        """
        country = company.country_id
        code = (country.code, str(country.phone_code)) if country.phone_code else DEFAULT_COUNTRY
        if not isinstance(phone, str) or not 5 <= len(phone) <= 40:
            raise UserError(self.env._("Please enter a phone number."))
        text = unicodedata.normalize("NFKC", phone).strip()
        return phone_format(text, *code, force_format="E164", raise_exception=True)

    def index(self, normalised: str) -> str:
        """Return the blind index of a normalised number."""
        return self.box.blind_index(normalised, PURPOSE)

    def encrypt(self, member, normalised: str) -> str:
        """Return the cipher text for one member; it opens on his row only."""
        return self.box.encrypt(normalised, self._place(member))

    def masked(self, member) -> str:
        """Return 138****8000 for a member (in sudo)."""
        return mask(self.box.decrypt(member.phone_cipher, self._place(member)))

    def reveal(self, member) -> str:
        """Return the plain number, for sending a message to the member himself; never for a screen."""
        return self.box.decrypt(member.phone_cipher, self._place(member))

    @staticmethod
    def _place(member):
        return ("liquor.member", member.id, "phone")
