import json
from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.common.money import decimal
from ...engine.policies.proof import Booked, follow


class LiquorEarning(models.Model):
    """What was paid for a purchase follows its proof, where a shop changed between scans and reports."""

    _inherit = "liquor.earning"

    @api.model
    def _follow_proofs(self, company, partner_ids, proofs):
        """Book the differences between what these facts earned and what they earn as far as they count now.

        What was taken back as a whole stays so; the number of differences before is part of the key.

        :param partner_ids: the shops
        :param proofs: {fact key: trace of its proof, as ``Proven.trace`` gives it}
        :return: the new rows
        """
        rows = self._rows_of_purchases(company, partner_ids, list(proofs))
        gone = rows.reverses_id
        pairs = []
        for own in rows.filtered(lambda row: not row.reverses_id).grouped(lambda row: row._identity()).values():
            for origin in (own - gone).filtered(_is_origin):
                values = origin._prepare_proof_values(own, gone, proofs[origin.fact_key])
                if values:
                    pairs.append((origin, values))
        pairs = self._within_caps_again(company, pairs)
        booked = self._book([values for _origin, values in pairs]) if pairs else self.browse()
        booked._free_lowered()
        for (origin, _values), row in zip(pairs, booked, strict=True):
            if row.points < 0:
                origin._point_entries()._take_back(row.reason, -row.points, f"claw_back/proof/{row.id}")
        return booked

    @api.model
    def _follow_returns(self, fact_keys):
        """Goods of these facts went back in part: what a difference has taken before is not taken again."""
        told = Domain("component", "=like", "%/proof/%") | Domain("trace", "like", '"proof"')
        rows = self.search(Domain("fact_key", "in", list(fact_keys)) & told)
        for company, own in rows.grouped("company_id").items():
            shops = own.partner_id.ids
            proven = self.env["liquor.flow.fact"]._proven(company, shops)
            traces = {
                key: one.trace(key) for one in proven.values() for key in one.facts.keys() & set(own.mapped("fact_key"))
            }
            self._follow_proofs(company, shops, traces)

    def _with_differences(self):
        """These earnings with what was booked as a difference of them or taken back for a part: they share a state."""
        keys = {row.fact_key for row in self if row.fact_key}
        rows = self.search([("fact_key", "in", list(keys)), ("component", "=like", "%/%"), ("reverses_id", "=", False)])
        gone = self.search([("reverses_id", "in", rows.ids)]).reverses_id
        mine = {_family(row) for row in self}
        return self | (rows - gone).filtered(lambda row: _family(row) in mine)

    def _is_lowered_by(self, row):
        return "/" not in (self.component or "") and _family(self) == _family(row)

    def _rows_of_purchases(self, company, partner_ids, fact_keys):
        return self.search(
            [
                ("fact_key", "in", fact_keys),
                ("company_id", "=", company.id),
                ("partner_id", "in", partner_ids),
                ("beneficiary_kind", "=", "terminal"),
                ("policy_version_id.basis", "in", ("received", "reported")),
            ],
            order="id",
        )

    def _prepare_proof_values(self, rows, gone, proof):
        """Values of the row that brings one earning to what its fact counts now; None where it is right.

        :param rows: all rows of this version for this fact and party, reversals left out
        :param gone: rows that were reversed
        """
        self.ensure_one()
        mark = f"{self.component}/proof/"
        differences = rows.filtered(lambda row: row.component.startswith(mark))
        back = rows.filtered(lambda row: row.component.startswith(f"{self.component}/return/"))
        trace = json.loads(self.trace or "{}")
        parts = Fraction(trace.get("proof", {}).get("part", "1")), Fraction(proof["part"])
        step = Decimal(1) if self.form == "points" else decimal(self.currency_id.rounding)
        change = follow(_figures(self), _figures(differences - gone), _figures(back - gone), parts, step)
        if not change.worth:
            return None
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "beneficiary_kind": self.beneficiary_kind,
            "currency_id": self.currency_id.id,
            "amount": 0.0 if self.form == "points" else float(change.worth),
            "points": int(change.worth) if self.form == "points" else 0,
            "form": self.form,
            "funder_id": self.funder_id.id if change.carried else None,
            "funder_amount": float(change.carried),
            "agreement_id": self.agreement_id.id if change.carried else None,
            "type": "clawback" if change.worth < 0 else "adjust",
            "policy_version_id": self.policy_version_id.id,
            "component": f"{mark}{len(differences) + 1}",
            "fact_key": self.fact_key,
            "product_id": self.product_id.id,
            "bottles": float(change.bottles),
            "territory_id": self.territory_id.id,
            "payable": self.state,
            "rule_version": self.rule_version,
            "origin_model": self.origin_model,
            "origin_id": self.origin_id,
            "event_time": fields.Datetime.now(),
            "reason": self.env._("Goods that were scanned and reported pay once"),
            "trace": {"kind": "proof", "basis": trace.get("basis"), "proof": proof},
        }


def _family(row):
    return *row._identity(), (row.component or "").split("/")[0]


def _is_origin(row):
    return row.type in ("earn", "rerate") and "/" not in row.component


def _figures(rows):
    worth = sum(rows.mapped("points")) if rows[:1].form == "points" else sum(map(decimal, rows.mapped("amount")))
    return Booked(
        decimal(worth),
        decimal(sum(map(decimal, rows.mapped("funder_amount")))),
        decimal(sum(map(decimal, rows.mapped("bottles")))),
    )
