from odoo import api, models
from odoo.tools import SQL

from ...tools.secrets_box import KeyRingError, SecretError, box


class LiquorKeyRotation(models.AbstractModel):
    """After a key was added to the ring: encrypt again what older keys sealed, while everybody works.

    Once nothing waits, an old key may leave the ring, unless it makes the blind indexes.
    """

    _name = "liquor.key.rotation"
    _description = "Key Rotation"

    @api.model
    def _get_columns(self):
        """Return ``(model, column, name in the place)`` of everything ``box().encrypt`` sealed; extend it.

        The place of a value is ``(model, id, name)``, see ``engine/shared/key_ring.py``.
        """
        return [
            ("liquor.outbound", "sealed", "sealed"),
            ("liquor.member", "phone_cipher", "phone"),
            ("liquor.benefit.claim", "code_cipher", "code"),
        ]

    @api.model
    def _count_waiting(self):
        """Return how many values wait for the newest key: 0 once a rotation is through."""
        self.env.flush_all()
        counts = [
            SQL("(SELECT count(*) %s)", self._waiting_sql(model, name)) for model, name, _place in self._get_columns()
        ]
        return self.env.execute_query(SQL("SELECT %s", SQL(" + ").join(counts)))[0][0]

    def _waiting_sql(self, model, column):
        return SQL(
            "FROM %(table)s WHERE %(column)s IS NOT NULL AND %(column)s NOT LIKE %(newest)s",
            table=SQL.identifier(self.env[model]._table),
            column=SQL.identifier(column),
            newest=f"{box().current}:%",
        )

    @api.model
    def _start(self):
        """Queue the run and return the action that shows it."""
        waiting = self._count_waiting()
        title = self.env._("Encrypt again with the newest key")
        run = self.env["liquor.run"]._start("reencrypt", title, waiting, key="reencrypt")
        return {
            "type": "ir.actions.act_window",
            "res_model": "liquor.run",
            "res_id": run.id,
            "views": [[False, "form"]],
        }

    @api.model
    def _reencrypt(self, position, after, budget):
        """Encrypt one batch of one column again.

        :return: ids read and ``[(id, reason)]`` of those that no key opens
        """
        model, column, name = self._get_columns()[position]
        self.env[model].flush_model([column])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %(column)s %(waiting)s AND id > %(after)s ORDER BY id LIMIT %(budget)s",
                column=SQL.identifier(column),
                waiting=self._waiting_sql(model, column),
                after=after,
                budget=budget,
            )
        )
        sealed, errors = {}, []
        for number, token in rows:
            place = (model, number, name)
            try:
                sealed[number] = box().encrypt(box().decrypt(token, place), place)
            except (SecretError, KeyRingError) as error:
                errors.append((number, str(error)))
        self._store(model, column, sealed)
        return [number for number, _token in rows], errors

    def _store(self, model, column, sealed):
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s AS t SET %(column)s = v.token"
                " FROM unnest(%(ids)s::int4[], %(tokens)s::text[]) AS v(id, token) WHERE t.id = v.id",
                table=SQL.identifier(self.env[model]._table),
                column=SQL.identifier(column),
                ids=list(sealed),
                tokens=list(sealed.values()),
            )
        )
        self.env[model].invalidate_model([column], flush=False)
