"""Data of the expense tests: an approved budget, photos, and an expense at every step."""

import base64
import io
from datetime import datetime

from freezegun import freeze_time
from PIL import Image

from odoo.tests import new_test_user

from .funds.test_fund import FundCase

#: noon in Shanghai on the last day of the action
LAST_DAY = "2026-03-31 04:00:00"


def photo(shade=0, side=16):
    """A JPEG of one colour, base64."""
    stream = io.BytesIO()
    Image.new("RGB", (side, side), (shade % 256, shade // 256 % 256, 90)).save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


class ExpenseCase(FundCase):
    """A display of 600.00 in March, of a fund with 1,000.00 free; two photos prove a display."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(LAST_DAY)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.second_clerk = new_test_user(
            cls.env, login="expenses_clerk_two", groups="liquor_channel.group_clerk", company_id=cls.company.id
        )
        cls.display = cls.env.ref("liquor_channel.expense_kind_display")

    def expense(self, **values):
        """An application by the clerk."""
        return self.env["liquor.expense"].with_user(self.clerk).create({
            "title": "Spring display",
            "kind_id": self.display.id,
            "distributor_id": self.distributor.id,
            "date_start": "2026-03-01",
            "date_end": "2026-03-31",
            "amount": 600,
            "fund_id": self.fund.id,
            **values,
        })  # fmt: skip

    def approved(self, **values):
        """Applied for by the clerk, approved by the manager."""
        expense = self.expense(**values)
        expense.action_apply()
        expense.with_user(self.manager).action_approve()
        return expense

    def prove(self, expense, count=2, verdict="accepted"):
        """Photos by the clerk, judged by the other one."""
        proofs = self.env["liquor.expense.proof"].with_user(self.clerk).create([
            {"expense_id": expense.id, "image": photo(expense.id * 7 + number), "taken_on": "2026-03-10"}
            for number in range(count)
        ])  # fmt: skip
        if verdict:
            proofs.with_user(self.second_clerk).action_judge(verdict)
        return proofs

    def claimed(self, asked=600, **values):
        """Executed, proven and claimed."""
        expense = self.approved(**values)
        self.prove(expense)
        expense.claim_amount = asked
        expense.action_claim()
        return expense

    def cut(self, expense, amount, code="standard"):
        """Cut a claim, as the second clerk."""
        return self.env["liquor.expense.cut"].with_user(self.second_clerk).create({
            "expense_id": expense.id, "amount": amount,
            "reason_id": self.env["liquor.expense.reason"].search([("code", "=", code)]).id,
        })  # fmt: skip

    def checked(self, cut=0, **values):
        """Claimed and checked by the second clerk."""
        expense = self.claimed(**values)
        if cut:
            self.cut(expense, cut)
        expense.with_user(self.second_clerk).action_check()
        return expense

    def paid(self, **values):
        """Paid by finance."""
        expense = self.checked(**values)
        expense.with_user(self.finance).action_pay()
        return expense

    def at(self, moment):
        """Let it be another moment (UTC)."""
        return freeze_time(datetime.fromisoformat(moment))
