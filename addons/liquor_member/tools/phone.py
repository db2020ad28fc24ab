"""Phone numbers: one spelling, and an index that finds them without showing them (design.md 3.12)."""

from odoo.addons.phone_validation.tools.phone_validation import phone_format

from ..engine.shared.messages import mask_recipient
from .secrets_box import box

INDEX_PURPOSE = "phone"


def normalise_phone(company, text: str) -> str:
    """Return ``text`` as E.164, read as a number of the company's country (China where it has none).

    :raises UserError: it is no phone number
    """
    country = company.sudo().country_id
    code, prefix = (country.code, country.phone_code) if country else ("CN", 86)
    return phone_format((text or "").strip(), code, prefix, force_format="E164")


def phone_index(phone: str) -> str:
    """Return the blind index of a normalised number: equal for equal numbers, in every add-on."""
    return box().blind_index(phone, INDEX_PURPOSE)


def mask_phone(phone: str) -> str:
    """Return the number as staff may see it: ``138****8000``."""
    return mask_recipient(phone)
