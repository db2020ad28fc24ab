from odoo.tools import SQL


def uninstall_hook(env):
    """Open the append-only tables so that Odoo can drop them, and leave no function behind."""
    env.cr.execute("DROP FUNCTION IF EXISTS liquor_append_only() CASCADE")
    forget_foreign_names(env, "liquor_member")


def forget_foreign_names(env, module):
    """Forget the names that other modules gave to parts of models which go with ``module``.

    The choices of ``activity_state`` of our models are ``mail.selection__…``, because the field comes from a mixin
    of mail, and their threads are ``portal.model_inherit__…``, because portal extends the thread. Odoo forgets only
    the names of the module that it removes. Called by the uninstall hooks.
    """
    env.cr.execute(
        SQL(
            """WITH own AS (
                   SELECT model.res_id AS id FROM ir_model_data model
                    WHERE model.model = 'ir.model' AND model.module = %(module)s
                      AND NOT EXISTS (SELECT 1 FROM ir_model_data other
                                        JOIN ir_module_module m ON m.name = other.module AND m.state <> 'to remove'
                                       WHERE other.model = 'ir.model' AND other.res_id = model.res_id)
               ), part AS (
                   SELECT 'ir.model.fields.selection' AS model, choice.id
                     FROM ir_model_fields_selection choice JOIN ir_model_fields field ON field.id = choice.field_id
                    WHERE field.model_id IN (SELECT id FROM own)
                    UNION ALL
                   SELECT 'ir.model.inherit', id FROM ir_model_inherit WHERE model_id IN (SELECT id FROM own)
               )
               DELETE FROM ir_model_data name USING part
                WHERE name.model = part.model AND name.res_id = part.id AND name.module <> %(module)s""",
            module=module,
        )
    )
