from odoo.addons.liquor_member.hooks import forget_foreign_names


def uninstall_hook(env):
    """Leave nothing behind that other modules named."""
    forget_foreign_names(env, "liquor_scan")
