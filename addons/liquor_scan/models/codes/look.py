import hashlib

from odoo import api, fields, models
from odoo.tools import SQL

from .kinds import KINDS


class LiquorLook(models.Model):
    """Somebody looked at the page of a code; one row per device and ten minutes."""

    _name = "liquor.look"
    _description = "Code Look"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "batch_id"

    batch_id = fields.Many2one(
        "liquor.code.batch", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    product_id = fields.Many2one(related="batch_id.product_id")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    index = fields.Integer("Number", required=True, readonly=True, aggregator=None)
    at = fields.Datetime("Time", required=True, readonly=True)
    device = fields.Char(required=True, readonly=True, help="Pseudonym of the browser.")
    origin = fields.Char(required=True, readonly=True, help="Pseudonym of network address and program.")

    _unit_idx = models.Index("(batch_id, kind, index, at)")
    _at_brin = models.Index("USING brin (at)")

    @api.model
    def _count(self, unit, device, origin, known):
        """Count a look once per device and ten minutes and say what was looked at before.

        :param unit: LocatedUnit
        :param str device: pseudonym from the cookie
        :param str origin: pseudonym of address and program; it alone decides where no cookie came back
        :param bool known: whether the cookie came from the browser
        :return: (looks, first look in UTC or None, looks of this device), this one included
        """
        key = (unit.batch.id, unit.kind, unit.index)
        who = SQL("device = %s", device) if known else SQL("origin = %s", origin)
        self.env.execute_query(
            SQL(
                "INSERT INTO liquor_look (batch_id, company_id, kind, index, at, device, origin,"
                " create_uid, create_date, write_uid, write_date)"
                " SELECT %(batch)s, %(company)s, %(kind)s, %(index)s, t.now, %(device)s, %(origin)s,"
                " %(uid)s, t.now, %(uid)s, t.now FROM (SELECT %(now)s::timestamp AS now) t"
                " WHERE NOT EXISTS (SELECT 1 FROM liquor_look WHERE batch_id = %(batch)s AND kind = %(kind)s"
                " AND index = %(index)s AND at > t.now - interval '10 minutes' AND %(who)s) RETURNING id",
                batch=key[0],
                kind=key[1],
                index=key[2],
                company=unit.batch.company_id.id,
                device=device,
                origin=origin,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                who=who,
            )
        )
        [(count, first, own)] = self.env.execute_query(
            SQL(
                "SELECT count(*), min(at), count(*) FILTER (WHERE %s) FROM liquor_look"
                " WHERE batch_id = %s AND kind = %s AND index = %s",
                who,
                *key,
            )
        )
        return count, first, own

    @api.model
    def _pseudonym(self, *parts):
        """Return 32 hex digits that name a device without telling which."""
        secret = self.env["liquor.code.key"]._secret("look")
        return hashlib.blake2b("\0".join(parts).encode(), key=secret, digest_size=16).hexdigest()
