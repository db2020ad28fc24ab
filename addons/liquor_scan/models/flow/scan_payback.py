from decimal import Decimal

from odoo import api, models

from odoo.addons.liquor_channel.engine.common.money import decimal

from ...engine.flow.returns import part_back

WHOLE = Decimal(1)


class LiquorScanPayer(models.AbstractModel):
    """Goods came back: what their receipt earned is taken back, of a part of it the part, exactly."""

    _inherit = "liquor.scan.payer"

    @api.model
    def _take_back(self, returned):
        """Take back what the receipts of goods earned; queries do not grow with their number.

        :param returned: list of ``Returned``
        """
        if not returned:
            return
        receipts = self._receipts({unit for back in returned for unit in (*back.around, *back.inside)})
        whole, parts = [], []
        for back in returned:
            known = [receipts[unit] for unit in back.around if unit in receipts]
            if not known:
                continue
            number, unit_of_receipt, received = max(known)
            if unit_of_receipt == back.unit:
                whole.append((self._fact_key(number), back.unit, received, received))
                # a part that went back and was received again has a receipt of its own
                whole += [(self._fact_key(receipts[unit][0]), unit, receipts[unit][2], receipts[unit][2])
                          for unit in back.inside if unit in receipts and receipts[unit][0] > number]  # fmt: skip
            else:
                parts.append((self._fact_key(number), back.unit, back.bottles, received))
        self.env["liquor.receipt.return"].sudo()._note(whole + parts)
        self._take_back_facts(whole, parts)

    @api.model
    def _take_back_late(self, fact_keys):
        """Receipts that counted nothing when their goods went back count now: what went back of them is taken back."""
        noted = self.env["liquor.receipt.return"].sudo()._of(fact_keys)
        if not noted:
            return
        whole = [rows[0] for rows in noted.values() if len(rows) == 1 and rows[0][2] >= rows[0][3]]
        parts = [row for rows in noted.values() for row in rows if rows[0] not in whole]
        self._take_back_facts(whole, parts)

    def _receipts(self, units):
        """Latest receipt that was paid for, per unit: {unit: (event id, unit, bottles)}; one query."""
        events = self.env["liquor.scan.event"].sudo()._latest_facts(units, "received")
        return {unit: (number, unit, bottles) for unit, (number, bottles) in events.items()}

    def _take_back_facts(self, whole, parts):
        """Reverse receipts that came back as one; those of which parts came back before give what is left.

        :param whole: list of (fact key, unit, bottles back, bottles received)
        :param parts: the same for parts of a receipt
        """
        taken = self._taken({key for key, *_rest in whole + parts})
        partly = {key for key, _earning in taken}
        at_once = [key for key, *_rest in whole if key not in partly]
        if at_once:
            self.env["liquor.earning"].sudo()._claw_back(at_once, self.env._("Goods returned"))
        rest = [row for row in whole if row[0] in partly]
        self._take_back_parts([*rest, *parts], taken)
        if rest or parts:
            self.env["liquor.earning"].sudo()._follow_returns({key for key, *_rest in [*rest, *parts]})

    def _taken(self, fact_keys):
        """What parts have taken back: {(fact key, (version, partner, component)): (bottles, amount, share, goods,
        points)}."""
        rows = self.env["liquor.earning"].sudo().search([
            ("fact_key", "in", list(fact_keys)), ("type", "=", "clawback"), ("reverses_id", "=", False),
            ("component", "like", "/return/"),
        ])  # fmt: skip
        found = {}
        for row in rows:
            key = row.fact_key, (row.policy_version_id.id, row.partner_id.id, row.component.split("/return/")[0])
            before = found.get(key, (0, *[Decimal(0)] * 4))
            own = -row.bottles, -decimal(row.amount), -decimal(row.funder_amount), -decimal(row.goods_bottles or 0)
            found[key] = tuple(map(sum, zip(before, (*own, Decimal(-row.points)), strict=True)))
        return found

    def _take_back_parts(self, parts, taken):
        """Cases of a pallet came back, or bottles of a case: their share of what it earned."""
        earnings = self._earned({key for key, *_rest in parts}).grouped("fact_key")
        values_list, origins = [], []
        for key, unit, bottles, received in parts:
            for earning in earnings.get(key, ()):
                who = key, (earning.policy_version_id.id, earning.partner_id.id, earning.component)
                values, taken[who] = self._prepare_part_values(earning, unit, bottles, received, taken.get(who))
                values_list.append(values)
                origins.append(earning)
        if values_list:
            earning_model = self.env["liquor.earning"].sudo()
            known = earning_model._ledger_known({earning_model._book_key(values) for values in values_list})
            booked = earning_model._book(values_list, known)
            booked.filtered(lambda row: row.id not in known.values())._free_lowered()
            for earning, row in zip(origins, booked, strict=True):
                if row.points:
                    earning._point_entries()._take_back(row.reason, -row.points, f"claw_back/part/{row.id}")

    def _earned(self, fact_keys):
        """What facts earned and was not reversed, in one query."""
        earning = self.env["liquor.earning"].sudo()
        if not fact_keys:
            return earning
        found = earning.search([
            ("fact_key", "in", list(fact_keys)),
            ("reverses_id", "=", False),
            ("type", "=", "earn"),
        ])
        reversed_ids = set(earning.search([("reverses_id", "in", found.ids)]).reverses_id.ids)
        return found.filtered(lambda row: row.id not in reversed_ids)

    def _prepare_part_values(self, earning, unit, bottles, received, before):
        """Values of the row that takes a part back, and what is then taken back of the earning in all."""
        before = before or (0, *[Decimal(0)] * 4)
        back = min(received, before[0] + bottles)
        cent = decimal(earning.currency_id.rounding)
        amounts = (
            (earning.amount, cent),
            (earning.funder_amount, cent),
            (earning.goods_bottles or 0, Decimal("0.01")),
            (earning.points, WHOLE),
        )
        now = [
            part_back(decimal(earned), received, int(back), taken, step)
            for (earned, step), taken in zip(amounts, before[1:], strict=True)
        ]
        now[1] = min(
            now[1], now[0]
        )  # who carries a share never carries more than the amount; later parts make up for it
        after = (back, *(taken + part for taken, part in zip(before[1:], now, strict=True)))
        return self._prepare_payback_values(earning, unit, back - before[0], now), after

    def _prepare_payback_values(self, earning, unit, bottles, now):
        amount, share, goods, points = now
        return {
            "company_id": earning.company_id.id,
            "partner_id": earning.partner_id.id,
            "beneficiary_kind": earning.beneficiary_kind,
            "currency_id": earning.currency_id.id,
            "amount": -float(amount),
            "funder_id": earning.funder_id.id,
            "funder_amount": -float(share),
            "agreement_id": earning.agreement_id.id,
            "type": "clawback",
            "policy_version_id": earning.policy_version_id.id,
            "component": f"{earning.component}/return/{unit.level}/{unit.index}",
            "fact_key": earning.fact_key,
            "product_id": earning.product_id.id,
            "bottles": -bottles,
            "form": earning.form,
            "goods_product_id": earning.goods_product_id.id,
            "goods_bottles": -float(goods),
            "points": -int(points),
            "payable": earning.state,
            "origin_model": earning.origin_model,
            "origin_id": earning.origin_id,
            "reason": self.env._("Goods returned"),
        }
