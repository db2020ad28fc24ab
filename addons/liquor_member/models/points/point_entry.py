from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.points.lots import MAX_POINTS, Lot, NotEnough, Wallet
from ...tools.business_day import today

# numbers of entries that have none yet: above every id, so that a new lot is the youngest of its day
PROVISIONAL = 2**40

# what a member shows of his points: computed, and stale after a movement
SHOWN = ["points", "points_pending", "points_debt", "points_expiring", "points_expiry_day"]

KINDS = [
    ("earn", "Earned"),
    ("spend", "Spent"),
    ("give_back", "Given back"),
    ("claw_back", "Taken back"),
    ("expire", "Expired"),
    ("adjust", "Adjusted"),
]


class LiquorPointEntry(models.Model):
    """One movement of points. An earning is a lot with its own hold and expiry; allocations say which lots a
    spending took. The card of the member shows what can be spent (design 3.1, 5; spec M40, M41)."""

    _name = "liquor.point.entry"
    _description = "Points Entry"
    _inherit = ["liquor.ledger.mixin"]
    _order = "event_time desc, id desc"
    _rec_names_search = ("reason", "business_day")

    member_id = fields.Many2one(
        "liquor.member", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    program_id = fields.Many2one(
        "liquor.member.program", "Club", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    points = fields.Integer(required=True, readonly=True)
    is_lot = fields.Boolean(required=True, readonly=True, help="Points that can be spent, with a hold and an expiry.")
    available_on = fields.Date("Usable From", readonly=True)
    expires_on = fields.Date("Usable To", readonly=True)
    product_id = fields.Many2one(
        "product.product", "Given For", readonly=True, ondelete="restrict", help="The goods that were bought or opened."
    )
    cause = fields.Char(readonly=True, help="What spent the points: a cancellation returns them to the same lots.")
    taken_ids = fields.One2many("liquor.point.allocation", "entry_id", "Taken from Lots", readonly=True)
    given_ids = fields.One2many("liquor.point.allocation", "lot_id", "Used by", readonly=True)

    _bounds = models.Constraint(
        f"CHECK (points BETWEEN -{MAX_POINTS} AND {MAX_POINTS} AND points <> 0)", "Points are out of bounds."
    )
    _lot_positive = models.Constraint(
        "CHECK (NOT is_lot OR (points > 0 AND available_on IS NOT NULL))", "A lot has points and a first day."
    )
    _cause_idx = models.Index("(cause) WHERE cause IS NOT NULL")
    _lot_available_idx = models.Index("(available_on) WHERE is_lot")
    _lot_expiry_idx = models.Index("(expires_on) WHERE is_lot AND expires_on IS NOT NULL")

    # --- moving points: the only way -------------------------------------------------------------------------

    @api.model
    def _move(self, moves):
        """Post movements of points, each exactly once, and bring the members' cards up to date.

        :param list moves: dicts ``{"member", "kind", "points" (positive), "key"}`` with optionally ``cause``,
            ``own`` (the entry that a claw-back takes back), ``available_on``, ``expires_on``, ``origin``,
            ``product`` (what it is given for), ``reason``, ``rule_version``, ``event_time`` (naive UTC)
        :return: entries in the order of ``moves``; for a known key the stored one
        :raises UserError: points are no whole number in bounds, or a spending is not covered
        :raises ConcurrencyError: another movement of the same member was faster; Odoo runs the call again
        """
        entries = self.sudo()
        known = entries._ledger_known({move["key"] for move in moves})
        fresh = list({move["key"]: move for move in moves if move["key"] not in known}.values())
        if fresh:
            posted = entries._move_fresh(fresh, known)
            known = {**known, **{move["key"]: entry for move, entry in zip(fresh, posted.ids, strict=True)}}
        return self.browse([known[move["key"]] for move in moves])

    def _move_fresh(self, moves, known):
        for move in moves:
            self._check_points(move["points"])
        members = self.env["liquor.member"].sudo().browse({move["member"].id for move in moves})
        together = {member.id: member for member in members}
        moves = [{**move, "member": together[move["member"].id]} for move in moves]
        self._lock_cards(members)
        wallets = self._wallets(members)
        taken, spendings = self._causes({move["cause"] for move in moves if move.get("cause")}, wallets)
        allocations = []
        for number, move in enumerate(moves, PROVISIONAL):
            allocations += self._apply(move, number, wallets[move["member"].id], taken, spendings)
        posted = self._post([self._prepare_entry_values(move) for move in moves], known)
        ids = dict(enumerate(posted.ids, PROVISIONAL))
        self._allocate(allocations, ids)
        self._mirror(wallets, members)
        return posted

    def _allocate(self, allocations, ids):
        entries = self.browse({ids.get(allocation.entry, allocation.entry) for allocation in allocations})
        companies = {entry.id: entry.company_id.id for entry in entries}
        self.env["liquor.point.allocation"].sudo()._allocate(allocations, ids, companies.get)

    def _check_points(self, points):
        if isinstance(points, bool) or not isinstance(points, int) or not 0 < points <= MAX_POINTS:
            raise UserError(
                self.env._("A whole number of points between 1 and %(limit)s is needed.", limit=f"{MAX_POINTS:,}")
            )

    def _apply(self, move, number, wallet, taken, spendings):
        """Let the engine carry out one movement; return its allocations."""
        points, cause = move["points"], move.get("cause")
        try:
            if move["kind"] == "give_back":
                made = wallet.give_back(number, points, taken[cause], spendings[cause])
            elif move["kind"] == "spend":
                made = wallet.spend(number, points)
            elif move["kind"] == "claw_back":
                made = wallet.claw_back(number, points, move["own"].id)
            elif move["kind"] == "expire":
                made = wallet.expire(number, move["own"].id)
            else:
                made = wallet.earn(number, points, move["available_on"], move.get("expires_on"))
        except NotEnough as error:
            raise UserError(self._not_enough(move, error)) from error
        if cause:
            spendings[cause].add(number)
            for allocation in made:
                if allocation.entry == number:
                    taken[cause][allocation.lot] += allocation.points
        return made

    def _not_enough(self, move, error):
        if move["kind"] == "give_back":
            return self.env._("No more points can be given back than were spent.")
        return self.env._(
            "%(member)s has not enough points: %(missing)s are missing.",
            member=move["member"].display_name,
            missing=error.missing,
        )

    def _prepare_entry_values(self, move):
        member, origin, positive = move["member"], move.get("origin"), move["kind"] in ("earn", "adjust")
        return {
            "company_id": member.company_id.id,
            "program_id": member.program_id.id,
            "member_id": member.id,
            "kind": move["kind"],
            "points": move["points"] if positive or move["kind"] == "give_back" else -move["points"],
            "is_lot": positive,
            "available_on": move["available_on"] if positive else None,
            "expires_on": move.get("expires_on") if positive else None,
            "product_id": move["product"].id if move.get("product") else None,
            "cause": move.get("cause"),
            "reason": move.get("reason"),
            "rule_version": move.get("rule_version"),
            "origin_model": origin._name if origin else None,
            "origin_id": origin.id if origin else None,
            "event_time": move.get("event_time") or fields.Datetime.now(),
            "idempotency_key": move["key"],
        }

    # --- reading -----------------------------------------------------------------------------------------------

    @api.model
    def _wallets(self, members):
        """Return member id -> engine ``Wallet`` with open lots and debts, as of the company's today; one query."""
        wallets = {member.id: Wallet(today(member.company_id)) for member in members if member.id}
        for entry, member, is_lot, available, expires, left in self.env.execute_query(
            self._open_parts_sql(list(wallets))
        ):
            if is_lot:
                wallets[member].lots[entry] = Lot(entry, left, available, expires)
            else:
                wallets[member].debts[entry] = -left
        return wallets

    def _open_parts_sql(self, member_ids):
        """Open part of an entry = points + what it took - what was taken of it."""
        return SQL(
            """SELECT e.id, e.member_id, e.is_lot, e.available_on, e.expires_on, e.points + o.part AS left
                 FROM liquor_point_entry e, LATERAL (
                      SELECT COALESCE((SELECT SUM(a.points) FROM liquor_point_allocation a WHERE a.entry_id = e.id), 0)
                           - COALESCE((SELECT SUM(a.points) FROM liquor_point_allocation a WHERE a.lot_id = e.id), 0)
                             AS part) o
                WHERE e.member_id = ANY(%s) AND e.points + o.part <> 0""",
            member_ids,
        )

    def _causes(self, causes, wallets):
        """Return cause -> lot -> points it still holds, and cause -> its entries; the lots come into the wallets."""
        taken, spendings = defaultdict(lambda: defaultdict(int)), defaultdict(set)
        if not causes:
            return taken, spendings
        rows = self.env.execute_query(
            SQL(
                """SELECT e.cause, e.id, e.member_id, l.id, l.available_on, l.expires_on, a.points
                     FROM liquor_point_entry e
                     LEFT JOIN liquor_point_allocation a ON a.entry_id = e.id
                     LEFT JOIN liquor_point_entry l ON l.id = a.lot_id AND l.is_lot
                    WHERE e.cause = ANY(%s) AND e.member_id = ANY(%s)""",
                list(causes),
                list(wallets),
            )
        )
        for cause, entry, member, lot, available, expires, points in rows:
            spendings[cause].add(entry)
            if lot:
                taken[cause][lot] += points
                wallets[member].lots.setdefault(lot, Lot(lot, 0, available, expires))
        return taken, spendings

    # --- the cards -----------------------------------------------------------------------------------------------

    def _lock_cards(self, members):
        """Let movements of one member queue: who read an older balance fails and is run again (X20, X22)."""
        self.env["loyalty.card"].flush_model(["points"])
        self.env.cr.execute(
            SQL("SELECT id FROM loyalty_card WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", members.card_id.ids)
        )

    def _mirror(self, wallets, members):
        """Write what can be spent to the cards, also where it is unchanged: the update is what makes losers retry."""
        cards = [(member.card_id.id, wallets[member.id].spendable) for member in members]
        if any(points > MAX_POINTS for _card, points in cards):
            raise UserError(self.env._("A member cannot hold more than %(limit)s points.", limit=f"{MAX_POINTS:,}"))
        self.env.cr.execute(
            SQL(
                """UPDATE loyalty_card c SET points = v.points
                     FROM unnest(%s::int4[], %s::int4[]) AS v(id, points) WHERE c.id = v.id""",
                [card for card, _points in cards],
                [points for _card, points in cards],
            )
        )
        members.card_id.invalidate_recordset(["points"], flush=False)
        members.invalidate_recordset(SHOWN, flush=False)

    # --- time passes ---------------------------------------------------------------------------------------------

    @api.model
    def _refresh(self, members):
        """Bring members up to today: expired lots are closed, ended holds pay debts and become usable."""
        if not members:
            return
        members = members.sudo()
        entries = self.sudo()
        wallets = entries._wallets(members)
        moves = [move for member in members for move in entries._prepare_expiries(member, wallets[member.id])]
        if moves:
            entries._move(moves)
            wallets = entries._wallets(members)
        stale = members.filtered(lambda member: entries._is_stale(member, wallets[member.id]))
        if stale:
            entries._lock_cards(stale)
            paid = [allocation for member in stale for allocation in wallets[member.id].settle_debt()]
            entries._allocate(paid, {})
            entries._mirror(wallets, stale)

    @staticmethod
    def _is_stale(member, wallet):
        return member.card_id.points != wallet.spendable or bool(wallet.debt and wallet.available)

    def _prepare_expiries(self, member, wallet):
        return [
            {
                "member": member,
                "kind": "expire",
                "points": lot.left,
                "own": self.browse(lot.entry),
                "key": f"expire/{lot.entry}/{wallet.day}",
                "reason": self.env._("Expired on %(day)s", day=lot.expires_on),
            }
            for lot in wallet.expired()
        ]

    @api.model
    def _cron_refresh(self, batch=500):
        """Close expired lots and end holds of all members, batch by batch; each batch is committed."""
        members = self._due_members()
        for start in range(0, len(members), batch):
            part = members[start : start + batch]
            self._refresh(part)
            self.env["ir.cron"]._commit_progress(len(part), remaining=len(members) - start - len(part))

    def _due_members(self):
        """Return members whose card does not show what can be spent today."""
        days = {company: today(company) for company in self.env["res.company"].sudo().search([])}
        members = self.env["liquor.member"].sudo()
        for company, day in days.items():
            members |= self._due_members_of(company, day)
        return members

    def _due_members_of(self, company, day):
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT e.member_id FROM liquor_point_entry e
                    WHERE e.company_id = %(company)s AND e.is_lot
                      AND (e.expires_on < %(day)s OR e.available_on BETWEEN %(day)s - 31 AND %(day)s
                           AND e.available_on > e.business_day)
                      AND e.points > COALESCE(
                          (SELECT SUM(a.points) FROM liquor_point_allocation a WHERE a.lot_id = e.id), 0)
                    ORDER BY e.member_id""",
                company=company.id,
                day=day,
            )
        )
        return self.env["liquor.member"].sudo().browse([row[0] for row in rows])

    # --- taking back ---------------------------------------------------------------------------------------------

    def _take_back(self, reason, points=None, key=None):
        """Take back what these earnings gave, from their own lots first; what was spent becomes debt (M41).

        :param int points: part of the earning; all of it by default
        :param str key: idempotency key of the movement where only a part is taken back
        """
        return self._move([
            {
                "member": entry.member_id,
                "kind": "claw_back",
                "points": points or entry.points,
                "own": entry,
                "key": key or f"claw_back/{entry.id}",
                "origin": entry,
                "reason": reason,
            }
            for entry in self.sudo()
        ])

    def _reverse(self, reason, event_time=None):
        """A lot has allocations: it is taken back by a movement of its own."""
        if self.filtered(lambda entry: not entry.is_lot):
            raise UserError(self.env._("Only an earning can be taken back."))
        return self._take_back(reason)

    @api.depends("points", "reason", "event_time")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = f"{entry.points:+,} · {entry.business_day or ''} · {entry.reason or ''}"
