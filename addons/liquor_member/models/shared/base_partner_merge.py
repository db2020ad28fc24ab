from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Refuse contacts that posted entries name: the merge would rewrite them."""
        bound = self._liquor_partners_with_entries(partner_ids)
        if bound:
            raise UserError(
                self.env._(
                    "%(names)s cannot be merged: posted entries (points, earnings or other ledgers) name this"
                    " contact, and posted entries never change.",
                    names=", ".join(bound.mapped("display_name")),
                )
            )
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _liquor_partners_with_entries(self, partner_ids):
        """Return those of the partners that a ledger row names."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        queries = [
            SQL(
                "SELECT p.id FROM unnest(%(ids)s::int4[]) AS p(id)"
                " WHERE EXISTS (SELECT 1 FROM %(table)s AS l WHERE l.%(column)s = p.id)",
                ids=partners.ids,
                table=SQL.identifier(self.env[name]._table),
                column=SQL.identifier(field.name),
            )
            for name in self.env["liquor.append.mixin"]._append_models()
            for field in self.env[name]._fields.values()
            if field.store and field.type == "many2one" and field.comodel_name == "res.partner"
        ]
        if not queries or not partners:
            return partners.browse()
        rows = self.env.execute_query(SQL(" UNION ").join(queries))
        return partners.browse(sorted(number for (number,) in rows))
