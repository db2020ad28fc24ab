from odoo.addons.liquor_member.hooks import forget_foreign_names


def uninstall_hook(env):
    """Leave nothing behind: neither what other modules named nor the table that Odoo does not know."""
    env.cr.execute("DROP TABLE IF EXISTS liquor_scan_place CASCADE")
    forget_foreign_names(env, "liquor_scan")
