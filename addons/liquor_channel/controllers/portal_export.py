"""The lists as workbooks: the rows that the page shows, all of them, narrowed the same way."""

from odoo.http import request, route

from odoo.addons.liquor_member.tools.download import send_file

from ..tools.workbook import write_workbook
from .portal_common import WALLET_PAGES, LiquorPortal
from .portal_filter import ListFilter
from .portal_lists import CHANNEL_LISTS, ChargedList
from .portal_wallet_lists import WALLET_LISTS

FILE = {"type": "http", "auth": "user", "methods": ["GET"]}


class ExportPortal(LiquorPortal):
    """At most 10,000 rows, his own only."""

    @route(f"/my/channel/<any({','.join(CHANNEL_LISTS)}):name>.xlsx", **FILE)
    def channel_export(self, name, charged="", **_kw):
        """Send one list of a distributor."""
        kind = ChargedList if name == "earnings" and charged else CHANNEL_LISTS[name]
        return self._send_list(kind(self._role_sudo(kind.kinds), ListFilter.of(request.params)), name)

    @route(f"/my/<any(terminal,guide):page_kind>/<any({','.join(WALLET_LISTS)}):name>.xlsx", **FILE)
    def wallet_export(self, page_kind, name, **_kw):
        """Send one list of a shop or guide."""
        role_sudo = self._role_sudo(WALLET_PAGES[page_kind])
        return self._send_list(WALLET_LISTS[name](role_sudo, ListFilter.of(request.params)), name)

    def _send_list(self, listing, name):
        return send_file(write_workbook([listing.sheet()]), f"{name}.xlsx")
