"""The keystroke-level model that says how long a clerk needs for a tour."""

import pytest

from tests.browser.keystrokes import SLOWER, Act, keys, seconds


def test_keys_of_chinese_and_of_figures():
    assert (keys("12.5"), keys("年度"), keys("开门红 10+1"), keys("")) == (4, 10, 20, 0)


@pytest.mark.parametrize(
    ("acts", "read", "wanted"),
    [
        ([], 0, 0),
        ([Act("click")], 0, 1.35 + 1.10 + 0.20),
        ([Act("click"), Act("input", "50")], 0, 2.65 + 0.40 + 1.35 + 2 * 0.50),
        # the hand goes to the keyboard once, and back
        ([Act("input", "5"), Act("keydown"), Act("click")], 0, 0.40 + 1.35 + 0.50 + 0.50 + 0.40 + 2.65),
        ([], 255, 63.75),
    ],
)
def test_the_operators_are_added_up(acts, read, wanted):
    assert seconds(acts, read) == pytest.approx(SLOWER * wanted)
