from datetime import timedelta

from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _liquor_open_day(self, day):
        """Return ``day``, or the first day after it that accounting still accepts.

        Odoo's lock dates for everybody and the hard lock count, those of parent companies too; exceptions
        granted to single users do not, so that the caller never decides on the day. Channel adds its periods.

        :param date day: business day of the company
        :rtype: date
        """
        self.ensure_one()
        companies = self.sudo().parent_ids
        locks = [
            lock
            for company in companies
            for lock in (company.fiscalyear_lock_date, company.hard_lock_date)
            if lock and lock >= day
        ]
        return max(locks) + timedelta(days=1) if locks else day
