"""No list of the demo world is empty: every window action of our menus shows something on the first day."""

import re

import pytest
from tools.environment import databases, demo
from tools.environment.settings import WORLD_DATABASE

pytestmark = pytest.mark.story
#: menu (XML id) -> why nobody's first day shows anything there
MAY_BE_EMPTY = {
    "liquor_channel.commission_permission_menu": "commission over one level is the default: nobody asked for a second",
    "liquor_channel.consumer_launch_menu": "both makers paid consumers before the first day of the story",
    "liquor_channel.readiness_menu": "as above",
    "liquor_channel.expense_clawback_menu": "no claim of the demo was paid by mistake",
    "liquor_channel.shop_delivery_menu": "no policy of the demo pays a shop in goods",
    "liquor_member.liquor_run_menu": "background runs: started by a person, seen by who started them",
    "liquor_channel.liquor_run_menu": "as above",
    "liquor_scan.liquor_run_menu": "as above",
    "liquor_channel.liquor_bulk_edit_menu": "a file that a person edited in Excel: none was read before the first day",
    "liquor_channel.liquor_prize_identity_menu": "no prize of the demo is above the limit that asks for a name",
    "liquor_channel.liquor_weekly_withdrawal_menu": "switched on by a shop on its own page: none has",
    "liquor_scan.shop_count_menu": "begun with the phone at a shop: nobody stands in one on the first day",
    "liquor_member.liquor_seal_menu": "the job that seals each minute runs only where the world is served",
    "liquor_channel.rebate_expiry_menu": "no maker here lets rebate expire: the script says what orders may use",
    "liquor_channel.liquor_spend_orphan_menu": "earnings without proof: an empty list is what it should be",
}
COUNT = """
import datetime
from odoo.tools.safe_eval import safe_eval
roots = [env.ref(f"{name}.menu_root").id for name in ("liquor_member", "liquor_channel", "liquor_scan")]
menus = env["ir.ui.menu"].with_context(**{"ir.ui.menu.full_list": True}).search([("id", "child_of", roots)])
everything = env["res.company"].search([]).ids
words = {"uid": env.uid, "allowed_company_ids": everything, "context_today": datetime.date.today}
for menu in menus:
    action = menu.action
    if action and action._name == "ir.actions.act_window" and not env[action.res_model]._transient:
        model = env[action.res_model].with_context(allowed_company_ids=everything)
        count = model.search_count(safe_eval(action.domain or "[]", words), limit=1)
        print("LIST", menu.get_external_id()[menu.id], count, menu.complete_name)
"""


def test_no_list_is_empty():
    demo.ensure_world()
    found = re.findall(r"^LIST (\S+) (\d+) (.*)$", databases.script(WORLD_DATABASE, COUNT), re.MULTILINE)
    assert len(found) > 80, "the menus were read"
    empty = {menu: name for menu, count, name in found if count == "0"}
    assert {menu: name for menu, name in empty.items() if menu not in MAY_BE_EMPTY} == {}
    assert set(MAY_BE_EMPTY) <= {menu for menu, _count, _name in found}, "an exception names no menu"
