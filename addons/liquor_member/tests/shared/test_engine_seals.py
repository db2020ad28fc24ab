import doctest
from dataclasses import replace

from odoo.tests import BaseCase, tagged

from ...engine.shared import seals
from ...engine.shared.seals import FIRST, Seal, find_breaks


@tagged("post_install", "-at_install")
class TestSeals(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(seals)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 6)

    def chain(self, length=4):
        chain, previous = [], FIRST
        for number in range(length):
            seal = Seal("t", "id", number * 10, number * 10 + 10, 3, f"{number:064x}", previous)
            previous = seal.digest()
            chain.append((seal, previous))
        return chain

    def test_every_part_of_a_seal_counts(self):
        [(seal, stored)] = self.chain(1)
        now = [(seal.row_count, seal.root)]
        for name, value in (("table", "u"), ("columns", "x"), ("xid_to", 11), ("xid_from", 1)):
            self.assertIn((0, "hash"), find_breaks([(replace(seal, **{name: value}), stored)], now), name)

    def test_removed_and_reordered_seals_show(self):
        chain = self.chain()
        now = [(seal.row_count, seal.root) for seal, _stored in chain]
        self.assertEqual(find_breaks(chain, now), [])
        self.assertIn((1, "chain"), find_breaks(chain[:1] + chain[2:], now[:1] + now[2:]))
        self.assertTrue(find_breaks([chain[1], chain[0], *chain[2:]], [now[1], now[0], *now[2:]]))

    def test_gap_between_ranges_shows(self):
        [(first, stored)] = self.chain(1)
        second = Seal("t", "id", 12, 20, 1, "aa", stored)
        breaks = find_breaks([(first, stored), (second, second.digest())], [(3, first.root), (1, "aa")])
        self.assertEqual(breaks, [(1, "range")])
