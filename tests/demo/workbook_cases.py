"""Makes every kind of workbook that the suite writes, from the records of the demo world, in an Odoo shell.

Routes are asked as a browser asks them, in this process, so that each workbook says which functions wrote it: a
writer or a route without a case here is found (``test_workbooks``).
"""

import base64
import io
import json
import sys
from pathlib import Path

import openpyxl
import xlsxwriter
from werkzeug.test import Client

import odoo.http

PASSWORD = "workbooks-of-the-demo"
HERE = {"REMOTE_ADDR": "127.0.0.1"}
ADDONS = str(Path(__file__).resolve().parents[2] / "addons")


class Notes:
    """Keeps each workbook that is written, under a number, with the functions of ours that wrote it."""

    def __init__(self, folder: Path):
        self.folder, self.writers, self.case, self.asked = folder, {}, "", set()

    def listen(self) -> None:
        """Note whatever is written from now on."""
        close = xlsxwriter.Workbook.close

        def noted(book):
            close(book)
            name = f"{len(self.writers):03d} {self.case}.xlsx"
            (self.folder / name).write_bytes(book.filename.getvalue())
            self.writers[name] = sorted(_functions(sys._getframe(1)))

        xlsxwriter.Workbook.close = noted


def _functions(frame) -> set[str]:
    found = set()
    while frame:
        file = frame.f_code.co_filename
        if file.startswith(ADDONS):
            found.add(f"{file[len(ADDONS) + 1 :]}:{frame.f_code.co_name}")
        frame = frame.f_back
    return found


class Visitor:
    """Somebody who is logged in; each address is asked once as a case."""

    def __init__(self, env, notes, login: str):
        self.env, self.notes, self.client = env, notes, Client(odoo.http.root)
        env["res.users"].search([("login", "=", login)]).password = PASSWORD
        env.cr.commit()
        body = {"jsonrpc": "2.0", "params": {"db": env.cr.dbname, "login": login, "password": PASSWORD}}
        answer = self.client.post("/web/session/authenticate", json=body, environ_base=HERE)
        if not answer.json.get("result", {}).get("uid"):
            raise RuntimeError(f"{login} cannot log in: {answer.text[:500]}")

    def get(self, rule: str, case: str, **values) -> None:
        """Ask for ``rule``, whose parts ``values`` fill in; anything but a workbook is an error."""
        self.notes.case = case
        before, path = len(self.notes.writers), rule.format(**values)
        answer = self.client.get(path, environ_base=HERE)
        if answer.status_code != 200 or len(self.notes.writers) == before:
            raise RuntimeError(f"{path}: {answer.status_code}, no workbook: {answer.text[:300]}")
        rules = self.env["ir.http"].routing_map().bind("localhost")
        self.notes.asked.add(rules.match(path.split("?")[0], method="GET", return_rule=True)[0].rule)


def gather(env, folder: str) -> None:
    """Write all workbooks into ``folder``; ``notes.json`` says who wrote each, and which routes are and were asked."""
    notes = Notes(Path(folder))
    notes.listen()
    _ask(env, notes)
    _press(env, notes)
    rules = {rule.rule for rule in env["ir.http"].routing_map().iter_rules() if "xlsx" in rule.rule}
    ours = {rule for rule in rules if not rule.startswith("/web/")}
    told = {"writers": notes.writers, "rules": sorted(ours), "asked": sorted(notes.asked)}
    (notes.folder / "notes.json").write_text(json.dumps(told), encoding="utf-8")


def _newest(env, model: str, *domain):
    found = env[model].sudo().search(list(domain), order="id desc", limit=1)
    if not found:
        raise RuntimeError(f"the demo world has no {model} with {domain}")
    return found


