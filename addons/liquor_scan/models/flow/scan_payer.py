from odoo import api, models
from odoo.tools import SQL

from ...engine.flow.judge import HIDDEN_KINDS
from ...engine.flow.transitions import GUIDE, WAITER
from .scene import Returned

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
        facts, owner_of, returned, proven, back = [], {}, [], [], []
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
                    back.append(self._prepare_return(scene, judged, number))
                elif outcome.item.type == "unpack" and judged.ref.scanned.kind in HIDDEN_KINDS:
                    proven.append(judged.ref.scanned.unit)
        rewards = self._earn(facts, owner_of)
        self._take_back(returned)
        if back:
            # what a shop that changed between scans and reports told of since may be other goods now
            self.env["liquor.policy"].sudo()._earn(back)
        self._release(proven)
        return rewards

    def _prepare_return(self, scene, judged, number):
        giver = judged.verdict.giver or judged.verdict.row.holder
        return {**self._prepare_fact(scene, judged, number), "counterparty_id": giver, "bottles": -judged.ref.bottles}

    def _place_of(self, scene, judged):
        """The unit that came back, with the packages around it and what was scanned out of it."""
        unit, board = judged.ref.scanned.unit, scene.boards[judged.ref.company]
        return Returned(unit, (unit, *board.parents.get(unit, ())), tuple(board.below(unit)), judged.ref.bottles)

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
            "purpose": self.env["liquor.scan.desk"]._purpose(scene, judged) or False,
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

    # --- proof of possession -------------------------------------------------------------------------------

    @api.model
    def _release(self, units):
        """The code inside a case proves possession: what its receipt earned for later is due now (trade.md R9 a)."""
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
        earnings = self._earned([self._fact_key(number) for number in self._undisputed(events)])
        if not earnings:
            return
        # a part that was taken back lowers what is due, not what is due later
        earnings = earnings._with_differences()
        states = earnings._current_states()
        waiting = earnings.filtered(lambda earning: states.get(earning.id) == "pending")
        if waiting:
            self.env["liquor.earning.state"].sudo()._set(waiting, "available", reason)

    def _undisputed(self, events):
        """Receipts whose goods are still recorded at the shop and that no other shop asks for.

        Who scanned a case that stands elsewhere proves nothing by what happens to it there.
        """
        if not events:
            return []
        self.env["liquor.custody"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.id FROM liquor_scan_event e
                  JOIN liquor_custody c
                    ON c.batch_id = e.batch_id AND c.level = e.level AND c.unit_index = e.unit_index
                 WHERE e.id = ANY(%s) AND c.holder_id = e.party_id AND c.pending_id IS NULL
                """,
                list(events),
            )
        )
        return [number for (number,) in rows]
