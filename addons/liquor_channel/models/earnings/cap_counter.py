from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.common.money import decimal
from ...engine.policies.per_unit import within_caps


class LiquorCapCounter(models.Model):
    """What has been taken from a cap. A row per cap is locked by who takes from it, so it cannot be oversold."""

    _name = "liquor.cap.counter"
    _description = "Counter of a Cap"
    _order = "key"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    taken = fields.Float(digits=(16, 2), readonly=True, required=True, default=0)

    _key_unique = models.UniqueIndex("(key)", "There is a counter for this cap already.")
    _bounds = models.Constraint("CHECK (taken BETWEEN 0 AND 1000000000000)", "A cap cannot be overdrawn.")

    @api.model
    def _grant(self, company, wanted, caps):
        """Take amounts from caps, in the order of ``wanted``, in three queries however many.

        At REPEATABLE READ a parallel taker of the same cap makes this transaction fail and run again.

        :param wanted: list of (key or tuple of keys, Decimal amount); with several keys the tightest cap decides
        :param caps: {key: Decimal}; a key that is not in it has no cap
        :return: list of granted Decimal amounts
        """
        if not caps:
            return [amount for _key, amount in wanted]
        wanted = [((keys,) if isinstance(keys, str) else keys, amount) for keys, amount in wanted]
        keys = sorted({key for own, _amount in wanted for key in own if key in caps})
        taken = self._lock(company, keys)
        granted = within_caps(wanted, {key: caps[key] - taken[key] for key in keys})
        sums = dict.fromkeys(keys, Decimal(0))
        for (own, _amount), amount in zip(wanted, granted, strict=True):
            for key in sums.keys() & set(own):
                sums[key] += amount
        self._add({key: amount for key, amount in sums.items() if amount})
        return granted

    @api.model
    def _give_back(self, company, sums):
        """Lower what was taken after a clawback; a cap is never given back below nothing.

        :param sums: {key: Decimal amount}; keys without a counter are left alone
        """
        taken = self._read_locked(sorted(sums)) if sums else {}
        self._add({key: -min(sums[key], taken[key]) for key in sums if taken.get(key, 0) > 0})

    def _lock(self, company, keys):
        self.env.cr.execute(
            SQL(
                """INSERT INTO liquor_cap_counter (key, company_id, taken, create_uid, create_date)
                   SELECT key, %s, 0, %s, now() AT TIME ZONE 'UTC' FROM unnest(%s) AS key
                   ON CONFLICT DO NOTHING""",
                company.id,
                self.env.uid,
                keys,
            )
        )
        return self._read_locked(keys)

    def _read_locked(self, keys):
        rows = self.env.execute_query(
            SQL("SELECT key, taken FROM liquor_cap_counter WHERE key = ANY(%s) ORDER BY key FOR UPDATE", keys)
        )
        return {key: decimal(taken) for key, taken in rows}

    def _add(self, sums):
        if sums:
            self.env.cr.execute(
                SQL(
                    """UPDATE liquor_cap_counter c SET taken = c.taken + added.amount
                       FROM unnest(%s, %s) AS added (key, amount) WHERE c.key = added.key""",
                    list(sums),
                    list(sums.values()),
                )
            )
            self.invalidate_model(["taken"], flush=False)
