from odoo import api, models


class LiquorChannelWatched(models.AbstractModel):
    """Sensitive fields: whoever reads, exports, groups by or changes them leaves a row in ``liquor.channel.access``.

    Code of ours in sudo reads without a trace: it shows nothing to anybody, or to the owner of the data himself.
    Changes are written whoever makes them.
    """

    _name = "liquor.channel.watched"
    _description = "Watched Fields"

    _watched = frozenset()

    def _note_access(self, action, names, detail=""):
        names = sorted(self._watched & set(names))
        if names and not self.env.su:
            self.env["liquor.channel.access"]._note(action, self._name, ", ".join(names), self.ids, detail)

    def _read_format(self, fnames, load="_classic_read"):
        if self:
            self._note_access("view", fnames)
        return super()._read_format(fnames, load)

    def export_data(self, fields_to_export):
        self._note_access("export", {path.split("/")[0] for path in fields_to_export})
        return super().export_data(fields_to_export)

    @api.model
    def formatted_read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        self._note_grouping(domain, (*groupby, *aggregates))
        return super().formatted_read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def formatted_read_grouping_sets(self, domain, grouping_sets, aggregates=(), *, order=None):
        self._note_grouping(domain, (*(spec for specs in grouping_sets for spec in specs), *aggregates))
        return super().formatted_read_grouping_sets(domain, grouping_sets, aggregates, order=order)

    def _note_grouping(self, domain, specs):
        self._note_access("view", {spec.split(":")[0] for spec in specs}, detail=repr(domain))

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        names = sorted(self._watched & {name for vals in vals_list for name, value in vals.items() if value})
        if names:
            self.env["liquor.channel.access"]._note_change(self._name, ", ".join(names), records.ids, "")
        return records

    def write(self, vals):
        names = sorted(self._watched & vals.keys())
        before = {record.id: [record[name] for name in names] for record in self.sudo()} if names else {}
        result = super().write(vals)
        lines = [
            f"{record.id}: {name} {old!r} → {record[name]!r}"
            for record in self.sudo()
            for name, old in zip(names, before.get(record.id, ()), strict=False)
            if old != record[name]
        ]
        if lines:
            self.env["liquor.channel.access"]._note_change(self._name, ", ".join(names), self.ids, "\n".join(lines))
        return result
