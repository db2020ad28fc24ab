from odoo import api, models

from ...engine.codes.ranges import unit_state


class LiquorCodeBatch(models.Model):
    _inherit = "liquor.code.batch"

    @api.model
    def _locate(self, texts):
        """A new label in place of a damaged one names the unit that it is stuck on; its own state counts."""
        found = super()._locate(texts)
        outer = {text: place for text, place in found.items() if place.kind != "cap_inner"}
        keys = {(place.batch.id, place.kind, place.index) for place in outer.values()}
        standing = self.env["liquor.code.replacement"]._standing_for(keys)
        if not standing:
            return found
        for text, place in outer.items():
            batch, index = standing.get((place.batch.id, place.kind, place.index), (None, 0))
            if batch:
                first = index * place.bottles
                last = min(first + place.bottles, batch.bottles) - 1
                found[text] = place._replace(batch=batch, index=index, first=first, last=last)
        return found

    def _size(self, kind):
        """Bottles of a unit of this kind; 0 where the scheme lacks it."""
        return next((level.bottles for level in self.scheme_id.level_ids if level.kind == kind), 0)

    def _state_of_unit(self, kind, index):
        """State of the codes of one unit: active, inactive or void."""
        size = self._size(kind)
        spans = self.env["liquor.code.range"]._spans(self).get(self.id, [])
        return unit_state(spans, kind, index * size, min((index + 1) * size, self.bottles) - 1)
