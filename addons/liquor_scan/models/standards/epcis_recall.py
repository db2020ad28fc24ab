from odoo import api, models
from odoo.fields import Domain

from ...engine.codes.gs1 import GS1Error
from ...engine.codes.gs1_text import write_link
from ...engine.flow.windows import Contents, Window, overlap
from ...engine.standards.recall_told import BEGUN, KEPT, RELEASED, RecallTold, recall_event

NO_GTIN = "urn:x-liquor:product:%s"


class LiquorEpcisTold(models.AbstractModel):
    """Recalls as EPCIS events: of a unit that holds recalled bottles, and of a recall as a whole by class."""

    _inherit = "liquor.epcis.told"

    @api.model
    def _of_units(self, pairs):
        events = [*super()._of_units(pairs), *self._recalls_of_units(pairs)]
        return sorted(events, key=lambda event: event["recordTime"])

    @api.model
    def _of_recalls(self, recalls):
        """Return the events of recalls that began, one a step: how many bottles of which product and lot."""
        told = []
        for recall in recalls.sudo().filtered("activated_at"):
            bottles = {}
            for row in recall.range_ids:
                name = self._class_uri(row.batch_id)
                bottles[name] = bottles.get(name, 0) + row.bottles
            told += self._steps(recall, quantities=sorted(bottles.items()))
        return told

    @api.model
    def _recalls_of_units(self, pairs, recalls=None):
        """Return the events of recalls that were about bottles in the units when they began.

        :param pairs: (engine Unit, code batch)
        :param recalls: recalls that may be told; all by default
        """
        batch_of = {unit: batch for unit, batch in pairs if batch._epc(unit.level, unit.index)}
        if not batch_of:
            return []
        contents = Contents(self.env["liquor.code.link"].sudo()._below(set(batch_of)))
        windows = self._recall_windows({batch.company_id.id for batch in batch_of.values()}, recalls)
        told = []
        for recall, own in windows.items():
            for unit, batch in batch_of.items():
                if overlap(contents.at(unit, recall.activated_at), own):
                    told += self._steps(recall, epcs=[batch._epc(unit.level, unit.index)])
        return told

    def _recall_windows(self, companies, recalls):
        """{recall that began: engine ``Window``s}; two queries."""
        domain = Domain("company_id", "in", list(companies)) & Domain("recall_id.state", "!=", "draft")
        if recalls is not None:
            domain &= Domain("recall_id", "in", recalls.ids)
        found = {}
        for row in self.env["liquor.recall.range"].sudo().search(domain):
            found.setdefault(row.recall_id, []).append(Window(row.batch_id.id, row.first, row.last))
        return found

    def _steps(self, recall, **goods):
        company, place = recall.company_id, recall.company_id.partner_id._liquor_place_uri()
        steps = [(BEGUN, recall.activated_at)]
        if recall.closed_at:
            steps.append((RELEASED if recall.outcome == "released" else KEPT, recall.closed_at))
        return [
            recall_event(RecallTold(step, at, self._offset(company, at), self._paper(recall.name), place, **goods))
            for step, at in steps
        ]

    def _class_uri(self, batch):
        """URI of a batch's bottles as a class: GTIN and lot, else the product's number here."""
        gtin = batch._gtin(next((level.kind for level in batch.scheme_id.level_ids if level.bottles == 1), ""))
        lot = {"10": batch.lot_id.name} if batch.lot_id else {}
        try:
            return write_link("https://id.gs1.org", {"01": gtin, **lot}) if gtin else NO_GTIN % batch.product_id.id
        except GS1Error:  # the name of the lot is none that GS1 allows
            return write_link("https://id.gs1.org", {"01": gtin})
