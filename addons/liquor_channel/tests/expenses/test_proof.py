"""Photos: fingerprint, repeated ones, verdicts and their undo (trade.md R1: 300 photos in 20 minutes)."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..expense_case import ExpenseCase, photo


@tagged("post_install", "-at_install")
class TestProof(ExpenseCase):
    def send(self, expense, image, user=None):
        return self.env["liquor.expense.proof"].with_user(user or self.clerk).create({
            "expense_id": expense.id, "image": image, "taken_on": "2026-03-10",
        })  # fmt: skip

    def test_the_same_photo_is_known_again_on_another_expense(self):
        first, second = self.approved(amount=300), self.approved(amount=300)
        known = self.send(first, photo(5))
        other = self.send(second, photo(6))
        repeated = self.send(second, photo(5))
        self.assertEqual(repeated.duplicate_of_id, known)
        self.assertFalse(other.duplicate_of_id)
        self.assertEqual((first.duplicate_count, second.duplicate_count), (0, 1))

    def test_the_fingerprint_is_that_of_the_file_as_sent(self):
        """The large photo is stored smaller; sent again it is still known."""
        expense = self.approved()
        large = photo(9, side=2400)
        first = self.send(expense, large)
        self.assertEqual(self.send(expense, large).duplicate_of_id, first)
        self.assertNotEqual(first.image, large)

    def test_what_is_no_photo_is_refused(self):
        expense = self.approved()
        svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
        for image in (b"", svg, base64.b64encode(b"hello"), b"!!!", False):
            with self.assertRaises(UserError):
                self.send(expense, image)

    def test_executing_begins_with_the_first_photo(self):
        expense = self.approved()
        self.send(expense, photo(1))
        self.assertEqual(expense.state, "executing")

    def test_facts_of_a_photo_are_not_typed(self):
        expense = self.approved()
        proof = self.env["liquor.expense.proof"].with_user(self.clerk).create({
            "expense_id": expense.id, "image": photo(3), "taken_on": "2026-03-10", "verdict": "accepted",
            "fingerprint": "forged", "sent_by_id": self.second_clerk.id, "judged_by_id": self.manager.id,
        })  # fmt: skip
        self.assertEqual((proof.verdict, proof.sent_by_id), ("waiting", self.clerk))
        self.assertEqual(len(proof.fingerprint), 64)
        with self.assertRaises(AccessError):
            proof.write({"verdict": "accepted"})
        with self.assertRaises(UserError):
            proof.write({"taken_on": "2026-03-11"})
        with self.assertRaises(UserError):
            proof.unlink()

    def test_judged_by_somebody_else_and_undone_by_him(self):
        proofs = self.prove(self.approved(), verdict=None)
        with self.assertRaises(UserError):
            proofs.with_user(self.clerk).action_judge("accepted")
        judge = proofs.with_user(self.second_clerk)
        judge[0].action_judge("accepted")
        judge[1].action_judge("rejected", "repeated")
        self.assertEqual(proofs.mapped("verdict"), ["accepted", "rejected"])
        self.assertEqual(proofs[1].reason_id.code, "repeated")
        with self.assertRaises(UserError):
            judge[0].action_judge("rejected")
        with self.assertRaises(AccessError):
            proofs[0].with_user(self.finance).action_undo()
        judge.action_undo()
        self.assertEqual(set(proofs.mapped("verdict")), {"waiting"})

    def test_verdicts_are_final_once_the_claim_is_checked(self):
        expense = self.checked()
        with self.assertRaises(UserError):
            expense.proof_ids.with_user(self.second_clerk).action_undo()
        with self.assertRaises(UserError):
            self.send(expense, photo(77))

    def test_the_wall_shows_what_waits_in_no_more_queries_for_many(self):
        expense = self.approved()
        self.prove(expense, 1, verdict=None)
        wall = self.env["liquor.expense.proof"].with_user(self.second_clerk)
        wall.wall(expense.ids)  # the rules of the user are read once
        counts = []
        for more in (0, 20):
            self.env["liquor.expense.proof"].with_user(self.clerk).create([
                {"expense_id": expense.id, "image": photo(1000 + number), "taken_on": "2026-03-10"}
                for number in range(more)
            ])  # fmt: skip
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            shown = wall.wall(expense.ids)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual((len(shown["photos"]), shown["left"]), (21, 21))
        self.assertLessEqual(counts[1], counts[0])
        self.assertEqual(len(wall.wall(expense.ids, 20)["photos"]), 1)

    def test_many_in_one_verdict(self):
        proofs = self.prove(self.approved(), 40, verdict=None)
        proofs.with_user(self.second_clerk).action_judge("accepted")
        self.assertEqual(set(proofs.mapped("verdict")), {"accepted"})

    def test_outsiders_see_no_wall(self):
        with self.assertRaises(AccessError):
            self.env["liquor.expense.proof"].with_user(self.outsider).wall()
