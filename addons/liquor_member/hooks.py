def uninstall_hook(env):
    """Open the append-only tables so that Odoo can drop them, and leave no function behind."""
    env.cr.execute("DROP FUNCTION IF EXISTS liquor_append_only() CASCADE")
