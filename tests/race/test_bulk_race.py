"""Twenty calls at the same moment, over HTTP: an edit in Excel is applied once, and undone once."""

from collections import Counter

import pytest

from .browser import Browser, failed
from .cast import prepared

N = 20
PREPARE = """
import base64, io, json
import openpyxl
clerk = user("race_bulk", "liquor_channel.group_clerk")
partner = party("赛跑批改", "distributor")
contract = env["liquor.agreement"].create({"kind": "distributor", "distributor_id": partner.id,
    "date_start": "2026-01-01", "target_ids": [Command.create({"label": f"2026-{month:02}", "goal": 100})
    for month in range(1, 7)]})
targets = contract.target_ids.with_user(clerk)
edit = env["liquor.bulk.edit"].with_user(clerk).browse(targets.action_bulk_export()["res_id"])
book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(edit.export_file)))
sheet, model = book.worksheets[0], env["liquor.agreement.target"]
titles = [cell.value for cell in sheet[1]]
at = {column.name: titles.index(model._bulk_label(column)) + 1 for column in model._bulk_columns()}
for row in range(2, 8):
    sheet.cell(row, at["goal"]).value = 150
for month in (10, 11, 12):
    row = sheet.max_row + 1
    for name, value in {"agreement_id": contract.name, "label": f"2026-{month}", "basis": "shipped",
                        "measure": "cases", "goal": 70}.items():
        sheet.cell(row, at[name]).value = value
stream = io.BytesIO()
book.save(stream)
edit.write({"file": base64.b64encode(stream.getvalue()), "filename": "race.xlsx"})
edit.action_preview()
env.cr.commit()
print("PREPARED " + json.dumps({"edit": edit.id, "contract": contract.id,
    "counts": [edit.changed_count, edit.new_count, edit.refused_count]}))
"""
#: what a loser is told: done already, or somebody is at it
TOLD = {"", "UserError", "LockError", "OperationalError", "SerializationFailure"}


@pytest.fixture(scope="module")
def world(site):
    """A previewed edit: six targets change, three are new."""
    return prepared(site, PREPARE)


def press(site, race, world, method):
    """Twenty presses of a button; return how often each answer came."""
    clerk = Browser(site.url).login("race_bulk")
    answers = race(lambda _n: clerk.call("liquor.bulk.edit", method, [world["edit"]]), [(n,) for n in range(N)])
    errors = Counter(map(failed, answers))
    assert set(errors) <= TOLD, errors
    return errors


def figures(site, world):
    """Number and sum of the contract's targets, and the state of the edit."""
    return site.query(
        "SELECT count(*), sum(goal)::int, (SELECT state FROM liquor_bulk_edit WHERE id ="
        f" {world['edit']}) FROM liquor_agreement_target WHERE agreement_id = {world['contract']}"
    )


def test_an_edit_is_applied_once_and_undone_once(site, race, world):
    """Applied once: 6 x 150 and 3 x 70; undone once: 6 x 100; every other press is told."""
    assert world["counts"] == [6, 3, 0]
    assert figures(site, world) == "6|600|previewed"
    assert press(site, race, world, "action_apply")[""] == 1
    assert figures(site, world) == "9|1110|applied"
    assert press(site, race, world, "action_undo")[""] == 1
    assert figures(site, world) == "6|600|undone"
    notes = site.query(
        "SELECT count(*) FROM mail_message WHERE model = 'liquor.agreement' AND message_type = 'notification'"
        f" AND res_id = {world['contract']} AND body LIKE '%race.xlsx%'"
    )
    assert notes == "2"
