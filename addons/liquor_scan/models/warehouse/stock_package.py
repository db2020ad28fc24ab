from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.flow.units import Unit
from ...engine.warehouse.loading import package_name


class StockPackage(models.Model):
    """The package of a pallet that was scanned: one for each pallet of a code batch."""

    _inherit = "stock.package"

    liquor_batch_id = fields.Many2one(
        "liquor.code.batch", string="Code Batch", readonly=True, copy=False, ondelete="restrict"
    )
    liquor_level = fields.Integer("Bottles per Pallet", readonly=True, copy=False, aggregator=None)
    liquor_index = fields.Integer("Pallet Number", readonly=True, copy=False, aggregator=None)

    _liquor_unit = models.UniqueIndex(
        "(liquor_batch_id, liquor_level, liquor_index) WHERE liquor_batch_id IS NOT NULL",
        "This pallet has a package already.",
    )

    @api.model
    def _liquor_of_units(self, units):
        """Packages of pallets that were scanned before: {Unit: package}; one query."""
        units = set(units)
        if not units:
            return {}
        found = self.search(
            Domain("liquor_batch_id", "in", list({unit.batch for unit in units}))
            & Domain("liquor_level", "in", list({unit.level for unit in units}))
            & Domain("liquor_index", "in", list({unit.index for unit in units}))
        )
        named = {Unit(one.liquor_batch_id.id, one.liquor_level, one.liquor_index): one for one in found}
        return {unit: named[unit] for unit in units if unit in named}

    @api.model
    def _liquor_make(self, units):
        """Make the packages of pallets: {Unit: package}.

        :raises ConcurrencyError: somebody else scanned one of them at the same moment
        """
        units = sorted(set(units))
        if not units:
            return {}
        batches = self.env["liquor.code.batch"].sudo()
        with loser_retries(self.env, self._liquor_unit.full_name(self)):
            made = self.create([
                {
                    "name": batches.browse(unit.batch)._sscc(unit.index) or package_name(unit.batch, unit.index),
                    "liquor_batch_id": unit.batch,
                    "liquor_level": unit.level,
                    "liquor_index": unit.index,
                }
                for unit in units
            ])
            self.flush_model()
        return dict(zip(units, made, strict=True))
