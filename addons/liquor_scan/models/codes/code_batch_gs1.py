from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.codes.gs1 import GS1Error, sscc, sscc_number
from ...engine.codes.gs1_text import write_link
from ...engine.codes.gs1_unit import read_unit
from ...engine.codes.packing import unit_count

PALLET = "pallet"


class LiquorCodeBatch(models.Model):
    _inherit = "liquor.code.batch"

    sscc_prefix = fields.Char("SSCC Prefix", readonly=True, copy=False)
    sscc_first = fields.Float("First SSCC Number", readonly=True, copy=False, digits=(16, 0), aggregator=None)
    sscc_range = fields.Char("SSCC", compute="_compute_sscc_range", help="Of the first and last pallet of the batch.")

    _sscc_idx = models.Index("(sscc_prefix, sscc_first) WHERE sscc_prefix IS NOT NULL")

    @api.depends("sscc_prefix", "sscc_first")
    def _compute_sscc_range(self):
        for batch in self:
            count = batch._pallets() if batch.sscc_prefix else 0
            batch.sscc_range = count and f"{batch._sscc(0)} - {batch._sscc(count - 1)}"

    @api.model_create_multi
    def create(self, vals_list):
        batches = super().create(vals_list)
        for batch in batches.filtered("company_id.liquor_gs1_prefix"):
            count = batch._pallets()
            if count:
                prefix = batch.company_id.liquor_gs1_prefix
                first = self.env["liquor.sscc.counter"].sudo()._take(prefix, count)
                batch.write({"sscc_prefix": prefix, "sscc_first": first})
        return batches

    def _pallets(self):
        """Return how many pallets the batch has; 0 where its scheme knows none."""
        level = self.scheme_id.level_ids.filtered(lambda level: level.kind == PALLET)[:1]
        return unit_count(self.bottles, level.bottles) if level else 0

    def _sscc(self, index):
        """Return the SSCC of a pallet, or "" where the maker had no prefix when the codes were made."""
        self.ensure_one()
        return sscc(self.sscc_prefix, int(self.sscc_first) + index) if self.sscc_prefix else ""

    @api.model
    def _locate_logistic(self, texts):
        """Find units as ``_locate`` does, pallets by their SSCC as well.

        Numbers of pallets follow each other and are no secret: only who need not prove that he holds a code in
        his hand, the maker's own people and machines, is told by them.
        """
        located = self._locate(texts)
        numbers = {text: number for text in set(texts) - located.keys() if (number := read_unit(text).sscc)}
        if numbers:
            codes = self._locate_sscc(numbers.values())
            units = self._locate(codes.values())
            located |= {text: units[codes[number]] for text, number in numbers.items() if codes.get(number) in units}
        return located

    @api.model
    def _locate_sscc(self, numbers):
        """Find pallets by their SSCC, with two queries.

        :param numbers: SSCC of 18 digits
        :return: {SSCC: code of the pallet}
        """
        batches = self.sudo()
        prefixes = [prefix for (prefix,) in batches._read_group([("sscc_prefix", "!=", False)], ["sscc_prefix"])]
        asked = [
            (number, prefix, place)
            for number in set(numbers)
            for prefix in prefixes
            if (place := self._sscc_place(number, prefix)) is not None
        ]
        if not asked:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (a.number, a.prefix) a.number, b.id, a.place - b.sscc_first
                  FROM unnest(%s::varchar[], %s::varchar[], %s::numeric[]) AS a(number, prefix, place)
                  JOIN liquor_code_batch b ON b.sscc_prefix = a.prefix AND b.sscc_first <= a.place
                 ORDER BY a.number, a.prefix, b.sscc_first DESC
                """,
                *(list(column) for column in zip(*asked, strict=True)),
            )
        )
        owners = {batch.id: batch for batch in batches.browse({batch_id for _number, batch_id, _index in rows})}
        found = {}
        for number, batch_id, index in rows:
            batch = owners[batch_id]
            if index < batch._pallets():
                found[number] = batch._code(PALLET, int(index))
        return found

    def _sscc_place(self, number, prefix):
        try:
            return sscc_number(number, prefix)
        except GS1Error:
            return None

    # --- names for others -------------------------------------------------------------------------------------

    def _public_kind(self, level):
        """Return the kind of code by which others know a unit of this size; never the one inside.

        What lies under a cap or in a case is money for who finds it, so it is in no document.
        """
        self.ensure_one()
        kinds = self.scheme_id.level_ids.filtered(lambda one: one.bottles == level).mapped("kind")
        return next((kind for kind in kinds if not kind.endswith("_inner")), "")

    def _epc(self, level, index):
        """Return the URI of a unit: SSCC of a pallet, else SGTIN, both as Digital Link, else the address of its page.

        :return: "" for a unit that has no code but the one inside
        """
        kind = self._public_kind(level)
        if not kind:
            return ""
        if kind == PALLET and self.sscc_prefix:
            return write_link("https://id.gs1.org", {"00": self._sscc(index)})
        code, gtin = self._code(kind, index), self._gtin(kind)
        if gtin:
            return write_link("https://id.gs1.org", {"01": gtin, "21": code})
        return f"{self.company_id._liquor_code_prefix()}{code}"
