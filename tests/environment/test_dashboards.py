"""The dashboards that liquor_channel ships are what their descriptions give, and each is explained by a sample."""

import json

from tools.dashboards.build import DESCRIPTIONS, FOLDER, files


def test_files_are_what_is_described():
    """After a change of a description: ``python -m tools.dashboards``."""
    made = files()
    assert {path.name for path in FOLDER.glob("*.json")} == set(made)
    assert [name for name, text in made.items() if (FOLDER / name).read_text(encoding="utf-8") != text] == []


def test_a_sample_looks_like_its_dashboard():
    made = {name: json.loads(text) for name, text in files().items()}
    for name in DESCRIPTIONS:
        asked, drawn = made[f"{name}_dashboard.json"], made[f"{name}_sample_dashboard.json"]
        for one, other in zip(asked["sheets"][0]["figures"], drawn["sheets"][0]["figures"], strict=True):
            assert (one["id"], one["offset"], one["data"]["title"]) == (
                other["id"],
                other["offset"],
                other["data"]["title"],
            )
        words = [{cell for cell, text in one["sheets"][0]["cells"].items() if text.startswith(("=_t", "["))}
                 for one in (asked, drawn)]  # fmt: skip
        assert words[0] <= words[1]
        assert not drawn["pivots"] and not drawn["lists"] and not drawn["globalFilters"]


def unreached(model: str, filters: set[str]) -> set[str]:
    """Filters that cannot reach a model: budgets belong to no day, place or distributor, a return has its own days."""
    return {"liquor.fund": filters, "liquor.spend.return.line": {"spend_period"}}.get(model, set())


def test_every_source_is_shown_and_follows_the_filters():
    """No source is loaded in vain; what a filter cannot reach is said in the description, not forgotten."""
    for name, text in files().items():
        data = json.loads(text)
        cells = " ".join(text for sheet in data["sheets"] for text in sheet["cells"].values())
        for number, source in data["pivots"].items():
            assert f"PIVOT({number}," in cells or f"PIVOT.VALUE({number}," in cells, (name, source["name"])
            filters = {one["id"] for one in data["globalFilters"]}
            assert set(source["fieldMatching"]) == filters - unreached(source["model"], filters)
        for number, source in data["lists"].items():
            assert f"ODOO.LIST({number}," in cells, (name, source["name"])
