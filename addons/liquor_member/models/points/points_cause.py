"""Who may change the points of a member's card: only code that holds one of these objects (design 5).

It travels in the context. A client can send any context key, but JSON and XML-RPC cannot send such an object.
"""

from dataclasses import dataclass

from odoo.exceptions import UserError


@dataclass(frozen=True)
class PointsCause:
    """What moves points: a record of ``model``; spendings and what they give back are matched by ``key``."""

    model: str
    record_id: int = 0

    @property
    def key(self) -> str:
        """Text that entries of one cause share."""
        return f"{self.model},{self.record_id}"


LEDGER = PointsCause("liquor.point.entry")


def cause_of(env) -> PointsCause | None:
    """Return the cause in the context, if it is a real one."""
    cause = env.context.get("liquor_points")
    return cause if isinstance(cause, PointsCause) else None


def refuse(env):
    """Raise the one message for whoever writes points directly."""
    raise UserError(
        env._("Points of a member cannot be typed: they follow from the points entries. Please request an adjustment.")
    )
