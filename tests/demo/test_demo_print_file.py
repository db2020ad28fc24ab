"""The printer's file of the demo carries an SSCC for every pallet, in the maker's own company prefix."""

import re

import pytest
from tools.demo_world.plan.catalog import GS1_PREFIXES
from tools.environment import databases, demo
from tools.environment.settings import WORLD_DATABASE

pytestmark = pytest.mark.story
READ = """
from odoo.addons.liquor_scan.engine.codes import archive
from odoo.addons.liquor_scan.tests.codes.test_engine_archive import read_entry
for order in env["liquor.print.order"].search([("state", "in", ("issued", "handed"))]):
    password = order._password()
    entries = [entry for entry in order._entries() if "-pallet-" in entry.name]
    data = b"".join(archive.stream(entries, password))
    for entry in entries:
        for line in read_entry(data, entry.name, password).decode().split():
            found = env["liquor.code.batch"]._locate_logistic([f"(00){line.partition(',')[2]}"])
            unit = next(iter(found.values()), None)
            same = unit and line.partition(",")[0].endswith("/" + unit.batch._code("pallet", unit.index))
            print("PALLET", order.company_id.liquor_gs1_prefix, line.partition(",")[2] or "-", bool(same))
"""


def check_digit(digits: str) -> str:
    """Return GS1's check digit of 17 digits: weights 3, 1, 3, ... from the left (General Specifications 7.9)."""
    return str(-sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(digits)) % 10)


def test_pallets_of_both_makers():
    demo.ensure_world()
    rows = re.findall(r"^PALLET (\S+) (\S+) (\S+)$", databases.script(WORLD_DATABASE, READ), re.MULTILINE)
    assert {prefix for prefix, _number, _same in rows} == set(GS1_PREFIXES)
    numbers = [number for _prefix, number, _same in rows]
    assert len(set(numbers)) == len(numbers) > 100, "no number twice"
    for prefix, number, same in rows:
        assert re.fullmatch(rf"\d{prefix}\d{{8}}", number), number
        assert number[17] == check_digit(number[:17])
        assert same == "True", f"{number} is not the pallet whose code stands beside it"
