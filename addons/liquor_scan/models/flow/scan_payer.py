from odoo import api, models

from ...engine.flow.transitions import GUIDE, WAITER

PAID_FACTS = ("received", "opened", "sold")
PERSONS = frozenset({GUIDE, WAITER})


class LiquorScanPayer(models.AbstractModel):
    """What scans earn, and what they take back: facts of liquor_scan handed to the policies of liquor_channel."""

    _name = "liquor.scan.payer"
    _description = "Rewards of Scans"

    @api.model
    def _fact_key(self, event_id):
        """The name under which policies know an event."""
        return f"liquor.scan.event/{event_id}"

    @api.model
    def _pay(self, scene, outcomes, event_ids):
        """Let policies pay for what was proven, take back what was returned, release what an opened case proves.

        :return: {client id: rewards of the sender}, each {"kind", "amount", "currency", "state"}
        """
        facts, owner_of, returned, proven = [], {}, [], []
        for outcome in outcomes:
            numbers = event_ids.get(outcome.item.client_id, ())
            if outcome.status != "accepted":
                continue
            for judged, number in zip(outcome.judged, numbers, strict=True):
                if judged.verdict.fact in PAID_FACTS:
                    fact = self._prepare_fact(scene, judged, number)
                    facts.append(fact)
                    payee = fact["guide_id"] or judged.actor.party
                    owner_of[fact["key"]] = outcome.item.client_id, payee
                elif judged.verdict.fact == "returned":
                    returned.append(self._place_of(scene, judged))
                elif outcome.item.type == "unpack":
                    proven.append(judged.ref.scanned.unit)
        rewards = self._earn(facts, owner_of)
        self._take_back(returned)
        self._release(proven)
        return rewards

    def _place_of(self, scene, judged):
        unit = judged.ref.scanned.unit
        return unit, (unit, *scene.boards[judged.ref.company].parents.get(unit, ())), judged.ref.bottles

    def _prepare_fact(self, scene, judged, number):
        """The fact of one event, as docs/architecture.md names its keys."""
        ref, actor, verdict = judged.ref, judged.actor, judged.verdict
        kind = self.env["liquor.scan.desk"]._party_kind(judged.item, actor)
        station = scene.station(ref.company, actor.party, kind, judged.day)
        value = self.env["liquor.scan.collect"]._value(scene, ref, station, verdict.fact, judged.day)
        return {
            "key": self._fact_key(number),
            "kind": verdict.fact,
            "company_id": ref.company,
            "partner_id": verdict.giver if verdict.fact == "opened" else actor.party,
            "counterparty_id": verdict.giver if verdict.fact == "received" else False,
            "guide_id": scene.person if actor.kinds & PERSONS else False,
            "product_id": ref.scanned.product,
            "bottles": ref.bottles,
            "amount": value.get("amount", 0.0),
            "currency_id": value.get("currency_id", False),
            "event_time": verdict.row.since,
            "business_day": judged.day,
            "territory_id": station.territory or False,
            "grade": station.grade or False,
            "purpose": judged.item.purpose or scene.purpose(ref.scanned.unit, ref.company) or False,
            "source_model": "liquor.scan.event",
            "source_id": number,
        }

    def _earn(self, facts, owner_of):
        if not facts:
            return {}
        earned = self.env["liquor.policy"].sudo()._earn(facts)
        rewards = {}
        earnings = (
            self.env["liquor.earning"].sudo().browse([earning.id for found in earned.values() for earning in found])
        )
        names = ["partner_id", "amount", "currency_id", "payable", "form", "points"]
        shown = {row["id"]: row for row in earnings.read(names, load=None)}
        currencies = self.env["res.currency"].browse({row["currency_id"] for row in shown.values()})
        names = {currency.id: (currency.name, currency.decimal_places) for currency in currencies}
        for key, found in earned.items():
            client_id, party = owner_of[key]
            for earning in found:
                row = shown[earning.id]
                if row["partner_id"] == party:  # never the share of anybody else
                    rewards.setdefault(client_id, []).append(self._prepare_reward(row, names))
        return rewards

    def _prepare_reward(self, row, names):
        if row["form"] == "points":
            return {"kind": "points", "amount": str(row["points"]), "currency": "", "state": row["payable"]}
        name, places = names[row["currency_id"]]
        return {"kind": "cash", "amount": f"{row['amount']:.{places}f}", "currency": name, "state": row["payable"]}

    # --- taking back -----------------------------------------------------------------------------------------

    @api.model
    def _take_back(self, returned):
        """Goods came back: what their receipt earned is reversed, of a part of it the part.

        :param returned: list of (unit, the unit and its packages, bottles)
        """
        if not returned:
            return
        receipts = self._receipts({place for _unit, around, _bottles in returned for place in around})
        whole, parts = [], []
        for unit, around, bottles in returned:
            known = [receipts[place] for place in around if place in receipts]
            if not known:
                continue
            number, unit_of_receipt, received = max(known)
            if unit_of_receipt == unit:
                whole.append(self._fact_key(number))
            else:
                parts.append((self._fact_key(number), unit, bottles, received))
        if whole:
            self.env["liquor.earning"].sudo()._claw_back(whole, self.env._("Goods returned"))
        self._take_back_parts(parts)

    def _receipts(self, units):
        """Latest receipt that was paid for, per unit: {unit: (event id, unit, bottles)}; one query."""
        events = self.env["liquor.scan.event"].sudo()._latest_facts(units, "received")
        return {unit: (number, unit, bottles) for unit, (number, bottles) in events.items()}

    def _take_back_parts(self, parts):
        """Cases of a pallet came back: their share of what the pallet earned, rounded by the currency."""
        earnings = self._earned({key for key, _unit, _bottles, _received in parts}).grouped("fact_key")
        values_list = [
            self._prepare_part_values(earning, unit, bottles, bottles / (received or bottles))
            for key, unit, bottles, received in parts
            for earning in earnings.get(key, ())
        ]
        if values_list:
            self.env["liquor.earning"].sudo()._book(values_list)

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

    def _prepare_part_values(self, earning, unit, bottles, share):
        currency = earning.currency_id
        return {
            "company_id": earning.company_id.id,
            "partner_id": earning.partner_id.id,
            "beneficiary_kind": earning.beneficiary_kind,
            "currency_id": currency.id,
            "amount": -currency.round(earning.amount * share),
            "funder_id": earning.funder_id.id,
            "funder_amount": -currency.round(earning.funder_amount * share),
            "agreement_id": earning.agreement_id.id,
            "type": "clawback",
            "policy_version_id": earning.policy_version_id.id,
            "component": f"{earning.component}/return/{unit.level}/{unit.index}",
            "fact_key": earning.fact_key,
            "product_id": earning.product_id.id,
            "bottles": -bottles,
            "payable": earning.state,
            "origin_model": earning.origin_model,
            "origin_id": earning.origin_id,
            "reason": self.env._("Goods returned"),
        }

    @api.model
    def _release(self, units):
        """An opened case proves possession: what its receipt earned for later is due now (trade.md R9 a)."""
        if not units:
            return
        receipts = self._receipts(set(units))
        self._release_events(
            {number for number, _unit, _bottles in receipts.values()}, self.env._("The case was opened")
        )

    @api.model
    def _release_events(self, events, reason):
        """What receipts earned for later is due now; nothing happens to what is held or taken back.

        :param events: ids of scan events
        """
        earnings = self._earned([self._fact_key(number) for number in events])
        if not earnings:
            return
        states = earnings._current_states()
        waiting = earnings.filtered(lambda earning: states.get(earning.id) == "pending")
        if waiting:
            self.env["liquor.earning.state"].sudo()._set(waiting, "available", reason)
