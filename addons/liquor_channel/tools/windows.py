"""Windows of Odoo's own books, as the papers of this add-on open them."""


def entries_window(env, domain):
    """Window of journal entries as a read-only list.

    :param list domain: of ``account.move``
    :return: dict, an ``ir.actions.act_window``
    """
    return {
        "type": "ir.actions.act_window",
        "name": env._("Journal entries"),
        "res_model": "account.move",
        "view_mode": "list,form",
        "views": [(env.ref("account.view_move_tree").id, "list"), (False, "form")],
        "domain": domain,
        "context": {"create": False},
    }


def items_window(env, domain):
    """Window of posted journal items as a read-only list.

    :param list domain: of ``account.move.line``, besides that they are posted
    :return: dict, an ``ir.actions.act_window``
    """
    return {
        "type": "ir.actions.act_window",
        "name": env._("Journal items"),
        "res_model": "account.move.line",
        "view_mode": "list,form",
        "domain": [*domain, ("parent_state", "=", "posted")],
        "context": {"create": False},
    }
