from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools import sql as sql_tools

from ...tools.maintenance import maintenance
from .bulk_mixin import MAGIC

TRIGGER_FUNCTION = """
CREATE OR REPLACE FUNCTION liquor_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('liquor.maintenance', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'Rows of % are append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$
"""
# Row level for changes: a foreign key that touches no row of ours must not be stopped by it.
TRIGGERS = {
    "liquor_append_only": ("BEFORE UPDATE OR DELETE", "FOR EACH ROW"),
    "liquor_no_truncate": ("BEFORE TRUNCATE", "FOR EACH STATEMENT"),
}


class LiquorAppendMixin(models.AbstractModel):
    """Rows that are proof: they are inserted and never changed (design.md 3.1, 3.14).

    For ledgers (``liquor.ledger.mixin``), and for events, states and logs that are no ledger. The model declares
    plain stored columns and relations with ``ondelete="restrict"``. The ORM refuses, and so does a trigger. Rows
    carry ``xid``, the transaction that wrote them, and are sealed every minute unless ``_sealed`` is False.
    """

    _name = "liquor.append.mixin"
    _description = "Append-only Rows"
    _allow_sudo_commands = False

    _sealed = True

    # --- the table -------------------------------------------------------------------------------------------

    def _auto_init(self):
        if self._abstract:
            return super()._auto_init()
        # a new column with a default updates the rows that are there
        with maintenance(self.env):
            return super()._auto_init()

    def init(self):
        if not self._abstract and self._auto:
            self._append_check_shape()
            self._append_add_xid()
            self._append_add_triggers()
        return super().init()

    def _append_check_shape(self):
        """Stop the installation of a model whose columns would be written after its rows."""
        for name, field in self._fields.items():
            # the rows of a One2many are another table's: nothing of it is stored here
            if not field.store or name in MAGIC or field.type == "one2many":
                continue
            if field.compute or field.related:
                raise TypeError(f"{self._name}.{name}: an append-only model has no stored compute")
            if not field.column_type:
                raise TypeError(f"{self._name}.{name}: an append-only model has plain columns only")
            if field.type == "many2one" and field.ondelete != "restrict":
                raise TypeError(f"{self._name}.{name}: its relations must be ondelete='restrict'")

    def _append_add_xid(self):
        """Add the transaction id by which incremental readers take rows (design.md 3.9)."""
        if not sql_tools.column_exists(self.env.cr, self._table, "xid"):
            self.env.cr.execute(
                SQL("ALTER TABLE %s ADD COLUMN xid xid8 DEFAULT pg_current_xact_id()", SQL.identifier(self._table))
            )
        sql_tools.create_index(self.env.cr, f"{self._table}_xid_idx", self._table, ["xid"])

    def _append_add_triggers(self):
        self.env.cr.execute(TRIGGER_FUNCTION)
        for name, (moment, level) in TRIGGERS.items():
            if not self._append_has_trigger(name):
                self.env.cr.execute(
                    SQL(
                        "CREATE TRIGGER %s %s ON %s %s EXECUTE FUNCTION liquor_append_only()",
                        SQL.identifier(name),
                        SQL(moment),
                        SQL.identifier(self._table),
                        SQL(level),
                    )
                )

    def _append_has_trigger(self, name):
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s AND tgenabled <> 'D'",
                    f'"{self._table}"',
                    name,
                )
            )
        )

    @api.model
    def _append_models(self):
        """Return the names of all append-only models, for the audit and for whoever must respect them."""
        names = self.pool.descendants(["liquor.append.mixin"], "_inherit")
        return sorted(name for name in names if not self.env[name]._abstract)

    # --- refusals of the ORM ---------------------------------------------------------------------------------

    def write(self, vals):
        """Refuse: rows stay as they were written."""
        if self and vals:
            raise UserError(
                self.env._(
                    "Entries of “%(model)s” are kept for good. Enter a correction instead of changing one.",
                    model=self.env["ir.model"]._get(self._name).name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        raise UserError(
            self.env._(
                "Entries of “%(model)s” are kept for good. Enter a correction instead of deleting one.",
                model=self.env["ir.model"]._get(self._name).name,
            )
        )
