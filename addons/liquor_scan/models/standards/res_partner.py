from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.codes.gs1 import has_check_digit

OWN = "urn:x-liquor:party:"
"""How a party without a GLN is named: its number here, of no meaning elsewhere."""


class ResPartner(models.Model):
    _inherit = "res.partner"

    liquor_gln = fields.Char(
        "GLN", copy=False, help="Global Location Number, 13 digits: how GS1 and EPCIS documents name this party."
    )

    _liquor_gln_unique = models.UniqueIndex(
        "(liquor_gln) WHERE liquor_gln IS NOT NULL", "Another partner has this GLN already."
    )

    @api.constrains("liquor_gln")
    def _check_liquor_gln(self):
        for partner in self.filtered("liquor_gln"):
            if len(partner.liquor_gln) != 13 or not has_check_digit(partner.liquor_gln):
                raise ValidationError(
                    self.env._("%(gln)s is no GLN: 13 digits, the last checks.", gln=partner.liquor_gln)
                )

    def _liquor_party_uri(self):
        """URI of a party in EPCIS: its PGLN, else its number here."""
        self.ensure_one()
        return f"https://id.gs1.org/417/{self.liquor_gln}" if self.liquor_gln else f"{OWN}{self.id}"

    def _liquor_place_uri(self):
        """URI of the place of a party in EPCIS."""
        self.ensure_one()
        return f"https://id.gs1.org/414/{self.liquor_gln}" if self.liquor_gln else f"urn:x-liquor:place:{self.id}"

    @api.model
    def _liquor_of_uris(self, uris):
        """Find the partners that URIs name, with one query: {URI: partner id}; unknown ones are missing."""
        glns, numbers = {}, {}
        for uri in set(uris):
            number = uri.removeprefix(OWN)
            if number != uri and number.isascii() and number.isdigit() and len(number) < 10:
                numbers[uri] = int(number)
            elif "/417/" in uri or "/414/" in uri:
                glns[uri] = uri.rstrip("/").partition("/417/")[2] or uri.rstrip("/").partition("/414/")[2][:13]
        if not glns and not numbers:
            return {}
        found = self.sudo().search_fetch(
            ["|", ("liquor_gln", "in", list(glns.values())), ("id", "in", list(numbers.values()))], ["liquor_gln"]
        )
        by_gln, ids = {partner.liquor_gln: partner.id for partner in found}, set(found.ids)
        named = {uri: by_gln[gln] for uri, gln in glns.items() if gln in by_gln}
        return named | {uri: number for uri, number in numbers.items() if number in ids}
