from odoo import api, fields, models

KEPT_DAYS = 2


class LiquorRateHit(models.Model):
    """One counted event of a rate limit; written by ``tools/rate_limit.py`` alone.

    Technical and without company: a limit holds for the whole server.
    """

    _name = "liquor.rate.hit"
    _description = "Rate Limit Hit"
    _log_access = False
    _rec_name = "bucket"

    bucket = fields.Char(required=True, readonly=True)
    hit_at = fields.Datetime(required=True, readonly=True)

    _bucket_time_idx = models.Index("(bucket, hit_at DESC)")

    @api.autovacuum
    def _gc_hits(self):
        self.env.cr.execute(
            "DELETE FROM liquor_rate_hit WHERE hit_at < (now() AT TIME ZONE 'UTC') - make_interval(days => %s)",
            [KEPT_DAYS],
        )
