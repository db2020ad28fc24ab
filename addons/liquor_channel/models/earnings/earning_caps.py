import json
import re
from dataclasses import replace

from odoo import api, models

from ...engine.common.money import ZERO, decimal

#: what a difference and a part that went back add to the component of their origin
LATER = re.compile("/(?:return|proof)/")


class LiquorEarning(models.Model):
    """What earnings hold of caps: of per-unit policies and of agreements.

    A row that lowers another (a difference, a part that went back) frees the room that the other took, in its period;
    a difference that raises takes room again, as far as there is any. Taken back as a whole, a reward frees what it
    and its differences hold together, so room is never given back twice.
    """

    _inherit = "liquor.earning"

    def _free_caps(self, company):
        """Give back what these rows hold: they are taken back."""
        self.env["liquor.cap.counter"].sudo()._give_back(company, self._taken_from_caps(company))

    def _free_lowered(self):
        """Give back what these new rows lower; what raises took its room before it was booked."""
        for company, rows in self.filtered(lambda row: row._counted() < 0).grouped("company_id").items():
            freed = {key: -amount for key, amount in rows._taken_from_caps(company).items() if amount < 0}
            self.env["liquor.cap.counter"].sudo()._give_back(company, freed)

    def _taken_from_caps(self, company):
        """What these rows of one company took from caps of per-unit policies and of agreements: {key: Decimal}."""
        origins = self._cap_origins()
        bears = {row: row._bearing_request() for row in self.filtered("agreement_id")}
        lines = self.env["liquor.agreement.line"]._bearing(set(bears.values()))
        sums = {}
        for row in self:
            line = lines.get(bears.get(row))
            if row.policy_version_id.kind == "per_unit":
                for key in origins[row]._cap_keys():
                    sums[key] = sums.get(key, ZERO) + row._counted()
            if line and line.cap_amount:
                sums[line._cap_key()] = sums.get(line._cap_key(), ZERO) + decimal(row.funder_amount)
        return sums

    def _cap_keys(self):
        """Counters that this row may have been taken from; that of the party only where it had a cap."""
        version, (partner_id, day, supplier) = self.policy_version_id, self._cap_place()
        keys = version._cap_keys(partner_id, day, supplier)
        own = version._cap_key(partner_id, day)
        return keys if self._party_cap() is not None else [key for key in keys if key != own]

    def _cap_origins(self):
        """The row whose caps each row counts under: itself, or the one that it lowers or raises."""
        later = self.filtered(lambda row: row.fact_key and row._cap_component() != row.component)
        found = {}
        if later:
            for row in self.search([("fact_key", "in", later.mapped("fact_key"))], order="id"):
                found.setdefault((row._identity(), row.component), row)
        return {row: found.get((row._identity(), row._cap_component()), row) for row in self}

    def _cap_component(self):
        return LATER.split(self.component or "")[0]

    def _identity(self):
        return self.policy_version_id, self.fact_key, self.partner_id

    def _cap_place(self):
        """What counters are named by: (partner id, day, id of who supplied)."""
        return self.partner_id.id, self.business_day, json.loads(self.trace or "{}").get("supplier")

    def _party_cap(self):
        """The cap of the party that held when this row was booked: its own (一店一策), else that of the terms."""
        own = [value for kind, value, _key in json.loads(self.trace or "{}").get("overlays", ()) if kind == "cap"]
        terms = self.policy_version_id.cap_amount
        return decimal(own[-1]) if own else decimal(terms) if terms else None

    def _counted(self):
        """What caps count of this row."""
        return decimal(self.amount)

    def _bearing_request(self, agreement_id=None):
        """What the line that carries a share of this row is looked up by."""
        return agreement_id or self.agreement_id.id, self.policy_version_id.policy_id.id, self.product_id.id or 0

    @api.model
    def _within_caps_again(self, company, pairs):
        """Cut differences that raise to the room there is, what a distributor carries of them to that of his consent.

        :param pairs: [(origin, values of the difference)]
        :return: those that are left, in the same order
        """
        rising = [(origin, values) for origin, values in pairs if values["amount"] > 0 or values["points"] > 0]
        if not rising:
            return pairs
        granted = self._grant_again(company, rising)
        carried = self._grant_carried_again(company, rising, granted)
        for (_origin, values), amount, share in zip(rising, granted, carried, strict=True):
            values["points" if values["form"] == "points" else "amount"] = float(amount)
            values["points"] = int(values["points"])
            values["funder_amount"] = float(share)
            if not share:
                values.update(funder_id=None, agreement_id=None)
        return [(origin, values) for origin, values in pairs if values["amount"] or values["points"]]

    def _grant_again(self, company, rising):
        versions = self.env["liquor.policy.version"].union(*(origin.policy_version_id for origin, _v in rising))
        rules, wanted, caps = versions._to_rules(), [], {}
        for origin, values in rising:
            rule = replace(rules[origin.policy_version_id.id], cap=origin._party_cap())
            own = origin.policy_version_id._caps_of(rule, *origin._cap_place())
            caps.update(own)
            wanted.append((tuple(own), decimal(values["points"] or values["amount"])))
        return self.env["liquor.cap.counter"].sudo()._grant(company, wanted, caps)

    def _grant_carried_again(self, company, rising, granted):
        requests = [origin._bearing_request(values["agreement_id"]) for origin, values in rising]
        carried = {request for request, (_o, values) in zip(requests, rising, strict=True) if values["agreement_id"]}
        lines = self.env["liquor.agreement.line"]._bearing(carried)
        wanted, caps = [], {}
        for (_origin, values), request, amount in zip(rising, requests, granted, strict=True):
            line = lines.get(request) if values["agreement_id"] else None
            capped = line and line.cap_amount
            if capped:
                caps[line._cap_key()] = decimal(line.cap_amount)
            wanted.append((line._cap_key() if capped else "", min(decimal(values["funder_amount"]), amount)))
        return self.env["liquor.cap.counter"].sudo()._grant(company, wanted, caps)
