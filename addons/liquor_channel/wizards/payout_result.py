import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..engine.settlement import payout_file
from ..tools import tables


class LiquorPayoutResult(models.TransientModel):
    """Loads what the bank or WeChat answered; loading the same file again changes nothing."""

    _name = "liquor.payout.result"
    _description = "Result File of a Payout"
    _check_company_auto = True

    batch_id = fields.Many2one("liquor.payout.batch", required=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="batch_id.company_id")
    file = fields.Binary(required=True)
    filename = fields.Char()
    state = fields.Selection([("draft", "Draft"), ("done", "Done")], default="draft")
    changed_count = fields.Integer(readonly=True)
    repeated_count = fields.Integer(readonly=True)
    bad_count = fields.Integer(readonly=True)
    message = fields.Text(readonly=True)

    def action_load(self):
        """Apply the file and show what it changed."""
        self.ensure_one()
        try:
            rows = tables.read_table(base64.b64decode(self.file), self.filename or "")
            matched = self.batch_id._apply_results(rows)
        except tables.TableError:
            raise UserError(self.env._("This is no CSV or XLSX file that can be read.")) from None
        except ValueError:
            raise UserError(self.env._("The file needs a header with the payout reference and the status.")) from None
        self.write({
            "state": "done",
            "changed_count": len(matched.changes),
            "repeated_count": matched.repeated,
            "bad_count": len(matched.bad),
            "message": "\n".join(self._describe(row) for row in matched.bad),
        })
        self.batch_id.message_post(
            body=self.env._(
                "Result file %(file)s: %(changed)s changed, %(repeated)s known, %(bad)s not usable.",
                file=self.filename or "",
                changed=self.changed_count,
                repeated=self.repeated_count,
                bad=self.bad_count,
            )
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Result file"),
        }

    def _describe(self, row):
        reasons = {
            payout_file.NO_REFERENCE: self.env._("no payout reference"),
            payout_file.UNKNOWN_STATUS: self.env._("unknown status"),
            payout_file.NOT_A_NUMBER: self.env._("the amount is no number"),
            payout_file.UNKNOWN_REFERENCE: self.env._("no payout of this batch has this reference"),
            payout_file.OTHER_AMOUNT: self.env._("the amount differs from ours"),
            payout_file.TWICE_IN_FILE: self.env._("the file says two things about it"),
            payout_file.CONTRADICTS: self.env._("contradicts the result that is known"),
        }
        return self.env._(
            "Row %(line)s, %(reference)s: %(reason)s %(detail)s",
            line=row.line,
            reference=row.reference or "–",
            reason=reasons[row.reason],
            detail=row.detail,
        )
