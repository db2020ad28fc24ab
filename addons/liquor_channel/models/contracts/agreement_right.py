from datetime import date
from typing import NamedTuple

from odoo import api, fields, models

from ...engine.contracts.rights import Right, covering

MOST = 10**9


class Coverage(NamedTuple):
    """What distributors may order on a day: their rights, who has signed, and whether everybody must have."""

    rights: dict  # partner -> rights
    signed: object  # partners with a contract
    required: bool

    def needs_right(self, partner, product):
        """Whoever has rights is bound by them; a quota wine needs one anyway, and so does who should have signed."""
        return bool(product.liquor_is_quota or partner in self.rights or (self.required and partner not in self.signed))

    def right_of(self, partner, product, territory):
        """The narrowest right for a product in a territory; empty where there is none."""
        rights = self.rights.get(partner)
        return rights._covering(product, territory) if rights else partner.env["liquor.agreement.right"]


class LiquorAgreementRight(models.Model):
    """Which products a distributor may order for which territory, exclusively or not, and at most how much."""

    _name = "liquor.agreement.right"
    _description = "Products and Territory of a Contract"
    _inherit = ("liquor.agreement.part",)
    _check_company_auto = True
    _order = "agreement_id, id"
    _rec_names_search = ("category_id.name", "territory_id.name")

    party_id = fields.Many2one(related="agreement_id.party_id", store=True, index=True, precompute=True)
    category_id = fields.Many2one(
        "product.category", string="Products", ondelete="restrict", help="Empty: all products."
    )
    territory_id = fields.Many2one(
        "liquor.territory", ondelete="restrict", check_company=True, help="Empty: everywhere."
    )
    exclusive = fields.Boolean(help="Nobody else gets these products in this territory.")
    quota_bottles = fields.Integer(
        string="Quota (Bottles)", help="Most that is ordered under this right while the contract runs; 0 = no limit."
    )

    _bounds = models.Constraint(f"CHECK (COALESCE(quota_bottles, 0) BETWEEN 0 AND {MOST})", "A quota is not negative.")
    _subject_unique = models.UniqueIndex(
        "(agreement_id, COALESCE(category_id, 0), COALESCE(territory_id, 0))",
        "There is a right for these products in this territory already.",
    )

    @api.depends("category_id.name", "territory_id.name")
    def _compute_display_name(self):
        for right in self:
            products = right.category_id.name or self.env._("All products")
            place = right.territory_id.display_name or self.env._("Everywhere")
            right.display_name = f"{products} · {place}"

    def _content(self):
        return {
            "products": self.category_id.display_name or None,
            "territory": self.territory_id.display_name or None,
            "exclusive": self.exclusive,
            "quota": self.quota_bottles,
        }

    @api.model
    def _living(self, company, parties=None, day=None):
        """Rights of accepted contracts, of some parties and in force on a business day where they are given."""
        domain = [
            ("company_id", "=", company.id),
            ("agreement_id.kind", "=", "distributor"),
            ("agreement_id.state", "=", "accepted"),
        ]
        if parties is not None:
            domain.append(("party_id", "in", parties.ids))
        if day:
            domain += [
                ("agreement_id.date_start", "<=", day),
                "|",
                ("agreement_id.date_end", "=", False),
                ("agreement_id.date_end", ">=", day),
            ]
        return self.sudo().search(domain)

    @api.model
    def _coverage(self, company, partners, day):
        """What distributors of a company may order on a business day, in two queries."""
        contracts = self.env["liquor.agreement"].sudo()._contracts_of(company, partners, day)
        rights = self._living(company, partners, day)
        by_party = {party.with_env(self.env): own for party, own in rights.grouped("party_id").items()}
        return Coverage(by_party, contracts.party_id, company.liquor_require_contract)

    def _covering(self, product, territory):
        """The narrowest of these rights that covers a product in a territory; a quota wine needs a quota.

        Empty where none does.
        """
        rights = self.filtered("quota_bottles") if product.liquor_is_quota else self
        found = covering(
            rights._to_engine(), self._steps(product.categ_id.parent_path), self._steps(territory.parent_path)
        )
        return self.browse(found[0].key) if found else self.browse()

    def _to_engine(self):
        return [
            Right(
                right.id,
                right.party_id.id,
                right.territory_id.id or None,
                right.category_id.id or None,
                right.exclusive,
                right.agreement_id.date_start,
                right.agreement_id.date_end or date.max,
                self._steps(right.territory_id.parent_path),
                self._steps(right.category_id.parent_path),
            )
            for right in self
        ]

    def _steps(self, parent_path):
        return frozenset(int(step) for step in (parent_path or "").split("/") if step)

    def _quota_key(self):
        """Key of the counter of this right's quota."""
        return f"quota/{self.id}"
