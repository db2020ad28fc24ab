from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

ONE_DAY = timedelta(days=1)
# model -> the column that names the shop, and what tells two rows of one shop apart
MOVED = {
    "liquor.channel.assignment": ("terminal_id", ("category_id",)),
    "liquor.employment": ("employer_id", ("person_id",)),
}


class LiquorRoleMerge(models.AbstractModel):
    """Two registrations of one shop become one: what runs moves over, what was earned stays and is paid over.

    Odoo's own merge rewrites partners and is refused once ledger rows name them; here the duplicate stays as it was,
    ended, and points to the shop that goes on.
    """

    _name = "liquor.role.merge"
    _description = "Merge of Two Registrations"

    merged_into_id = fields.Many2one(
        "liquor.channel.role", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    def _merge_into(self, target, reason):
        """End these registrations today; assignments, employments and what can be withdrawn go to ``target``.

        :param target: role of the shop that goes on
        :raises AccessError: the user is no channel manager
        :raises UserError: other company, other kind, or one of them is merged or ended
        """
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager merges shops."))
        (self | target).check_access("write")
        for role in self:
            role._check_mergeable(target)
        duplicates = self.sudo()
        for model, (column, subject) in MOVED.items():
            duplicates._move_running(self.env[model].sudo(), column, subject, target.sudo())
        living = duplicates.filtered(lambda role: role.state != "ended")
        living._step(
            "ended", None, self.env._("Merged into %(shop)s: %(reason)s", shop=target.partner_id.name, reason=reason)
        )
        duplicates.write({"merged_into_id": target.id})
        duplicates._move_balance()

    def _check_mergeable(self, target):
        same = self.company_id == target.company_id and self.kind == target.kind == "terminal"
        if not same or self == target or self.merged_into_id or target.merged_into_id or target.state == "ended":
            raise UserError(
                self.env._("Two shops of one company can be merged, into one that is not ended: choose another.")
            )

    def _move_running(self, records, column, subject, target):
        """End what runs at the duplicates yesterday and let it go on at ``target`` where nothing of it runs there."""
        day = today(target.company_id)
        running = [("company_id", "=", target.company_id.id), "|", ("date_end", "=", False), ("date_end", ">=", day)]
        own = records.search([(column, "in", self.partner_id.ids), *running])
        taken = {
            tuple(row[name].id for name in subject)
            for row in records.search([(column, "=", target.partner_id.id), *running])
        }
        copies = []
        for row in own:
            key = tuple(row[name].id for name in subject)
            if key not in taken:
                taken.add(key)
                values = row.copy_data({column: target.partner_id.id, "date_start": max(day, row.date_start)})[0]
                copies.append({**values, "date_end": row.date_end})
        started = own.filtered(lambda row: row.date_start < day)
        (own - started).unlink()
        started.write({"date_end": day - ONE_DAY})
        # the days of the new rows begin where the old ones were cut
        started.flush_recordset()
        records.create(copies)

    def action_move_balance(self):
        """Pay over what became available at a merged shop since."""
        self.check_access("write")
        if not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager merges shops."))
        self.filtered("merged_into_id").sudo()._move_balance()

    def _balance_to_move(self):
        """Return what can be withdrawn at this merged shop."""
        self.ensure_one()
        earnings = self.env["liquor.earning"].sudo()
        return max(0.0, earnings._wallets(self.partner_id, self.company_id)[self.partner_id.id]["available"])

    def _move_balance(self):
        """Book what can be withdrawn out of the duplicates and into the shops that go on: two lines each."""
        earnings = self.env["liquor.earning"]
        values_list = []
        for company, roles in self.grouped("company_id").items():
            wallets = earnings._wallets(roles.partner_id, company)
            counts = roles._count_moves()
            for role in roles:
                amount = wallets[role.partner_id.id]["available"]
                if company.currency_id.compare_amounts(amount, 0) > 0:
                    values_list += role._prepare_move(amount, counts.get(f"merge/{role.id}", 0))
        if values_list:
            earnings._book(values_list)

    def _count_moves(self):
        """How often the balance of each was moved: {"merge/<role id>": number}; part of the key of the next move."""
        groups = (
            self
            .env["liquor.earning"]
            .sudo()
            ._read_group(
                [("origin_model", "=", self._name), ("origin_id", "in", self.ids), ("amount", "<", 0)],
                ["origin_id"],
                ["__count"],
            )
        )
        return {f"merge/{number}": count for number, count in groups}

    def _prepare_move(self, amount, number):
        common = {
            "company_id": self.company_id.id,
            "beneficiary_kind": "terminal",
            "currency_id": self.company_id.currency_id.id,
            "type": "adjust",
            "component": "merge",
            "fact_key": f"merge/{self.id}/{number}",
            "payable": "available",
            "event_time": fields.Datetime.now(),
            "origin_model": self._name,
            "origin_id": self.id,
            "reason": self.env._("Merged into %(shop)s", shop=self.merged_into_id.partner_id.name),
        }
        return [
            {**common, "partner_id": self.partner_id.id, "amount": -amount},
            {**common, "partner_id": self.merged_into_id.partner_id.id, "amount": amount},
        ]
