"""What the page of a code says: one verdict, one colour, one sentence (screens.md)."""

from typing import NamedTuple

GREEN, AMBER, RED = "green", "amber", "red"


class Verdict(NamedTuple):
    """Colour and message of a page; the words are the template's."""

    tone: str
    message: str


def verdict(*, looks: int, own: int, recalled: bool = False) -> Verdict:
    """Judge an activated code; a code that is not is `invalid` and never comes here.

    :param looks: looks counted so far, this one included
    :param own: those of this device
    :param recalled: whether the unit is recalled

    >>> verdict(looks=1, own=1)
    Verdict(tone='green', message='first')
    >>> verdict(looks=3, own=3).message, verdict(looks=3, own=1).message
    ('again', 'repeated')
    """
    if recalled:
        return Verdict(RED, "recalled")
    if looks <= 1:
        return Verdict(GREEN, "first")
    if own >= looks:
        return Verdict(GREEN, "again")
    return Verdict(AMBER, "repeated" if looks <= 4 else "beware")
