from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from odoo.addons.liquor_channel.tools.workbook import Sheet, write_workbook
from odoo.addons.liquor_member.tools.download import send_file

from ..engine.codes.verdict import verdict
from .code_claim import CodeClaim
from .code_page import Visitor, find_unit, page_values


class RecallPage(CodeClaim):
    """The page of a recalled bottle says stop, and offers nothing but whom to call."""

    @route()
    def claim(self, code, **form):
        """Refuse the claim of a recalled bottle with the stop page."""
        unit = find_unit(code)
        recall = unit and find_recall(unit)
        if not recall:
            return super().claim(code, **form)
        visitor = Visitor()
        values = page_values(unit, visitor, (1, None, 1))
        return visitor.answer("liquor_scan.code_page", stopped(values, recall), status=410)

    def _page_values(self, unit, visitor, looks):
        recall = find_recall(unit)
        if not recall:
            return super()._page_values(unit, visitor, looks)
        return stopped(page_values(unit, visitor, looks), recall)


class RecallFiles(Controller):
    """Files of recalls, by the reader's own rights and companies."""

    @route("/liquor/recall/<int:recall_id>.xlsx", type="http", auth="user", methods=["GET"])
    def report(self, recall_id, **_kw):
        """Send the report of a recall or drill: totals, holders, every window."""
        recall = request.env["liquor.recall"].browse(recall_id).exists()
        if not request.env.user._is_internal() or not recall or not recall.has_access("read"):
            raise NotFound
        return send_file(write_workbook(sheets_of(recall)), f"{recall.name}.xlsx")


def find_recall(unit):
    """Return the recall that stops a unit, in sudo, or None."""
    return next(iter(request.env["liquor.recall"]._recalls_of([unit], hold=False).values()), None)


def stopped(values, recall):
    """Return what the stop page shows."""
    return {**values, "recall": recall, "verdict": verdict(looks=values["looks"], own=0, recalled=True)}


def sheets_of(recall):
    """Return the sheets of a recall's report; each ends with the same total of bottles."""
    env = recall.env
    names = {name: recall._fields[name]._description_string(env) for name in recall._fields}
    holders = env["liquor.recall.holder"]
    words = {name: holders._fields[name]._description_string(env) for name in holders._fields}
    windows = (env._("Product"), env._("Lot"), env._("Code Batch"), env._("First Bottle"), env._("Last Bottle"),
               words["bottles"], words["situation"], words["holder_kind"], words["holder_id"], env._("Since"),
               env._("By"), env._("Proof"))  # fmt: skip
    total = env._("Total")
    return [
        Sheet(
            names["name"],
            (names["name"], names["bottles"]),
            recall._report_totals(),
            (1,),
            total,
        ),
        Sheet(
            names["holder_ids"],
            (words["situation"], words["holder_kind"], words["holder_id"], words["bottles"]),
            recall._report_holders(),
            (3,),
            total,
        ),
        Sheet(names["range_ids"], windows, recall._report_rows(), (5,), total),
    ]
