from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.flow.reasons import reason_text

MOST = 400


class LiquorPackingDesk(models.TransientModel):
    """The page of the handheld: scan a case, scan what lies in it, save. A scanner's Enter ends each line."""

    _name = "liquor.packing.desk"
    _description = "Packing by Hand"
    _rec_name = "old_code"

    mode = fields.Selection(
        [("repack", "Into Another Case"), ("repair", "Put the Links Right"), ("check", "Sample Check")],
        required=True,
        default="repack",
    )
    check_id = fields.Many2one("liquor.packing.check", readonly=True)
    old_code = fields.Char("Case", help="Code outside the case that is given up, put right or checked.")
    new_code = fields.Char("New Case", help="Code of an unused label of the same size.")
    codes = fields.Text("What Lies in It", help="One code a line, as the scanner writes them.")
    reason = fields.Char()
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    is_full = fields.Boolean(compute="_compute_preview")
    outcome = fields.Char(readonly=True)

    @api.depends("codes", "old_code", "new_code", "mode")
    def _compute_preview(self):
        """How many of how many, and which codes are none of ours; nothing is stored yet."""
        for desk in self:
            codes = desk._code_list()[:MOST]
            package = desk._plain(desk.new_code if desk.mode == "repack" and desk.new_code else desk.old_code)
            places = desk.env["liquor.code.batch"].sudo()._locate([*codes, package] if package else codes)
            places = {code: one for code, one in places.items() if one.batch.company_id in desk.env.companies}
            known = [places[code] for code in codes if code in places]
            room = places[package].bottles if package in places else 0
            held = sum(place.bottles for place in known)
            desk.is_full = bool(room) and held == room and len(known) == len(codes) == len(set(codes))
            wrong = [code for code in codes if code not in places] + [
                code for code in set(codes) if codes.count(code) > 1
            ]
            desk.preview = Markup('<div class="display-5 {}">{} / {}</div>{}').format(
                "text-success" if desk.is_full else "text-warning",
                held,
                room or "?",
                Markup("").join(
                    Markup('<div class="text-danger">{}: {}</div>').format(
                        escape(code), reason_text(desk.env, "same_code_twice" if code in places else "unknown_code")
                    )
                    for code in dict.fromkeys(wrong)
                ),
            )

    def _plain(self, text):
        return (text or "").strip()[:200]

    def _code_list(self):
        return [self._plain(line) for line in (self.codes or "").splitlines() if line.strip()]

    @api.model
    def _check_packer(self, companies):
        """Warehouse staff of these companies only."""
        if not self.env.user.has_group("liquor_scan.group_warehouse") or companies - self.env.user.company_ids:
            raise AccessError(self.env._("Scanning needs the right “Warehouse Scanning”."))

    def action_save(self):
        """Do what was scanned and begin the next case."""
        self.ensure_one()
        self._check_packer(self.env["res.company"])
        codes = self._code_list()
        if len(codes) > MOST or not codes or not self.old_code:
            raise UserError(self.env._("Scan the package and up to %(most)s units that go into it.", most=MOST))
        done = getattr(self, f"_save_{self.mode}")(codes)
        self.write({"old_code": False, "new_code": False, "codes": False, "outcome": done})
        return self._open_again()

    def _save_repack(self, codes):
        self._check_reason()
        rework = self.env["liquor.packing.rework"]
        answer = rework._repack(
            self.env.user, self._plain(self.old_code), self._plain(self.new_code), codes, self.reason
        )
        return self.env._("Re-packed: %(count)s units. The old label is void.", count=answer["accepted"])

    def _save_repair(self, codes):
        self._check_reason()
        answer = self.env["liquor.packing.rework"]._repair(
            self.env.user, self._plain(self.old_code), codes, self.reason
        )
        if answer["short"]:
            return self.env._(
                "Put right: %(count)s new links. %(short)s other packages now lack a unit: scan them, too.",
                count=answer["accepted"],
                short=len(answer["short"]),
            )
        return self.env._("Put right: %(count)s new links.", count=answer["accepted"])

    def _save_check(self, codes):
        check = self.check_id
        if not check:
            raise UserError(self.env._("Open the sample check of the roll and scan from there."))
        check.check_access("read")
        line = check._sample(self._plain(self.old_code), codes)
        if line.fault:
            return self.env._("Does not match: the roll is stopped. Put the goods aside and tell the manager.")
        return self.env._(
            "Matches. %(done)s of %(planned)s cases.", done=check.checked_count, planned=check.planned_count
        )

    def _check_reason(self):
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why it is re-packed or put right."))

    @api.model
    def _open(self, mode, check=None):
        """Open the page for a new case."""
        return self.create({"mode": mode, "check_id": check.id if check else False})._open_again()

    def _open_again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Packing by Hand"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }
