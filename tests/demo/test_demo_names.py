"""In the demo world every record is found by a word of the name that a screen shows, and none by another."""

import re

import pytest
from tools.environment import databases, demo
from tools.environment.settings import WORLD_DATABASE

pytestmark = pytest.mark.story
#: a line of a form and a lock: named by a figure, and nobody looks them up
LINES = {"liquor.policy.tier", "liquor.custody.turn"}
ASK = """
import re
env = env(context={**env.context, "lang": "zh_CN", "allowed_company_ids": env["res.company"].search([]).ids})
for name in sorted(env.registry):
    model = env[name]
    if not name.startswith("liquor.") or model._abstract or model._transient:
        continue
    for record in model.search([], limit=3):
        shown = record.display_name or ""
        words = [word for word in re.split(r"[^\\w+%*.-]+", shown) if word]
        words += [word.rpartition("-")[0] for word in words if "-" in word] + [word[:4] for word in words]
        here = [("id", "=", record.id)]
        found = any(word and model.name_search(word, here) for word in words)
        wrong = bool(model.name_search("€ no such name", here))
        print("NAME", name, int(found), int(wrong), shown.replace(chr(10), " "))
"""


def test_a_word_of_the_name_finds_the_record():
    demo.ensure_world()
    text = databases.script(WORLD_DATABASE, ASK)
    rows = [line.split(" ", 4)[1:] for line in re.findall(r"^NAME .*$", text, re.MULTILINE)]
    assert len({name for name, *_rest in rows}) > 120, "most rooms have records"
    technical = [row for row in rows if re.match(r"liquor\.[a-z.]+[,/]\d", row[3])]
    assert technical == [], "shown by a technical name"
    assert [row for row in rows if row[2] == "1"] == [], "found by what is not its name"
    lost = {name: shown for name, found, _wrong, shown in rows if found == "0" and name not in LINES}
    assert lost == {}
