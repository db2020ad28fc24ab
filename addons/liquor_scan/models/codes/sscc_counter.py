from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.codes.gs1 import sscc_capacity


class LiquorSsccCounter(models.Model):
    """The next SSCC of a company prefix: one row, raised in the transaction that uses the numbers.

    The prefix is the maker's at GS1, not the database's company: two companies with one prefix share the row, so
    that no number is given twice, as GS1 demands for a year and we for good.
    """

    _name = "liquor.sscc.counter"
    _description = "SSCC Counter"
    _log_access = False
    _rec_name = "prefix"

    prefix = fields.Char(required=True, readonly=True)
    next_number = fields.Float(required=True, readonly=True, digits=(16, 0))

    _prefix_unique = models.UniqueIndex("(prefix)", "This prefix has a counter already.")
    _bounds = models.Constraint(
        "CHECK (next_number BETWEEN 0 AND 10000000000000)", "The numbers of this prefix are used up."
    )

    @api.model
    def _take(self, prefix, count):
        """Take ``count`` numbers in a row.

        :return: the first of them
        :raises UserError: the prefix has not so many left
        :raises psycopg2.errors.SerializationFailure: a parallel transaction took some; Odoo runs the call again
        """
        ((last,),) = self.env.execute_query(
            SQL(
                """
                INSERT INTO liquor_sscc_counter AS c (prefix, next_number) VALUES (%s, %s)
                ON CONFLICT (prefix) DO UPDATE SET next_number = c.next_number + EXCLUDED.next_number
                RETURNING next_number
                """,
                prefix,
                count,
            )
        )
        self.invalidate_model(flush=False)
        if last > sscc_capacity(prefix):
            raise UserError(self.env._("The SSCC of prefix %(prefix)s are used up.", prefix=prefix))
        return int(last) - count
