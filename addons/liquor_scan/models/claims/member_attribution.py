from odoo import api, fields, models

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

COLUMNS = [
    "company_id", "member_id", "credit", "event_id", "shop_id", "guide_id", "distributor_id", "product_id",
    "territory_id", "event_time", "business_day",
]  # fmt: skip


class LiquorMemberAttribution(models.Model):
    """To whom of the trade a member's joining and openings are credited (spec/member.md M119, channel.md C56, C59).

    The shop held the bottle, the guide sold it by scan, the distributor supplied the shop on that day. A member's
    joining belongs to those of the first bottle he opened: a name in a list that opens nothing is worth nothing
    (C58). What it earns is said by policies: of opened bottles, and of joined members (basis ``joined``).
    """

    _name = "liquor.member.attribution"
    _inherit = ["liquor.append.mixin", "liquor.bulk.mixin"]
    _description = "Attribution of a Member"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "member_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    member_id = fields.Many2one(
        "liquor.member", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    credit = fields.Selection([("joining", "Joining"), ("opening", "Opening")], required=True, readonly=True)
    event_id = fields.Many2one(
        "liquor.qualifying.event", string="Proof", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    shop_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    guide_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    distributor_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict")
    territory_id = fields.Many2one(
        "liquor.territory", readonly=True, ondelete="restrict", help="Of the shop, that day."
    )
    event_time = fields.Datetime(required=True, readonly=True)
    business_day = fields.Date(required=True, readonly=True)

    _event_unique = models.UniqueIndex("(event_id, credit)", "This credit is attributed already.")
    _joining_unique = models.UniqueIndex("(member_id) WHERE credit = 'joining'", "A member joins once.")

    @api.model
    def _attribute(self, claims_of):
        """Credit openings, and the joining of members who opened their first bottle; pay what policies give for it.

        :param dict claims_of: {qualifying event: claim of its bottle}, new rows only
        :return: the new rows
        """
        sold = {event: claim for event, claim in claims_of.items() if claim.shop_id}
        distributors, territories = self._trade_of(sold.values())
        openings = [
            self._prepare_values(event, claim, distributors.get(claim), territories.get(claim))
            for event, claim in sold.items()
        ]
        joinings = self._first_of_members(openings)
        rows = [[values[name] for name in COLUMNS] for values in openings + joinings]
        if not rows:
            return self.browse()
        with loser_retries(self.env, self._event_unique.full_name(self), self._joining_unique.full_name(self)):
            ids = self._bulk_insert(COLUMNS, rows)
        self._pay_joining(list(zip(ids[len(openings) :], joinings, strict=True)))
        return self.browse(ids)

    def _trade_of(self, claims):
        """Who supplied the shop with the product on the day of the claim, and where the shop is: two dicts by claim."""
        distributors, territories = {}, {}
        assignments = self.env["liquor.channel.assignment"].sudo()
        roles = self.env["liquor.channel.role"].sudo()
        together = self.env["liquor.code.claim"].sudo().concat(*claims)
        for (company, day), own in together.grouped(lambda claim: (claim.company_id, claim.business_day)).items():
            keys = {claim: (claim.shop_id.id, claim.product_id.id, day) for claim in own}
            suppliers = assignments._distributors(set(keys.values()), company)
            places = {
                role.partner_id: role._territory_on(day) for role in roles._live(own.shop_id, "terminal", day, company)
            }
            distributors.update({claim: suppliers[key] for claim, key in keys.items() if key in suppliers})
            territories.update({claim: places.get(claim.shop_id) for claim in own})
        return distributors, territories

    def _prepare_values(self, event, claim, distributor, territory):
        return {
            "company_id": event.company_id.id,
            "member_id": event.member_id.id,
            "credit": "opening",
            "event_id": event.id,
            "shop_id": claim.shop_id.id,
            "guide_id": claim.guide_id.id,
            "distributor_id": distributor.id if distributor else None,
            "product_id": event.product_id.id,
            "territory_id": territory.id if territory else None,
            "event_time": event.event_time,
            "business_day": event.business_day,
        }

    def _first_of_members(self, openings):
        """Joinings of those members whose joining nobody has yet."""
        first = {}
        for values in sorted(openings, key=lambda values: (values["event_time"], values["event_id"])):
            first.setdefault(values["member_id"], values)
        known = self.search([("member_id", "in", list(first)), ("credit", "=", "joining")]).member_id.ids
        return [{**values, "credit": "joining"} for member, values in first.items() if member not in known]

    # --- what a joining earns --------------------------------------------------------------------------------

    def _pay_joining(self, joined):
        """Let policies pay for new joinings: (id, its values)."""
        if joined:
            self.env["liquor.policy"].sudo()._earn([self._prepare_fact(number, values) for number, values in joined])

    def _prepare_fact(self, number, values):
        """One member who joined: a per-unit rate of one bottle is the price of one member."""
        company = self.env["res.company"].browse(values["company_id"])
        return {
            "key": f"{self._name}/{number}",
            "kind": "joined",
            "company_id": company.id,
            "partner_id": values["shop_id"],
            "counterparty_id": False,
            "guide_id": values["guide_id"] or False,
            "product_id": values["product_id"],
            "bottles": 1,
            "amount": 0.0,
            "currency_id": company.currency_id.id,
            "event_time": values["event_time"],
            "business_day": values["business_day"],
            "territory_id": values["territory_id"] or False,
            "grade": False,
            "purpose": False,
            "source_model": self._name,
            "source_id": number,
        }
