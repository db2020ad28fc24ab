"""The three months, moment by moment: everything that is planned happens at its time, in its order."""

from itertools import count

from . import (
    changes,
    contracts,
    counts,
    exchange,
    expenses,
    finance,
    flow_reports,
    funds,
    guides,
    incidents,
    members,
    months,
    openings,
    papers,
    payouts,
    providers,
    recalls,
    receipts,
    rest,
    revisions,
    shelf,
    shipping,
    tour,
    waiting,
)


class Story:
    """A diary of what will happen. Entries of the same moment happen in the order they were written."""

    def __init__(self, world) -> None:
        self.world = world
        self._entries: list = []
        self._numbers = count()

    def at(self, moment, happening, *values) -> None:
        """Let ``happening(world, *values)`` happen at ``moment``; what lies after this morning does not happen."""
        if moment <= self.world.calendar.until:
            self._entries.append((moment, next(self._numbers), happening, values))

    def tell(self) -> None:
        """Live through all entries."""
        for moment, _number, happening, values in sorted(self._entries, key=lambda entry: entry[:2]):
            self.world.clock.move_to(moment)
            happening(self.world, *values)


def build(world) -> None:
    """Write the diary and live through it."""
    story = Story(world)
    for trade in world.trades:
        funds.plan(story, trade)
        contracts.plan(story, trade)
        papers.plan(story, trade)
        revisions.plan(story, trade)
        shipping.plan(story, trade)
        receipts.plan(story, trade)
        openings.plan(story, trade)
        flow_reports.plan(story, trade)
        payouts.plan(story, trade)
        guides.plan(story, trade)
        members.plan(story, trade)
        incidents.plan(story, trade)
        waiting.plan(story, trade)
        tour.plan(story, trade)
        rest.plan(story, trade)
        shelf.plan(story, trade)
        exchange.plan(story, trade)
        counts.plan(story, trade)
        recalls.plan(story, trade)
        expenses.plan(story, trade)
        months.plan(story, trade)
        changes.plan(story, trade)
        providers.plan(story, trade)
        finance.plan(story, trade)
    story.tell()
