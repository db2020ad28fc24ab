"""Native dashboards: who sees which, every source readable by whoever sees it, the sample while there is nothing."""

import json

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.spreadsheet.utils.validate_data import fields_in_spreadsheet, menus_xml_ids_in_spreadsheet

from ..common import ChannelCase

NAMES = ("spend", "targets", "funds", "variances")
SEEN = {
    "liquor_channel.group_finance": set(NAMES),
    "liquor_channel.group_channel_manager": set(NAMES),
    "liquor_channel.group_clerk": {"targets", "funds", "variances"},
    "liquor_member.group_executive": set(),
    "base.group_user": set(),
}


@tagged("post_install", "-at_install")
class TestDashboards(ChannelCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boards = {name: cls.env.ref(f"liquor_channel.dashboard_{name}") for name in NAMES}
        cls.data = {name: json.loads(board.spreadsheet_data) for name, board in cls.boards.items()}

    def watcher(self, group, company=None):
        company = company or self.company
        return new_test_user(
            self.env, login=f"board_{group}", password=f"board_{group}", groups=group, company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )  # fmt: skip

    def test_who_sees_which(self):
        ours = self.env["spreadsheet.dashboard"].browse([board.id for board in self.boards.values()])
        for group, names in SEEN.items():
            user = self.watcher(group)
            found = ours.with_user(user).search([("id", "in", ours.ids)])
            self.assertEqual({name for name in NAMES if self.boards[name] in found}, names, group)

    def test_every_source_is_readable_by_whoever_sees_it(self):
        """No board shows an access error instead of a figure, to anybody."""
        for group, names in SEEN.items():
            env = self.env(user=self.watcher(group), su=False)
            for name in names:
                for source in self.data[name]["pivots"].values():
                    measures = [measure["id"] if ":" in measure["id"] else f"{measure['id']}:sum"
                                for measure in source["measures"] if measure["id"] != "__count"]  # fmt: skip
                    groups = [":".join(filter(None, (row["fieldName"], row.get("granularity"))))
                              for row in source["rows"]]  # fmt: skip
                    env[source["model"]]._read_group([], groups, [*measures, "__count"])
                for source in self.data[name]["lists"].values():
                    order = ", ".join(one["name"] for one in source["orderBy"])
                    env[source["model"]].search_read([], source["columns"], limit=1, order=order)

    def test_fields_filters_and_menus_exist(self):
        for name, data in self.data.items():
            for model, names in fields_in_spreadsheet(data).items():
                self.assertLessEqual(names, set(self.env[model]._fields) | {"__count"}, name)
            known = {one["id"] for one in data["globalFilters"]}
            for source in [*data["pivots"].values(), *data["lists"].values(), *self.charts(data)]:
                model = source.get("model") or source["metaData"]["resModel"]
                for key, match in source["fieldMatching"].items():
                    self.assertIn(key, known, name)
                    self.env[model]._search([(match["chain"], "!=", False)])
            for xml_id in menus_xml_ids_in_spreadsheet(data):
                self.assertTrue(self.env.ref(xml_id).action, xml_id)

    def charts(self, data):
        figures = [figure["data"] for sheet in data["sheets"] for figure in sheet["figures"]]
        return [figure for figure in figures if figure["type"].startswith("odoo_")]

    def test_a_new_company_sees_the_sample(self):
        company = self.env["res.company"].create({"name": "New Maker"})
        user = self.watcher("liquor_channel.group_finance", company)
        self.authenticate(user.login, user.login)
        for name, board in self.boards.items():
            answer = self.url_open(f"/spreadsheet/dashboard/data/{board.id}").json()
            self.assertTrue(answer.get("is_sample"), name)
            cells = [sheet["cells"] for sheet in answer["snapshot"]["sheets"]]
            self.assertEqual(len(cells), 2)
            asked = [cell for sheet in cells for cell in sheet.values() if "PIVOT" in cell or "ODOO." in cell]
            self.assertEqual(asked, [], "a sample asks nothing")

    def test_who_does_not_see_it_gets_nothing(self):
        user = self.watcher("base.group_user")
        self.authenticate(user.login, user.login)
        for board in self.boards.values():
            answer = self.url_open(f"/spreadsheet/dashboard/data/{board.id}")
            self.assertNotEqual(answer.status_code, 200)
            self.assertNotIn("PIVOT", answer.text)
