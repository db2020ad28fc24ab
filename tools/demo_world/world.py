"""What the steps of the build share."""

import os
from dataclasses import dataclass, field
from random import Random

from .clock import Clock
from .plan.calendar import Calendar
from .plan.catalog import Item
from .plan.flow import Flow
from .plan.shops import Shop


@dataclass(slots=True)
class Trade:
    """One maker: its company, what it sells, to whom, and what moves."""

    company: object
    items: tuple[Item, ...]
    shops: list[Shop]
    cities: tuple[str, ...]
    flow: Flow
    members: int
    products: dict = field(default_factory=dict)
    policies: dict = field(default_factory=dict)
    program: object = None
    lots: list = field(default_factory=list)
    batches: list = field(default_factory=list)
    member_of: dict = field(default_factory=dict)
    payees: dict = field(default_factory=dict)
    funds: dict = field(default_factory=dict)

    @property
    def goods(self) -> tuple[Item, ...]:
        """Everything this maker sells: what moves every week, and what was just launched."""
        return tuple(dict.fromkeys((*self.items, *(lot.item for lot in self.flow.lots))))


@dataclass(slots=True)
class World:
    """The build's state. Records are kept by what the plan calls them."""

    env: object
    clock: Clock
    calendar: Calendar
    shops: list[Shop]
    trades: list[Trade] = field(default_factory=list)
    users: dict = field(default_factory=dict)
    partners: dict = field(default_factory=dict)
    distributors: dict = field(default_factory=dict)
    territories: dict = field(default_factory=dict)
    user_of: dict = field(default_factory=dict)
    login_shop: Shop | None = None
    rng: Random = field(default_factory=lambda: Random(20261121))

    @property
    def regional(self) -> Trade:
        """The regional maker: opened by default."""
        return self.trades[0]

    @property
    def national(self) -> Trade:
        """The national maker: levels and points."""
        return self.trades[1]

    def as_user(self, name: str, company=None):
        """Return the environment of a demo login, working for one company."""
        user = self.users[name]
        companies = [(company or user.company_id).id]
        return self.env(user=user, su=False, context={**user.context_get(), "allowed_company_ids": companies})

    def of_company(self, company):
        """Return the superuser's environment for one company."""
        return self.env(context={**self.env.context, "allowed_company_ids": [company.id], "lang": "zh_CN"})


class Stopwatch:
    """Prints what is built and how long it took; ``os.times`` is a clock that the world's clock does not stop."""

    def __init__(self, out) -> None:
        self._out, self._begun, self._last = out, os.times().elapsed, os.times().elapsed

    def lap(self, title: str) -> None:
        """Print one finished step."""
        now = os.times().elapsed
        self._out.write(f"  {title:<28} {now - self._last:7.1f} s   {now - self._begun:7.1f} s\n")
        self._out.flush()
        self._last = now