def _ask(env, notes) -> None:
    """Workbooks that routes send."""
    from odoo.addons.liquor_channel.controllers.portal_lists import CHANNEL_LISTS
    from odoo.addons.liquor_channel.controllers.portal_wallet_lists import WALLET_LISTS

    company = env.ref("base.main_company")
    own = ("company_id", "=", company.id)
    distributor, finance = Visitor(env, notes, "distributor"), Visitor(env, notes, "finance")
    partner = env["res.users"].search([("login", "=", "distributor")]).partner_id.commercial_partner_id
    his = [own, ("partner_id", "=", partner.id)]
    for name in CHANNEL_LISTS:
        distributor.get("/my/channel/{name}.xlsx", f"list {name}", name=name)
    distributor.get("/my/channel/earnings.xlsx?charged=1", "list charged")
    statement = _newest(env, "liquor.settlement", *his, ("state", "=", "closed"))
    distributor.get("/my/channel/statements/{id}.xlsx", "statement", id=statement.id)
    account = _newest(env, "liquor.account.statement", *his, ("state", "!=", "draft"))
    distributor.get("/my/channel/accounts/{id}.xlsx", "account statement", id=account.id)
    for kind in ("terminal", "guide"):
        person = Visitor(env, notes, kind)
        for name in WALLET_LISTS:
            person.get("/my/{kind}/{name}.xlsx", f"{kind} list {name}", kind=kind, name=name)
    finance.get("/liquor/statement/{id}.xlsx", "statement in the office", id=statement.id)
    finance.get("/liquor/pack/settlement/{id}.xlsx", "audit pack", id=statement.id)
    finance.get("/liquor/finance/tie-out.xlsx", "tie-out")
    for found in env["liquor.spend.return"].search([own]):
        finance.get("/liquor/finance/return/{id}.xlsx", f"return {found.id}", id=found.id)
    batch = _newest(env, "liquor.payout.batch", own, ("state", "=", "done"))
    finance.get("/liquor/payout/{id}.xlsx", "payout file", id=batch.id)
    taxed = _newest(env, "liquor.withholding.line")
    finance.get("/liquor/withholding/{id}/{month:%Y-%m}.xlsx", "withheld", id=taxed.company_id.id, month=taxed.day)
    provider = Visitor(env, notes, "fw01")
    provider.get("/my/provider.xlsx", "bills")
    provider.get("/my/provider/bills/{id}.xlsx", "bill", id=_newest(env, "liquor.provider.bill", own).id)
    recall = _newest(env, "liquor.recall", own, ("range_ids", "!=", False))
    Visitor(env, notes, "quality").get("/liquor/recall/{id}.xlsx", "recall", id=recall.id)
    pickings = env["stock.picking"].search([own, ("state", "=", "done")], limit=20)
    numbers = ",".join(map(str, pickings.ids))
    Visitor(env, notes, "warehouse").get("/liquor/close_list.xlsx?ids={numbers}", "close list", numbers=numbers)


def _press(env, notes) -> None:
    """Workbooks behind buttons: what is wrong with files, edits in Excel, simulations, runs."""
    notes.case = "simulation"
    _newest(env, "liquor.policy.simulation", ("line_ids", "!=", False)).action_download()
    notes.case = "uses of a provider"
    _newest(env, "liquor.provider.bill").action_download_uses()
    notes.case = "bad rows of a flow report"
    loaded = _newest(env, "liquor.flow.report", ("state", "=", "loaded"))
    table = _spoiled(loaded)
    report = env["liquor.flow.report"].create({"partner_id": loaded.partner_id.id, "company_id": loaded.company_id.id,
                                               "file": table, "filename": "spoiled.xlsx"})  # fmt: skip
    report.action_read()
    report.action_check()
    for kind, model in _edited(env).items():
        notes.case = f"edit {kind}"
        records = model.search([("company_id", "=", env.company.id)])
        edit = env["liquor.bulk.edit"]._export(env.company, records)
        if kind == "target":
            notes.case = "refused rows of an edit"
            edit.write({"file": _unreadable(edit), "filename": "edited.xlsx"})
            edit.action_preview()
    notes.case = "errors of a run"
    run = env["liquor.run"]._start("three_way_match", "match", company=env.company).sudo()
    run._add_errors([(2, "=1+1 is no day", {"编码": "00012345678901234567", "数量": 12.5})])
    run._finish("done")


def _edited(env) -> dict:
    from odoo.addons.liquor_channel.models.bulk.bulk_edit import MODELS

    return {kind: env[name] for kind, name in MODELS.items()}


def _spoiled(report) -> str:
    """The file of a report with a day that is none, as XLSX."""
    from odoo.addons.liquor_channel.tools import tables

    rows = tables.read_table(base64.b64decode(report.file), report.filename)
    book = openpyxl.Workbook()
    for line, row in enumerate(rows[:20]):
        book.active.append([*row[:-1], row[-1]] if line != 1 else ["no day", *row[1:]])
    return _encoded(book)


def _unreadable(edit) -> str:
    """The exported sheet with a text in every cell of its first row."""
    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(edit.export_file)))
    sheet = book.worksheets[0]
    for column in range(2, sheet.max_column + 1):
        sheet.cell(2, column).value = "=?"
    return _encoded(book)


def _encoded(book) -> str:
    stream = io.BytesIO()
    book.save(stream)
    return base64.b64encode(stream.getvalue()).decode()
