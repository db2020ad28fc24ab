import hashlib
import io
import os
import re
import tempfile
import zipfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.liquor_member.engine.shared.key_ring import rotate_file
from odoo.addons.liquor_member.tools.secrets_box import key_file

from ...engine.codes import archive
from ..common import ScanCase
from .test_engine_archive import read_entry


@tagged("post_install", "-at_install")
class TestPrintOrder(ScanCase, HttpCase):
    def link(self, order):
        """Path of a fresh one-time link, and the password shown beside it."""
        action = order.action_link()
        wizard = self.env["liquor.print.handover"].browse(action["res_id"])
        return re.sub(r"^https?://[^/]+", "", wizard.link), wizard.password

    def test_bottles_are_rounded_up_to_whole_pallets(self):
        """700 + 3 % = 721 bottles -> 3 pallets of 360; 1,080 caps twice, 180 cases twice, 3 pallets = 2,523 codes."""
        order = self.order(700, 3)
        self.assertEqual((order.bottles, order.code_count, order.row_count), (1080, 2523, 2523))
        self.assertEqual(order.batch_ids.mapped("bottles"), [1080])
        self.assertEqual(order.state, "issued")

    def test_a_large_order_is_cut_at_the_limit_of_a_batch(self):
        """2**20 div 360 = 2,912 pallets = 1,048,320 bottles a batch; 2.2 million bottles are 6,112 pallets."""
        order = self.order(2_200_000)
        self.assertEqual(order.bottles, 6112 * 360)
        self.assertEqual(order.batch_ids.sorted("number").mapped("bottles"), [1_048_320, 1_048_320, 103_680])

    def test_the_scheme_must_fit_the_case_of_the_product(self):
        self.product.liquor_bottles_per_case = 4
        with self.assertRaisesRegex(UserError, "4 to a case"):
            self.order(360)

    def test_issuing_costs_the_same_for_ten_and_for_a_million_bottles(self):
        counts = []
        for quantity in (360, 1_000_000):
            order = self.env["liquor.print.order"].create({
                "company_id": self.company.id,
                "supplier_id": self.printer.id,
                "product_id": self.product.id,
                "scheme_id": self.scheme.id,
                "quantity": quantity,
            })
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            order.action_issue()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_the_printer_fetches_the_file_once(self):
        order = self.order(360)
        path, password = self.link(order)
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        self.assertEqual(self.url_open(path).status_code, 200, "looking does not use the link up")
        answer = self.url_open(path, data={}, method="POST")
        self.assertEqual((answer.status_code, len(answer.content)), (200, int(order.file_size)))
        self.check_content(order, answer.content, password)
        download = order.download_ids
        download.invalidate_recordset()
        digest = hashlib.sha256(answer.content).hexdigest()
        self.assertEqual((download.state, download.sha256, download.row_count), ("done", digest, order.row_count))
        order.invalidate_recordset()
        self.assertEqual((order.state, order.sha256), ("handed", digest))
        self.assertEqual(self.url_open(path, data={}, method="POST").status_code, 404)
        self.assertEqual(self.url_open(path).status_code, 404)

    def check_content(self, order, data, password):
        batch = order.batch_ids
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
        self.assertEqual(names[0], f"{batch.name}-cap_inner-360.txt")
        lines = read_entry(data, names[3], password).decode().split("\r\n")
        self.assertEqual(len(lines), 61)  # 60 cases and the end
        self.assertEqual(lines[59], f"https://q7.cn/b/{batch._code('case_outer', 59)}")

    def test_the_file_is_the_same_each_time_and_stored_nowhere(self):
        order = self.order(360)
        before = self.env["ir.attachment"].search_count([])
        files = [b"".join(archive.stream(order._entries(), order._password())) for _ in range(2)]
        self.assertEqual(files[0], files[1])
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
        self.assertNotEqual(self.order(360)._password(), order._password())

    def test_after_a_rotation_old_codes_and_files_stay_and_new_ones_take_the_new_key(self):
        order = self.order(360)
        password, before = order._password(), b"".join(archive.stream(order._entries(), order._password()))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "keys.json"
            path.write_bytes(key_file()[0].read_bytes())
            rotate_file(path)
            with patch.dict(os.environ, {"LIQUOR_KEY_FILE": str(path)}):
                self.assertEqual(order._password(), password)
                self.assertEqual(b"".join(archive.stream(order._entries(), password)), before)
                newer, old = self.order(360).batch_ids, order.batch_ids
                self.assertEqual(newer.key_id.version, old.key_id.version + 1)
                codes = [old._code("cap_outer", 7), newer._code("cap_outer", 7)]
                found = self.env["liquor.code.batch"]._locate(codes)
                self.assertEqual([found[code].batch for code in codes], [old, newer])

    def test_sets_have_one_line_a_case_with_all_its_codes(self):
        """360 bottles: 60 lines of 2 case codes and 6 x 2 cap codes, and a list of one pallet."""
        order = self.order(360, file_layout="sets")
        batch = order.batch_ids
        data = b"".join(archive.stream(order._entries(), order._password()))
        self.assertEqual((order.row_count, int(order.file_size)), (61, len(data)))
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
        self.assertEqual(names, [f"{batch.name}-sets-60.txt", f"{batch.name}-pallet-1.txt"])
        lines = read_entry(data, names[0], order._password()).decode().split("\r\n")
        self.assertEqual((len(lines), lines[-1]), (61, ""))
        wanted = [batch._code(kind, 59) for kind in ("case_inner", "case_outer")]
        wanted += [batch._code(kind, number) for kind in ("cap_inner", "cap_outer") for number in range(354, 360)]
        self.assertEqual(lines[59].split(","), [f"https://q7.cn/b/{code}" for code in wanted])
        pallet = read_entry(data, names[1], order._password()).decode()
        self.assertEqual(pallet, f"https://q7.cn/b/{batch._code('pallet', 0)}\r\n")

    def test_pallets_carry_their_sscc(self):
        """690123456: the tenth pallet of the prefix has serial 9; weights 3, 1, 3, ... over 06901234560000009:
        6*1 + 9*3 + 0 + 1*3 + 2*1 + 3*3 + 4*1 + 5*3 + 6*1 + 9*3 = 99, check digit 1."""
        self.company.liquor_gs1_prefix = "690123456"
        self.env["liquor.sscc.counter"]._take("690123456", 8)
        for layout in ("kinds", "sets"):
            order = self.order(720, file_layout=layout)
            batch = order.batch_ids
            data = b"".join(archive.stream(order._entries(), order._password()))
            self.assertEqual(int(order.file_size), len(data))
            lines = read_entry(data, f"{batch.name}-pallet-2.txt", order._password()).decode().split("\r\n")
            self.assertEqual(lines[2:], [""])
            for number, line in enumerate(lines[:2]):
                self.assertEqual(line, f"https://q7.cn/b/{batch._code('pallet', number)},{batch._sscc(number)}")
            if layout == "kinds":
                self.assertEqual(lines[1].partition(",")[2], "069012345600000091")
            part = order._entries(360, 719)
            name = f"{batch.name}-pallet-from361-1.txt"
            again = read_entry(b"".join(archive.stream(part, order._password())), name, order._password())
            self.assertEqual(again.decode(), lines[1] + "\r\n")
            # what the handheld reads from the label is the pallet that its code names
            found = self.env["liquor.code.batch"]._locate_logistic([f"(00){batch._sscc(1)}"])
            self.assertEqual([(unit.batch, unit.kind, unit.index) for unit in found.values()], [(batch, "pallet", 1)])

    def test_a_file_of_an_earlier_release_stays_as_it_was(self):
        self.company.liquor_gs1_prefix = "690123456"
        order = self.order(360)
        order.sudo().has_sscc = False
        data = b"".join(archive.stream(order._entries(), order._password()))
        pallet = read_entry(data, f"{order.batch_ids.name}-pallet-1.txt", order._password()).decode()
        self.assertEqual(pallet, f"https://q7.cn/b/{order.batch_ids._code('pallet', 0)}\r\n")

    def test_a_part_of_an_order_in_its_own_file(self):
        """Bottles 361 to 720 are cases 61 to 120; the parts together are the whole, under one password."""
        order = self.order(720)
        batch = order.batch_ids
        wizard = self.env["liquor.print.handover"].browse(order.action_link()["res_id"])
        whole = re.sub(r"^https?://[^/]+", "", wizard.link)
        for first, last in ((361, 719), (2, 360), (361, 1080), (0, 360), (361, 1)):
            wizard.write({"first": first, "last": last})
            with self.assertRaisesRegex(UserError, "whole units of 360"):
                wizard.action_part()
        wizard.write({"first": 361, "last": 720})
        part = self.env["liquor.print.handover"].browse(wizard.action_part()["res_id"])
        self.assertEqual(self.url_open(whole).status_code, 404, "the link to the part replaces that to the whole")
        path = re.sub(r"^https?://[^/]+", "", part.link)
        data = self.url_open(path, data={}, method="POST").content
        name = f"{batch.name}-case_outer-from361-60.txt"
        lines = read_entry(data, name, part.password).decode().split("\r\n")
        self.assertEqual(lines[:-1], [f"https://q7.cn/b/{batch._code('case_outer', n)}" for n in range(60, 120)])
        order.invalidate_recordset()
        download = order.download_ids.filtered("used_at")
        # 360 caps twice, 60 cases twice, one pallet
        self.assertEqual((download.bottles, download.row_count), ("361 - 720", 841))
        self.assertEqual((order.state, order.sha256), ("handed", False), "the hash is that of the whole file")

    def test_spoilage_beside_the_over_issue(self):
        """18 of 720 bottles spoiled are 2.5 %; a leaked pallet is no spoilage."""
        order = self.order(720)
        batch = order.batch_ids
        book = self.env["liquor.code.range"]._book
        book(batch, "active", 0, 359)
        book(batch, "void", 0, 17, reason="断卷", cause="spoiled")
        book(batch, "void", 360, 719, reason="外流", cause="leaked")
        order.invalidate_recordset()
        self.assertEqual((order.spoiled_bottles, order.spoilage), (18, 2.5))

    def test_codes_shown_before_activation_name_the_printer(self):
        order = self.order(720)
        batch = order.batch_ids
        self.env["liquor.code.range"]._book(batch, "active", 0, 359)
        self.env["liquor.code.range"]._book(batch, "void", 714, 719, reason="x")
        page = f"/b/{batch._code('cap_outer', 400)}"
        unknown = self.url_open("/b/" + "0" * 17)
        for path in (page, page, f"/b/{batch._code('cap_outer', 719)}", f"/b/{batch._code('cap_outer', 5)}"):
            self.url_open(path)
        self.assertEqual(self.url_open(page).text, unknown.text, "who holds a leaked code learns nothing from us")
        leaks = self.env["liquor.code.leak"].search([("batch_id", "=", batch.id)])
        self.assertEqual(
            [(leak.supplier_id, leak.kind, leak.index, leak.source) for leak in leaks],
            [(self.printer, "cap_outer", 400, "page")],
        )
        self.env["liquor.code.leak"]._cron_notice()
        self.env["liquor.code.leak"]._cron_notice()
        self.assertEqual(len(order.activity_ids), 1)
        self.assertEqual(order.leak_count, 1)

    def test_codes_of_a_cancelled_order_name_the_printer(self):
        """Nothing of the order was ever on goods: whoever shows a code of it has it from who printed it."""
        order = self.order(720)
        batch = order.batch_ids
        order.action_cancel()
        unknown = self.url_open("/b/" + "0" * 17)
        looked = f"/b/{batch._code('cap_inner', 400)}"
        for path, data in ((looked, None), (looked, None), (f"/b/{batch._code('cap_inner', 7)}/claim", {"phone": "1"})):
            told = self.url_open(path, data=data, method="POST" if data else "GET")
            self.assertEqual(told.text, unknown.text, "who holds such a code learns nothing from us")
        leaks = self.env["liquor.code.leak"].search([("batch_id", "=", batch.id)], order="id")
        self.assertEqual(
            [(leak.supplier_id, leak.kind, leak.index, leak.source) for leak in leaks],
            [(self.printer, "cap_inner", 400, "page"), (self.printer, "cap_inner", 7, "page")],
        )
        self.assertEqual(order.leak_count, 2)

    def test_a_new_link_revokes_the_old_one(self):
        order = self.order(360)
        old = self.link(order)[0]
        self.link(order)
        self.assertEqual(self.url_open(old).status_code, 404)

    def test_a_link_expires(self):
        order = self.order(360)
        path = self.link(order)[0]
        order.download_ids.sudo().expires_at = "2020-01-01"
        self.assertEqual(self.url_open(path, data={}, method="POST").status_code, 404)

    def test_a_link_opens_no_other_order(self):
        one, two = self.order(360), self.order(360)
        path = self.link(one)[0]
        self.link(two)
        forged = path.replace(f"/{one.id}/", f"/{two.id}/")
        self.assertEqual(self.url_open(forged).status_code, 404)
        # a NUL never reaches a page: ir.http refuses it as a bad request
        self.assertEqual(self.url_open(f"/liquor/print/{one.id}/%00%ff").status_code, 400)

    def test_facts_of_an_issued_order_cannot_be_typed(self):
        order = self.order(360)
        manager = self.user("codes_manager", "group_scan_manager")
        mine = order.with_user(manager)
        for values in ({"state": "handed"}, {"sha256": "x"}, {"quantity": 5}, {"password_salt": "x"}):
            with self.assertRaises(UserError):
                mine.write(values)
        with self.assertRaises(UserError):
            mine.unlink()
        with self.assertRaises(UserError):
            mine.action_issue()
        forged = mine.copy({"state": "handed", "sha256": "x"})
        self.assertEqual((forged.state, forged.sha256), ("draft", False))

    def test_cancelling_voids_every_code(self):
        order = self.order(360)
        order.action_cancel()
        self.assertEqual((order.state, order.batch_ids.state), ("cancelled", "void"))
        with self.assertRaises(UserError):
            self.link(order)

    def test_a_lost_key_file_is_noticed_before_codes_are_made(self):
        self.order(360)
        self.env["liquor.code.key"].search([]).sudo().check_value = "0" * 32
        with self.assertRaisesRegex(UserError, "key file"):
            self.order(360)

    def test_who_may_do_what(self):
        order = self.order(360)
        warehouse = self.user("codes_warehouse", "group_warehouse")
        mine = order.with_user(warehouse)
        self.assertEqual(mine.quantity, 360)
        for call in (mine.action_link, lambda: mine.write({"note": "x"}), mine.copy):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            order.batch_ids.with_user(warehouse).write({"bottles": 1})
        with self.assertRaises(AccessError):
            mine.read(["password_salt"])
        nobody = self.user("codes_nobody")
        for model in ("liquor.print.order", "liquor.code.batch", "liquor.code.range", "liquor.code.key", "liquor.look"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(nobody).search_count([])

    def test_another_company_sees_nothing(self):
        order = self.order(360)
        other = self.env["res.company"].create({"name": "别家"})
        manager = self.user("codes_other", "group_scan_manager")
        manager.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        theirs = self.env(user=manager, context={"allowed_company_ids": other.ids})
        self.assertFalse(theirs["liquor.print.order"].search([("id", "=", order.id)]))
        with self.assertRaises(AccessError):
            order.batch_ids.with_env(theirs).read(["name"])
