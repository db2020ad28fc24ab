import hashlib
import json
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import ZERO, decimal
from ...engine.policies.authority import Promise, breaches, with_own_values

#: what head office reads when it grants: every term that decides how much is paid, to whom and for how long
TERMS = {
    "policy_id", "rate", "rate_kind", "measure", "basis", "method", "period", "payable", "date_start", "date_end",
    "cap_amount", "cap_total", "cap_supplier", "minimum_payout", "rounding_step", "rounding_down", "tax_basis",
    "tax_rate", "growth_on", "baseline_minimum", "pay_at", "goods_block", "goods_product_id", "count_returns",
    "count_rebate_goods", "count_samples", "partner_ids", "product_ids", "category_ids", "territory_ids",
    "terminal_kind_ids",
}  # fmt: skip
NO_TERM = {"id", "create_uid", "create_date", "write_uid", "write_date", "display_name", "version_id", "company_id"}


class LiquorPolicyVersion(models.Model):
    """Who may write and approve terms: head office everything, a region its own within the limits (C19, C20)."""

    _inherit = "liquor.policy.version"

    scope_kind = fields.Selection(
        [("head_office", "Head Office"), ("region", "Region")],
        string="Written By",
        required=True,
        default="head_office",
        readonly=True,
        copy=False,
    )
    override_ids = fields.One2many("liquor.policy.override", "version_id", string="Asked of Head Office")
    breach = fields.Text(string="Above the Limit", compute="_compute_breach")

    @api.depends(
        "scope_kind", "rate", "tier_ids.rate", "uplift_ids.percent", "cap_amount", "cap_total", "territory_ids",
        "rate_kind", "measure", "state",
    )  # fmt: skip
    def _compute_breach(self):
        for version in self:
            regional = version.scope_kind == "region" and version.state == "draft"
            version.breach = "\n".join(version._say_breaches()) if regional else False

    @api.model_create_multi
    def create(self, vals_list):
        """Note who writes: a region's author writes for a region."""
        kind = self._authoring_kind()
        versions = super().create([{**vals, "scope_kind": kind} for vals in vals_list])
        versions._check_author()
        return versions

    def write(self, vals):
        """Refuse to let a region write terms that are not its own."""
        if "scope_kind" in vals and not self.env.su:
            raise AccessError(self.env._("Who wrote a version follows from who writes it."))
        terms = vals.keys() - {"message_main_attachment_id", "message_follower_ids", "activity_ids"}
        if self.env.su or not terms:
            return super().write(vals)
        self._check_author()
        result = super().write(vals)
        # also what the rows were changed to
        self._check_author()
        if terms - {"date_end"}:
            self.sudo().scope_kind = self._authoring_kind()
        return result

    def _note_author(self):
        """Who changes tiers, conditions or uplifts writes the terms, and does not approve them."""
        if self.env.su:
            return
        self._check_author()
        self.sudo().write({"author_id": self.env.uid, "scope_kind": self._authoring_kind()})

    @api.model
    def _authoring_kind(self):
        return "region" if not self.env.su and self.env.user._liquor_is_regional() else "head_office"

    def _check_author(self):
        """Refuse a region's author where policies are head office's, or outside his territories."""
        user = self.env.user
        if self.env.su or not user._liquor_is_regional():
            return
        for version in self:
            if version.company_id.liquor_policy_mode == "national":
                raise AccessError(self.env._("Policies of this company are written by head office."))
            if not user._liquor_covers(version.territory_ids):
                raise AccessError(
                    self.env._(
                        "You write policies for your own territories: choose at least one of them, and no other."
                    )
                )

    def action_activate(self):
        """Approve within one's authority; what is above a limit needs the word of head office."""
        self._check_author()
        regional = not self.env.su and self.env.user._liquor_is_regional()
        for version in self.filtered(lambda version: regional or version.scope_kind == "region"):
            texts = version._say_breaches()
            if texts and not version._granted():
                raise UserError(
                    self.env._(
                        "%(version)s is above the limit of its region. Ask head office.\n%(breaches)s",
                        version=version.display_name,
                        breaches="\n".join(texts),
                    )
                )
        return super().action_activate()

    def _granted(self):
        """The grant of head office for exactly these terms."""
        terms = self._terms_hash()
        return self.sudo().override_ids.filtered(lambda one: one.state == "granted" and one.terms_hash == terms)

    def _terms_hash(self):
        """Hash of what a grant is about: another rate, cap or territory needs another grant."""
        own = [str(value) for value in self._promises()]
        names = sorted(self._fields.keys() & TERMS)
        terms = [[name, _plain(self[name])] for name in names]
        rows = [
            [
                [name, _plain(row[name])]
                for name in sorted(row._fields)
                if row._fields[name].store and name not in NO_TERM
            ]
            for part in (self.tier_ids, self.uplift_ids, self.condition_ids)
            for row in part.sorted("id")
        ]
        return hashlib.sha256(json.dumps([own, terms, rows]).encode()).hexdigest()

    def _promises(self):
        """What these terms promise in general, and to each party that has values of its own (C17)."""
        plain = self._promise()
        overlays = self.env["liquor.policy.overlay"]._in_force(
            self.policy_id, self.date_start, self.date_end or date.max
        )
        return [plain, *(with_own_values(plain, own) for _party, own in sorted(overlays.items()))]

    def _promise(self):
        rates = (
            [decimal(self.rate)] if self.kind in ("per_unit", "fixed") else map(decimal, self.tier_ids.mapped("rate"))
        )
        return Promise(
            max(rates, default=ZERO),
            sum(map(decimal, self.uplift_ids.mapped("percent")), ZERO),
            decimal(self.cap_amount) if self.cap_amount else None,
            decimal(self.cap_total) if self.cap_total else None,
        )

    def _limit_kind(self):
        """How limits name the rate of these terms."""
        if self.kind == "fixed" or self.rate_kind == "fixed":
            return "fixed"
        if self.rate_kind == "percent":
            return "percent"
        if self.rate_kind != "per_unit" or self.measure == "amount":
            return self.rate_kind  # goods and the like: no limit names them, so head office decides
        return "per_case" if self.measure == "cases" else "per_bottle"

    def _say_breaches(self):
        """Sentences about what is above the limit in which territory; empty when all is within."""
        self.ensure_one()
        limits = self.env["liquor.policy.limit"]._limits_of(
            self.company_id,
            self.beneficiary_kind,
            self._limit_kind(),
            self.territory_ids,
            self.date_start or today(self.company_id),
            self.date_end or None,
        )
        texts = [
            self._say_breach(code, territory, promise, limit)
            for promise in self._promises()
            for territory in self.territory_ids
            for limit in limits[territory.id]
            for code in breaches(promise, limit)
        ]
        return list(dict.fromkeys(texts))

    def _say_breach(self, code, territory, promise, limit):
        values = {"place": territory.name}
        if code == "no_limit":
            return self.env._("%(place)s: head office has set no limit for such a policy.", **values)
        if code == "rate":
            most, promised = self._say_rate(limit.rate), self._say_rate(promise.most)
            return self.env._(
                "%(place)s: %(promised)s with uplifts, at most %(most)s.", most=most, promised=promised, **values
            )
        if code == "cap":
            most = self._say_money(limit.cap)
            return self.env._("%(place)s: the cap per party must be at most %(most)s.", most=most, **values)
        most = self._say_money(limit.cap_total)
        return self.env._("%(place)s: the cap of the programme must be at most %(most)s.", most=most, **values)

    def action_ask_head_office(self, reason=None):
        """Ask head office for what is above the limit.

        :param reason: why; the name of the policy by default
        :return: the override, as an action
        """
        self.ensure_one()
        self.check_access("write")
        self._check_author()
        texts = self._say_breaches()
        if self.state != "draft" or self.scope_kind != "region" or not texts:
            raise UserError(self.env._("There is nothing to ask: these terms are within the limit."))
        if self.override_ids.filtered(lambda one: one.state == "asked"):
            raise UserError(self.env._("Head office was asked for this version already."))
        override = (
            self
            .env["liquor.policy.override"]
            .sudo()
            .create({
                "version_id": self.id,
                "breach": "\n".join(texts),
                "terms_hash": self._terms_hash(),
                "reason": str(reason or self.policy_id.name)[:500],
                "asked_by_id": self.env.uid,
                "asked_at": fields.Datetime.now(),
            })
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": override._name,
            "res_id": override.id,
            "view_mode": "form",
        }


def _plain(value):
    """A value of a term as JSON: ids of records, days and numbers as text."""
    return sorted(value.ids) if isinstance(value, models.BaseModel) else str(value)
