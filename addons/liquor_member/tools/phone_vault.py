"""Phones of members: encrypted on the member's row, found by a blind index, shown masked (design 3.12, M30)."""

import unicodedata

from odoo.exceptions import UserError

from .phone import mask_phone, normalise_phone, phone_index
from .secrets_box import box


class PhoneVault:
    """What may be done with a member's number."""

    def __init__(self, env):
        self.env = env

    def normalise(self, phone, company) -> str:
        """Return the number as +8613800138000.

        :param phone: anything a client sent
        :param company: ``res.company`` whose country reads a number without country code
        :raises UserError: this is no phone number
        """
        if not isinstance(phone, str) or not 5 <= len(phone) <= 40:
            raise UserError(self.env._("Please enter a phone number."))
        return normalise_phone(company, unicodedata.normalize("NFKC", phone))

    def index(self, normalised: str) -> str:
        """Return the blind index of a normalised number."""
        return phone_index(normalised)

    def encrypt(self, member, normalised: str) -> str:
        """Return the cipher text for one member; it opens on his row only."""
        return box().encrypt(normalised, self._place(member))

    def masked(self, member) -> str:
        """Return 138****8000 for a member (in sudo)."""
        return mask_phone(self.reveal(member))

    def reveal(self, member) -> str:
        """Return the plain number, for a message to the member himself; never for a screen."""
        return box().decrypt(member.phone_cipher, self._place(member))

    @staticmethod
    def _place(member):
        return ("liquor.member", member.id, "phone")
