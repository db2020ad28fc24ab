from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import business_day
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ..codes.kinds import KINDS
from .claim_rule import REWARDS

CLAIMABLE = ("cap_inner",)
WAITING_HOURS = 24
BATCH = 200


class LiquorCodeClaim(models.Model):
    """Who claimed the reward of a bottle: one row per code for good, judged by a unique index.

    Granted at once where the bottle is known to have left the maker; else it waits up to 24 hours for an
    outbound upload that is late (spec/codes.md rule 2), and is refused after that.
    """

    _name = "liquor.code.claim"
    _description = "Claim of a Bottle"
    _check_company_auto = True
    _order = "id desc"
    _rec_names_search = ("batch_id.name",)

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    batch_id = fields.Many2one(
        "liquor.code.batch", "Code Batch", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    index = fields.Integer("Number", required=True, readonly=True, aggregator=None)
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    member_id = fields.Many2one(
        "liquor.member", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    program_id = fields.Many2one(related="member_id.program_id", string="Club")
    claimed_at = fields.Datetime("Claimed on", required=True, readonly=True)
    business_day = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [("granted", "Granted"), ("waiting", "Waiting for Shipping"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="granted",
    )
    refusal = fields.Char("Why Refused", readonly=True)
    shop_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="restrict", help="Who held the bottle."
    )
    guide_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Who scanned the bottle out to the consumer.",
    )
    rule_id = fields.Many2one("liquor.claim.rule", readonly=True, index=True, ondelete="restrict", check_company=True)
    rule_version = fields.Char(readonly=True)
    reward = fields.Selection(REWARDS, readonly=True)
    points = fields.Integer(readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    benefit_id = fields.Many2one("liquor.benefit", readonly=True, ondelete="restrict", check_company=True)

    _unit_unique = models.UniqueIndex("(batch_id, kind, index)", "The reward of this bottle was taken already.")
    _waiting_idx = models.Index("(claimed_at) WHERE state = 'waiting'")
    _bounds = models.Constraint(
        "CHECK (index >= 0 AND COALESCE(points, 0) BETWEEN 0 AND 1000000 AND COALESCE(amount, 0) BETWEEN 0 AND 50000)",
        "A bottle gives at most 1,000,000 points or 50,000 in money.",
    )

    @api.depends("batch_id", "index")
    def _compute_display_name(self):
        for claim in self:
            claim.display_name = f"{claim.batch_id.name}-{claim.index + 1}"

    def write(self, vals):
        """A claim stays with who claimed first; only its outcome changes, by the suite itself."""
        if set(vals) - {"state", "refusal", "shop_id", "guide_id"} or not self.env.su:
            raise UserError(self.env._("A claim is proof and stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        raise UserError(self.env._("A claim is proof and stays as it is."))

    # --- claiming ---------------------------------------------------------------------------------------------

    @api.model
    def _of_unit(self, unit):
        """Return the claim of a LocatedUnit in sudo, or an empty record."""
        return self.sudo().search(
            [("batch_id", "=", unit.batch.id), ("kind", "=", unit.kind), ("index", "=", unit.index)], limit=1
        )

    @api.model
    def _is_claimable(self, unit):
        return unit.kind in CLAIMABLE and unit.state == "active"

    @api.model
    def _today(self, company):
        return business_day(company, fields.Datetime.now())

    @api.model
    def _claim(self, unit, member):
        """Claim a bottle for a member: the claim and all its effects in the caller's transaction.

        :param unit: LocatedUnit of an inner cap, active
        :param record member: of a club of the batch's company
        :return: the claim of the bottle: a fresh one, or that of whoever was first
        :raises UserError: the code is none that a consumer can claim
        :raises ConcurrencyError: a parallel transaction claims the bottle; Odoo runs the call again
        """
        return self._claim_many([(unit, member)])

    @api.model
    def _claim_many(self, pairs):
        """Claim many bottles at once, as at a banquet; queries do not grow with the bottles.

        :param list pairs: (LocatedUnit, member), as ``_claim`` takes them
        :return: the claims in the order of ``pairs``
        """
        known = self._of_units([unit for unit, _member in pairs])
        fresh = {}
        for unit, member in pairs:
            key = self._unit_key(unit)
            if key not in known and key not in fresh:
                fresh[key] = unit, member.sudo()
        if fresh:
            self._check_claimable(fresh.values())
            known.update(zip(fresh, self._claim_fresh(list(fresh.values())), strict=True))
        return self.browse([known[self._unit_key(unit)].id for unit, _member in pairs]).with_env(self.env(su=True))

    @api.model
    def _check_claimable(self, pairs):
        """Refuse what no consumer may claim; also a hook.

        :raises UserError: the code is none that a consumer can claim
        """
        for unit, member in pairs:
            if not self._is_claimable(unit) or member.company_id != unit.batch.company_id:
                raise UserError(self.env._("This code has no reward for a consumer."))

    def _claim_fresh(self, pairs):
        """Store claims of bottles that nobody claimed, with the parties that held them, and let them take effect."""
        units = [unit for unit, _member in pairs]
        rules = self._rules_for(pairs)
        traced = self.env["liquor.claim.opening"]._trace(units)
        values_list = [
            {
                **self._prepare_claim_values(unit, member, rules),
                "shop_id": one.shop_id or False,
                "guide_id": one.guide_id or False,
            }
            for (unit, member), one in zip(pairs, traced, strict=True)
        ]
        with loser_retries(self.env, self._unit_unique.full_name(self)):
            claims = self.sudo().create(values_list)
        claims._take_effect(units, traced)
        return claims

    def _unit_key(self, unit):
        return unit.batch.id, unit.kind, unit.index

    def _of_units(self, units):
        """Claims that are there: {(batch id, kind, index): claim}; one query."""
        domain = Domain.OR(
            Domain("batch_id", "=", batch.id)
            & Domain("index", "in", [unit.index for unit in units if unit.batch == batch])
            for batch in {unit.batch for unit in units}
        )
        return {(claim.batch_id.id, claim.kind, claim.index): claim for claim in self.sudo().search(domain)}

    def _rules_for(self, pairs):
        """Rule of today for each product: {product id: rule}; one query per product of the call."""
        rules = self.env["liquor.claim.rule"]
        batches = {unit.batch.product_id: unit.batch for unit, _member in pairs}
        return {
            product.id: rules._rule_for(batch.company_id, product, self._today(batch.company_id))
            for product, batch in batches.items()
        }

    def _prepare_claim_values(self, unit, member, rules):
        batch, now = unit.batch, fields.Datetime.now()
        company = batch.company_id
        day = self._today(company)
        rule = rules[batch.product_id.id]
        rewarded = rule if rule.program_id == member.program_id else rule.browse()
        return {
            "company_id": company.id,
            "batch_id": batch.id,
            "kind": unit.kind,
            "index": unit.index,
            "product_id": batch.product_id.id,
            "member_id": member.id,
            "claimed_at": now,
            "business_day": day,
            "currency_id": company.currency_id.id,
            "rule_id": rewarded.id,
            "rule_version": rewarded and rewarded._version_name(),
            "reward": rewarded.reward,
            "points": rewarded.points if rewarded.reward == "points" else 0,
            "amount": rewarded.amount if rewarded.reward == "cash_back" else 0,
            "benefit_id": rewarded.benefit_id.id if rewarded.reward == "gift" else False,
        }

    # --- effects ----------------------------------------------------------------------------------------------

    def _take_effect(self, units, traced=None):
        """Record the openings; where bottles have left the maker, reward members and shops.

        :param units: LocatedUnits of these claims, in their order
        :param traced: who held them (``liquor.claim.opening._trace``), where it was read before
        """
        openings = self.env["liquor.claim.opening"]._record(list(zip(self, units, strict=True)), traced)
        done = [(claim, opening) for claim, opening in zip(self, openings, strict=True) if opening.shipped]
        granted = self.browse([claim.id for claim, _opening in done])
        (self - granted).filtered(lambda claim: claim.state != "waiting").write({"state": "waiting"})
        parties = {claim: ("granted", opening.shop_id, opening.guide_id) for claim, opening in done}
        late = granted.filtered(lambda claim: (claim.state, claim.shop_id.id or 0, claim.guide_id.id or 0)
                                != parties[claim])  # fmt: skip
        for (state, shop, guide), claims in late.grouped(parties.get).items():
            claims.write({"state": state, "shop_id": shop or False, "guide_id": guide or False})
        granted._reward_members()
        self.env["liquor.claim.opening"]._pay(done)

    def _reward_members(self):
        rewarded = self.filtered("reward")
        if rewarded:
            self.env["liquor.reward"]._grant([claim.rule_id._prepare_grant(claim) for claim in rewarded])
        if self:
            self.env["liquor.qualifying.event"]._record([claim._prepare_credit() for claim in self])

    def _prepare_credit(self):
        return {
            "member_id": self.member_id,
            "source": "scan",
            "credit": "opening",
            "product_id": self.product_id,
            "bottles": 1,
            "event_time": self.claimed_at,
            "bottle_key": f"{self.batch_id.name}/{self.index}",
            "event_key": f"claim/{self.id}",
            "origin_model": self._name,
            "origin_id": self.id,
        }

    # --- claims that wait -------------------------------------------------------------------------------------

    @api.model
    def _settle_waiting(self):
        """Cron: grant waiting claims whose bottles were shipped meanwhile, refuse those that waited 24 hours."""
        cron = self.env["ir.cron"]
        late = fields.Datetime.now() - timedelta(hours=WAITING_HOURS)
        waiting = self.sudo().search([("state", "=", "waiting")], order="claimed_at, id")
        remaining = len(waiting)
        for claim in waiting:
            remaining -= 1
            claim._settle(late)
            if cron._commit_progress(1, remaining=remaining) <= 0:
                return

    def _settle(self, late):
        locked = self.try_lock_for_update()
        if not locked or locked.state != "waiting":
            return
        batch = self.batch_id
        code = batch._code(self.kind, self.index)
        unit = batch._locate([code]).get(code)
        if unit and unit.state == "active" and self.env["liquor.claim.opening"]._is_shipped(unit):
            self._take_effect([unit])
        elif self.claimed_at < late:
            self.write({"state": "refused", "refusal": self.env._("Not shipped within 24 hours")})

    # --- what pages show --------------------------------------------------------------------------------------

    def _reward_text(self):
        """Return the reward as the page shows it, large."""
        self.ensure_one()
        if self.reward == "points":
            return self.env._("%(points)s points", points=f"{self.points:,}")
        if self.reward == "cash_back":
            return self.currency_id.format(self.amount)
        return self.benefit_id.name if self.reward == "gift" else ""
