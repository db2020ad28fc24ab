"""How long a person's hands and head need for what a tour did: the keystroke-level model.

Card, Moran and Newell, "The keystroke-level model for user performance time with interactive systems", Communications
of the ACM 23 (7), 1980: a task takes the sum of its operators. Theirs are the seconds of pointing, pressing a button
of the mouse, moving the hand between mouse and keyboard, and making up one's mind. The model is of somebody who knows
the screens and errs nowhere; so every choice here is on the slow side: keys as slow as theirs for random letters, a
decision before every click and every entry, and half as much again in the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

POINT, BUTTON, HOME, DECIDE, KEY = 1.10, 0.20, 0.40, 1.35, 0.50
# A Han character takes its pinyin (six letters at most, three to four mostly) and the choice among what is offered.
KEYS_PER_HAN = 5
# Characters a second: Chinese readers of the International Reading Speed Texts read 255 (29) aloud in a minute:
# Trauzettel-Klosinski and Dietz, Investigative Ophthalmology & Visual Science 53 (9), 2012.
READ = 4
SLOWER = 1.5
# What comes from the keyboard and the mouse, in the order in which it happens. A script types a field at once: an
# "input" holds all its words.
WATCH = """
for (const kind of ["click", "keydown", "input"]) {
    addEventListener(kind, (event) => {
        if (kind === "click" && !event.isTrusted) return;
        const typed = kind === "input" && !["checkbox", "radio"].includes(event.target.type);
        if (kind === "input" && !typed) return;
        window.liquorHand(kind, typed ? String(event.target.value ?? "") : "");
    }, true);
}
"""


@dataclass(frozen=True, slots=True)
class Act:
    """One click, one key (``keydown``) or one entry (``input``), with what was typed."""

    kind: str
    text: str = ""

    @property
    def by_mouse(self) -> bool:
        """Tell which hand it needs."""
        return self.kind == "click"


def keys(text: str) -> int:
    """Return how many keys a text takes, by pinyin where it is Chinese.

    >>> keys("12.5"), keys("年度")
    (4, 10)
    """
    return sum(KEYS_PER_HAN if "\u4e00" <= character <= "\u9fff" else 1 for character in text)


def seconds(acts: Sequence[Act], read: int = 0) -> float:
    """Return the seconds a careful person needs, without what the machine takes to answer.

    A click is a decision, a move and a press: 1.35 + 1.10 + 0.20 = 2.65. An entry of "50" after it is a hand to the
    keyboard, a decision and two keys: 0.40 + 1.35 + 1.00 = 2.75. Together 5.40, and half as much again 8.10.

    :param read: characters that are read besides (questions, refusals, the terms in words)
    """
    total, by_mouse = read / READ, True
    for act in acts:
        total += HOME * (act.by_mouse is not by_mouse)
        by_mouse = act.by_mouse
        if act.kind == "click":
            total += DECIDE + POINT + BUTTON
        elif act.kind == "input":
            total += DECIDE + KEY * keys(act.text)
        else:
            total += KEY
    return total * SLOWER


class Hand:
    """Watches a page and keeps what was clicked, typed and read in it."""

    def __init__(self, page: Page) -> None:
        self.acts: list[Act] = []
        self.read = 0
        page.expose_binding("liquorHand", lambda _source, kind, text: self.acts.append(Act(kind, text)))
        page.add_init_script(WATCH)

    def walk(self, clicks: int) -> None:
        """Count the clicks of a way through the menus that the tour took by its address."""
        self.acts += [Act("click")] * clicks

    def seconds(self) -> float:
        """Return what a person needed for all of it."""
        return seconds(self.acts, self.read)
