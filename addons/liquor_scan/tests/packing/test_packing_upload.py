import base64
import os
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..flow.common import FlowCase


@tagged("post_install", "-at_install")
class TestPackingUpload(FlowCase):
    """Good cartons of a file are kept, wrong ones come back with the reason (issue 4, association)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loose = cls.batch(720)

    def rows(self, case, bottles):
        return [f"{self.loose._code('case_outer', case)},{self.loose._code('cap_outer', one)}" for one in bottles]

    def load(self, content, user=None, **values):
        wizard = (
            self
            .env["liquor.packing.import"]
            .with_user(user or self.warehouse)
            .create({
                "company_id": self.company.id,
                "file": base64.b64encode(content if isinstance(content, bytes) else "\n".join(content).encode()),
                "file_name": "L1.csv",
                "line": "L1",
                **values,
            })
        )
        return self.env["liquor.packing.upload"].browse(wizard.action_load()["res_id"])

    def inside(self, case):
        unit = (self.loose.id, 6, case)
        return {one.index for one in self.env["liquor.code.link"]._inside([unit]).get(unit, ())}

    def test_good_kept_wrong_returned_corrected_loaded(self):
        """Case 0 holds bottles 10-15; case 1 lacks one; case 2 names bottle 15 again; one row has no unit."""
        content = ["包装码,瓶码", *self.rows(0, range(10, 16)), *self.rows(1, range(20, 25))]
        content += [*self.rows(2, [15, *range(30, 35)]), f"{self.loose._code('case_outer', 3)},"]
        upload = self.load("\n".join(content).encode("gb18030"))
        self.assertEqual((upload.state, upload.package_count), ("partly", 4))
        self.assertEqual((upload.stored_count, upload.refused_count, upload.link_count), (1, 3, 6))
        self.assertEqual((self.inside(0), self.inside(1), self.inside(2)), (set(range(10, 16)), set(), set()))
        bad = upload._bad_file().decode("utf-8-sig")
        lines = bad.splitlines()
        self.assertEqual(len(lines), 1 + 1 + 5 + 6)
        self.assertIn("wrong_count", lines[2])
        twice = next(line for line in lines if "already_packed" in line)
        self.assertIn(self.loose._code("cap_outer", 15), twice)
        self.assertNotIn(self.loose._code("cap_outer", 15), upload.sealed or "", "codes are stored encrypted only")
        right = bad.replace(self.loose._code("cap_outer", 15), self.loose._code("cap_outer", 35)).splitlines()
        right = [line for line in right if ",," not in line or "line,," in line][1:]
        corrected = self.load([*right, *self.rows(1, [25])])
        self.assertEqual((corrected.state, corrected.link_count), ("accepted", 12))
        self.assertEqual(self.inside(2), set(range(30, 36)))

    def test_same_file_once(self):
        content = self.rows(0, range(6))
        first = self.load(content)
        self.assertEqual(self.load(content), first)
        self.assertEqual(self.env["liquor.code.link"].search_count([("upload", "=", first.name)]), 6)

    def test_goods_that_left_are_not_packed(self):
        self.ship(self.loose._code("case_outer", 4))
        upload = self.load([*self.rows(0, range(24, 30)), *self.rows(1, range(6, 12))])
        self.assertEqual((upload.stored_count, upload.refused_count), (1, 1))
        self.assertIn("not_here", upload._bad_file().decode("utf-8-sig"))

    def test_api_calls_are_listed(self):
        client = self.env["liquor.api.client"].create({
            "name": "Line", "company_id": self.company.id, "partner_id": self.company.partner_id.id,
        })  # fmt: skip
        carton = {"parent": self.loose._code("case_outer", 0), "children": [self.loose._code("cap_outer", 0)]}
        for _turn in range(2):
            self.env["liquor.association"]._take(self.warehouse, "u1", [carton], client, "L9")
        upload = self.env["liquor.packing.upload"].search([("name", "=", "u1")])
        self.assertEqual((len(upload), upload.source, upload.state, upload.refused_count), (1, "api", "rejected", 1))

    def test_turns_at_packages_and_parts(self):
        self.load(self.rows(0, range(6, 12)))
        turns = self.env["liquor.custody.turn"].search([("batch_id", "=", self.loose.id)])
        found = {(turn.level, turn.unit_index, turn.slot) for turn in turns}
        # the new case with all its slots, each bottle, and a slot of the case and the pallet it lay in
        self.assertLessEqual({(6, 0, slot) for slot in range(6)} | {(1, 6, 0), (6, 1, 0), (360, 0, 6)}, found)

    def test_who_may_not(self):
        officer = self.user("packing_officer", "group_case_officer")
        for action in (
            lambda: self.load(self.rows(0, range(6)), user=officer),
            lambda: self.load(self.rows(0, range(6)), user=self.shop_user),
            lambda: self.load(self.rows(0, range(6)), company_id=self.env["res.company"].create({"name": "X"}).id),
            lambda: self.env["liquor.packing.upload"].with_user(self.warehouse).create({"name": "x"}),
        ):
            with self.assertRaises(AccessError):
                action()
        for content in (b"\n", b"x" * (5 * 2**20 + 1), b"a,b\n" * 50_002, b"\xff\x00"):
            with self.subTest(content[:5]), self.assertRaises(UserError):
                self.load(content)

    def test_codes_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= company
        self.warehouse.company_ids |= company
        upload = self.load(self.rows(0, range(6)), company_id=company.id)
        self.assertEqual((upload.state, upload.link_count), ("rejected", 0))


@tagged("post_install", "-at_install")
class TestPackingFolder(FlowCase):
    """Files in the server's folder; where that is, no client says."""

    def setUp(self):
        super().setUp()
        self.root = Path(tempfile.mkdtemp())
        self.folder = self.root / str(self.company.id)
        self.folder.mkdir()
        self.startPatcher(patch.dict(os.environ, {"LIQUOR_PACKING_FOLDER": str(self.root)}))

    def put(self, name, rows, age=60):
        path = self.folder / name
        path.write_text("\n".join(rows))
        os.utime(path, (time.time() - age, time.time() - age))
        return path

    def rows(self, case, bottles):
        return [f"{self.case(case)},{self.codes._code('cap_outer', one)}" for one in bottles]

    def run_cron(self):
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_words, **_named: 60.0)
        self.env["liquor.packing.folder"].with_user(self.env.ref("base.user_root"))._cron_folder()

    def names(self, folder):
        return sorted(path.name.split("_", 1)[1] for path in (self.folder / folder).glob("*"))

    def test_done_bad_and_what_is_left_alone(self):
        self.put("L7_1.csv", self.rows(0, range(6)))
        self.put("L7_2.csv", self.rows(1, range(6, 11)))
        self.put("L7_3.csv", ["\x00"])
        self.put("fresh.csv", self.rows(2, range(12, 18)), age=0)
        secret = self.root / "secret.csv"
        secret.write_text("\n".join(self.rows(3, range(18, 24))))
        (self.folder / "link.csv").symlink_to(secret)
        self.run_cron()
        self.assertEqual(self.names("done"), ["L7_1.csv"])
        self.assertEqual(self.names("bad"), ["L7_2.csv", "L7_2.csv.report.csv", "L7_3.csv", "L7_3.csv.report.csv"])
        report = next(path for path in (self.folder / "bad").glob("*L7_2.csv.report.csv"))
        self.assertIn("wrong_count", report.read_text())
        self.assertEqual(sorted(path.name for path in self.folder.glob("*.csv")), ["fresh.csv", "link.csv"])
        upload = self.env["liquor.packing.upload"].search([("file_name", "=", "L7_1.csv")])
        self.assertEqual((upload.source, upload.line, upload.link_count), ("folder", "L7", 6))

    def test_only_the_server_says_where(self):
        del os.environ["LIQUOR_PACKING_FOLDER"]
        self.env["ir.config_parameter"].sudo().set_param("liquor_packing_folder", str(self.root))
        self.assertIsNone(self.env["liquor.packing.folder"]._root())
        self.put("L7_1.csv", self.rows(0, range(6)))
        self.run_cron()
        self.assertTrue((self.folder / "L7_1.csv").exists())
