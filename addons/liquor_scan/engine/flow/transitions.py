"""The table of event types: who may send one, what it does to custody, what it is in EPCIS.

`docs/` shows this very table (see `as_markdown`), so that code and page cannot differ.
"""

from typing import NamedTuple

MAKER = "maker"
DISTRIBUTOR = "distributor"
SUB = "sub_distributor"
TERMINAL = "terminal"
GUIDE = "guide"
WAITER = "waiter"
FIELD = "field"
CONSUMER = "consumer"

VOID_MINUTES = 10
"""One's own event may be undone for so long (design.md, section 6)."""
TRANSFER_DAYS = 7
"""A transfer nobody objects to takes effect after so many days (trade.md R9 b)."""
LATE_UPLOAD_HOURS = 24
"""An outbound upload may come this late before a receipt without it looks wrong (spec/codes.md rule 2)."""


class Transition(NamedTuple):
    """One event type.

    `custody`: take (maker begins to hold, or holds at another place of his), give (to the named party),
    receive (the actor), back (to the previous holder), open (the package is opened), end (the unit is used up),
    none. `fact`: kind of the fact it proves for policies, or "".
    """

    type: str
    actors: frozenset[str]
    custody: str
    fact: str
    epcis_type: str
    epcis_action: str
    biz_step: str
    disposition: str
    rewards: tuple[str, ...]


def _row(kind, actors, custody, fact, epcis, rewards=()):
    epcis_type, action, step, disposition = epcis
    return Transition(kind, frozenset(actors), custody, fact, epcis_type, action, step, disposition, tuple(rewards))


_HOLDERS = (MAKER, DISTRIBUTOR, SUB, TERMINAL)

TABLE: dict[str, Transition] = {
    row.type: row
    for row in (
        _row("pack", [MAKER], "take", "", ("AggregationEvent", "ADD", "packing", "in_progress")),
        _row("store", [MAKER], "take", "", ("ObjectEvent", "OBSERVE", "storing", "sellable_not_accessible")),
        _row("ship", [MAKER, DISTRIBUTOR, SUB], "give", "", ("ObjectEvent", "OBSERVE", "shipping", "in_transit")),
        _row(
            "receive",
            _HOLDERS,
            "receive",
            "received",
            ("ObjectEvent", "OBSERVE", "receiving", "sellable_accessible"),
            ["receipt"],
        ),
        _row("transfer", [SUB, TERMINAL], "give", "", ("ObjectEvent", "OBSERVE", "shipping", "in_transit")),
        _row(
            "return",
            [DISTRIBUTOR, SUB, TERMINAL],
            "back",
            "returned",
            ("ObjectEvent", "OBSERVE", "shipping", "returned"),
            ["clawback"],
        ),
        _row(
            "unpack", _HOLDERS, "open", "", ("AggregationEvent", "DELETE", "unpacking", "in_progress"), ["possession"]
        ),
        _row(
            "sell",
            [DISTRIBUTOR, TERMINAL, GUIDE],
            "end",
            "sold",
            ("ObjectEvent", "OBSERVE", "retail_selling", "retail_sold"),
            ["sale"],
        ),
        _row(
            "open",
            [TERMINAL, GUIDE, WAITER, CONSUMER],
            "end",
            "opened",
            ("ObjectEvent", "DELETE", "decommissioning", "inactive"),
            ["opening"],
        ),
        _row("count", _HOLDERS, "none", "", ("ObjectEvent", "OBSERVE", "cycle_counting", "sellable_accessible")),
        _row("check", [MAKER, FIELD], "none", "", ("ObjectEvent", "OBSERVE", "inspecting", "in_progress")),
        _row("void", [*_HOLDERS, GUIDE, WAITER, FIELD], "undo", "", ("error declaration", "", "", ""), ["reversal"]),
    )
}


def may_send(kind: str, actor_kinds: frozenset[str]) -> bool:
    """Whether one of the actor's roles may send this type at all.

    >>> may_send("receive", frozenset({"terminal"})), may_send("ship", frozenset({"terminal"}))
    (True, False)
    """
    return bool(TABLE[kind].actors & actor_kinds)


def as_markdown() -> str:
    """The table for the documentation.

    >>> as_markdown().splitlines()[2].split("|")[1].strip()
    'pack'
    """
    lines = ["| type | who | custody | fact | EPCIS | rewards |", "|---|---|---|---|---|---|"]
    for row in TABLE.values():
        epcis = " ".join(part for part in (row.epcis_type, row.epcis_action) if part)
        step = "/".join(part for part in (row.biz_step, row.disposition) if part)
        lines.append(
            f"| {row.type} | {', '.join(sorted(row.actors))} | {row.custody} | {row.fact or '-'} "
            f"| {' '.join(part for part in (epcis, step) if part)} | {', '.join(row.rewards) or '-'} |"
        )
    return "\n".join(lines)
