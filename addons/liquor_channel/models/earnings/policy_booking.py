from odoo import models

from ...engine.common.money import ZERO, decimal
from ...engine.policies.eligibility import amount_of, measured


class LiquorPolicy(models.Model):
    """From what a fact gives to earnings: what caps leave, who carries it, one row a line, once."""

    _inherit = "liquor.policy"

    def _book_lines(self, company, lines):
        """Ids of earnings in the order of ``lines``; None where a cap left nothing."""
        earning_model = self.env["liquor.earning"]
        keys = [earning_model._book_key(self._line_identity(line)) for line in lines]
        stored = {**self._paid_before(lines, keys), **earning_model._ledger_known(set(keys))}
        fresh = {key: line for key, line in zip(keys, lines, strict=True) if key not in stored}
        if fresh:
            values_list = self._prepare_lines(company, list(fresh.values()))
            for values in values_list:
                values["idempotency_key"] = earning_model._book_key(values)
            # no other key is given than those that were looked up above
            earnings = earning_model._book(values_list, {})
            stored.update(zip((values["idempotency_key"] for values in values_list), earnings.ids, strict=True))
            self.env["liquor.policy.version"].browse({line.rule.version for line in fresh.values()})._freeze()
        return [stored.get(key) for key in keys]

    def _paid_before(self, lines, keys):
        """Hook: what other versions paid for the same facts: {key of the line: earning id}."""
        return {}

    def _line_identity(self, line):
        return {
            "policy_version_id": line.rule.version,
            "fact_key": line.fact["key"],
            "partner_id": line.partner_id,
            "component": "base",
        }

    def _prepare_lines(self, company, lines):
        granted = self._within_caps(company, lines)
        kept = [(line, amount) for line, amount in zip(lines, granted, strict=True) if amount]
        funding = self._funding(company, kept)
        heads = {version: self._head_of(version) for version in {line.rule.version for line, _amount in kept}}
        return [
            self._prepare_line_values(company, line, amount, share, heads[line.rule.version])
            for (line, amount), share in zip(kept, funding, strict=True)
        ]

    def _within_caps(self, company, lines):
        versions = self.env["liquor.policy.version"].browse({line.rule.version for line in lines})
        by_id = {version.id: version for version in versions}
        wanted, caps = [], {}
        for line in lines:
            own = by_id[line.rule.version]._caps_of(
                line.rule, line.partner_id, line.move.day, line.fact["distributor_id"]
            )
            caps.update(own)
            wanted.append((tuple(own), line.amount))
        return self.env["liquor.cap.counter"]._grant(company, wanted, caps)

    def _funding(self, company, kept, paid=frozenset()):
        """For each line (agreement line or None, amount that the distributor carries).

        :param paid: places of lines whose bottles are paid already: of more money for them no share per unit is due
        """
        agreement_lines = self.env["liquor.agreement.line"]._in_force(
            company, {self._funding_key(line) for line, _amount in kept if self._can_be_funded(line)}
        )
        chosen = [
            agreement_lines.get(self._funding_key(line)) if self._can_be_funded(line) else None for line, _a in kept
        ]
        shares = [
            choice._carried_of(amount, ZERO if place in paid else decimal(line.move.bottles)) if choice else ZERO
            for place, ((line, amount), choice) in enumerate(zip(kept, chosen, strict=True))
        ]
        keys = [choice._cap_key() if choice else "" for choice in chosen]
        caps = {
            key: decimal(choice.cap_amount)
            for key, choice in zip(keys, chosen, strict=True)
            if choice and choice.cap_amount
        }
        granted = self.env["liquor.cap.counter"]._grant(company, list(zip(keys, shares, strict=True)), caps)
        return list(zip(chosen, granted, strict=True))

    def _can_be_funded(self, line):
        distributor = line.fact["distributor_id"]
        # nobody below carries the commission of who is above
        return bool(distributor) and distributor != line.partner_id and not line.above

    def _funding_key(self, line):
        return line.fact["distributor_id"], line.rule.policy, line.fact["product_id"], line.move.day

    def _head_of(self, version_id):
        """What every earning of a version says alike."""
        version = self.env["liquor.policy.version"].browse(version_id)
        return {
            "currency_id": version.currency_id.id,
            "payable": version.payable,
            "rule_version": version.display_name,
        }

    def _prepare_line_values(self, company, line, amount, funding, head=None):
        agreement_line, carried = funding
        fact = line.fact
        return {
            **self._line_identity(line),
            **(head or self._head_of(line.rule.version)),
            "company_id": company.id,
            "beneficiary_kind": line.rule.beneficiary,
            "amount": float(amount),
            "funder_id": agreement_line.agreement_id.distributor_id.id if agreement_line and carried else None,
            "funder_amount": float(carried),
            "agreement_id": agreement_line.agreement_id.id if agreement_line and carried else None,
            "type": "earn",
            "product_id": fact["product_id"],
            "bottles": float(line.move.bottles),
            "territory_id": fact.get("territory_id") or None,
            "event_time": fact["event_time"],
            "business_day": fact["business_day"],
            "origin_model": fact.get("source_model"),
            "origin_id": fact.get("source_id"),
            "trace": self._trace_line(line, amount),
        }

    def _trace_line(self, line, granted):
        in_percent = line.rule.rate_kind == "percent"
        special = {
            "uplifts": [[one.kind, str(one.percent), snapshot] for one, snapshot in line.uplifts],
            "overlays": [[one.kind, str(one.value), one.key] for one in line.overlays],
        }
        if line.rule.cap_supplier is not None:
            special["supplier"] = line.fact["distributor_id"]
        return {
            **{name: value for name, value in special.items() if value},
            "kind": "per_unit",
            "basis": line.rule.basis,
            "measure": "amount" if in_percent else line.rule.measure,
            "base": str((amount_of if in_percent else measured)(line.rule, line.move)),
            "rate_kind": line.rule.rate_kind,
            "rate": str(line.rule.rate),
            "amount": str(line.amount),
            "granted": str(granted),
        }
