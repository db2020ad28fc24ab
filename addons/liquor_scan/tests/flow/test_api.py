import json
from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import errors

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import FlowCase


class ApiCase(FlowCase, HttpCase):
    """A WMS of the distributor and a line of the maker, each with its keys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls.policy()
        cls.wms = cls.client_of(cls.distributor, right_trace=True)
        cls.line = cls.client_of(cls.company.partner_id, right_trace=True, right_associate=True)
        cls.till = cls.client_of(cls.shop)
        cls.keys = {
            "wms": cls.wms._issue_key("scan"),
            "wms_trace": cls.wms._issue_key("trace"),
            "line": cls.line._issue_key("scan"),
            "line_trace": cls.line._issue_key("trace"),
            "line_associate": cls.line._issue_key("associate"),
            "till": cls.till._issue_key("scan"),
        }

    @classmethod
    def client_of(cls, partner, **values):
        return cls.env["liquor.api.client"].create({
            "name": partner.name,
            "partner_id": partner.id,
            "company_id": cls.company.id,
            **values,
        })

    def call(self, key, path, body=None, raw=None, **headers):
        data = raw if raw is not None else (None if body is None else json.dumps(body))
        if key:
            headers["Authorization"] = f"Bearer {self.keys.get(key, key)}"
        if data is not None:
            headers.setdefault("Content-Type", "application/json")
        return self.url_open(f"/liquor/v1/{path}", data=data, headers=headers)

    def scans(self, key, *events):
        response = self.call(key, "scans", {"events": list(events)})
        self.assertEqual(response.status_code, 200, response.text[:500])
        return response.json()["events"]


@tagged("post_install", "-at_install")
class TestScansApi(ApiCase):
    def test_maker_ships_shop_receives(self):
        answer = self.scans("line", self.event("ship", self.pallet(), to="D001"))[0]
        self.assertEqual((answer["status"], answer["repeated"]), ("accepted", False))
        [answer] = self.scans("till", self.event("receive", self.case()))
        self.assertEqual(answer["status"], "accepted", answer)
        self.assertEqual(answer["rewards"][0]["amount"], "15.00")
        self.assertEqual(set(answer), {"id", "status", "repeated", "reason", "message", "rewards"})

    def test_lost_answer_is_asked_again(self):
        self.scans("line", self.event("ship", self.pallet(), to="D001"))
        event = self.event("receive", self.case())
        first, again = self.scans("till", event), self.scans("till", event)
        self.assertEqual(again, [{**first[0], "repeated": True}])

    def test_a_client_is_its_party_and_nothing_else(self):
        self.scans("line", self.event("ship", self.pallet(), to="D002"))
        # goods of the rival: neither ours to ship nor to receive, whatever the body claims
        forged = {"party_id": self.rival.id, "company_id": 1, "user_id": 1, "amount": 999, "status": "accepted"}
        [out] = self.scans("wms", self.event("ship", self.case(), to="T001", **forged))
        self.assertEqual((out["status"], out["reason"]), ("rejected", "not_yours"))
        [held] = self.scans("till", self.event("receive", self.case(), **forged))
        self.assertEqual((held["status"], held["reason"], held["rewards"]), ("held", "other_distributor", []))

    def test_only_named_types(self):
        self.till.event_types = "receive, return"
        [answer] = self.scans("till", self.event("unpack", self.case()))
        self.assertEqual(answer["reason"], "not_allowed")
        with self.assertRaises(ValidationError):
            self.till.event_types = "receive, fly"

    def test_another_company_s_codes_are_unknown(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["liquor.api.client"].create({
            "name": "Other line",
            "partner_id": other.partner_id.id,
            "company_id": other.id,
        })
        self.keys["foreign"] = foreign._issue_key("scan")
        [answer] = self.scans("foreign", self.event("ship", self.case(), to="D001"))
        self.assertEqual(answer["reason"], "unknown_code")


@tagged("post_install", "-at_install")
class TestKeys(ApiCase):
    def test_who_may_not_enter(self):
        events = {"events": [self.event("count", self.case())]}
        for key in (None, "", "x", "0" * 40, "wms_trace", "line_associate"):
            with self.subTest(key=key):
                self.assertEqual(self.call(key, "scans", events).status_code, 401)
        self.assertEqual(self.call("wms", "associations", {"upload": "1", "links": []}).status_code, 401)
        self.assertEqual(self.call("wms", f"trace/{self.case()}").status_code, 401)

    def test_a_session_is_no_key(self):
        self.authenticate("flow_warehouse", "flow_warehouse")
        self.assertEqual(self.call(None, "scans", {"events": [self.event("count", "A")]}).status_code, 401)

    def test_a_key_opens_nothing_else(self):
        response = self.url_open(
            "/json/2/res.partner/search_read",
            data="{}",
            headers={"Authorization": f"Bearer {self.keys['line']}", "Content-Type": "application/json"},
        )
        self.assertEqual(response.status_code, 401)

    def test_expired_archived_and_revoked(self):
        events = {"events": [self.event("count", self.case())]}
        self.assertEqual(self.call("till", "scans", events).status_code, 200)
        self.till.active = False
        self.assertEqual(self.call("till", "scans", events).status_code, 401)
        self.wms.action_revoke_keys()
        self.assertEqual(self.call("wms", "scans", events).status_code, 401)
        self.line.with_context(tracking_disable=True)._issue_key("scan")
        self.assertEqual(self.call("line", "scans", events).status_code, 401, "the former key of a right ends")

    def test_date_of_expiry(self):
        client = self.client_of(self.second_shop)
        self.keys["second"] = client._issue_key("scan")
        self.env.cr.execute(
            "UPDATE liquor_api_client SET date_expiry = %s WHERE id = %s",
            [fields.Date.today() - timedelta(days=1), client.id],
        )
        client.invalidate_recordset()
        self.assertEqual(self.call("second", "scans", {"events": []}).status_code, 401)

    def test_the_last_day_is_the_companys(self):
        """Valid until the 22nd: at 23:59 in Shanghai still, a minute later no more (15:59 and 16:00 in UTC)."""
        self.till.date_expiry = "2026-11-22"
        for moment, kept in (("2026-11-22 15:59:59", True), ("2026-11-22 16:00:00", False)):
            with freeze_time(moment):
                self.assertEqual(bool(self.till._of_key(self.till.user_id.id, "scan")), kept)

    def test_a_right_that_was_not_given(self):
        with self.assertRaises(UserError):
            self.till._issue_key("trace")
        with self.assertRaises(UserError):
            self.till._issue_key("everything")

    def test_the_rate(self):
        self.till.rate = 3
        events = [self.event("count", self.case()) for _ in range(3)]
        self.assertEqual(self.call("till", "scans", {"events": events}).status_code, 200)
        refused = self.call("till", "scans", {"events": [self.event("count", self.case())]})
        self.assertEqual((refused.status_code, refused.headers.get("Retry-After")), (429, "60"))
        usage = self.env["liquor.api.usage"].search([("client_id", "=", self.till.id)])
        # outside of tests the refused call is counted too: its counter commits by itself
        self.assertEqual((sum(usage.mapped("calls")), sum(usage.mapped("events"))), (1, 3))

    def test_who_may_issue(self):
        manager = self.user("flow_manager", "group_scan_manager")
        action = self.env["liquor.api.key.wizard"].with_user(manager).create({"client_id": self.till.id})
        shown = action.action_make_key()
        self.keys["new"] = shown["context"]["default_key"]
        self.assertEqual(self.call("new", "scans", {"events": [self.event("count", self.case())]}).status_code, 200)
        with self.assertRaises(AccessError):
            self.env["liquor.api.key.wizard"].with_user(self.warehouse).create({"client_id": self.till.id})
        with self.assertRaises(AccessError):
            self.till.with_user(self.warehouse).action_revoke_keys()

    def test_only_the_makers_lines_say_what_lies_in_a_package(self):
        with self.assertRaises(ValidationError):
            self.till.right_associate = True
        # a right that an earlier release gave to somebody else opens nothing
        self.env.cr.execute("UPDATE liquor_api_client SET partner_id = %s WHERE id = %s", [self.shop.id, self.line.id])
        self.line.invalidate_recordset()
        self.assertFalse(self.line._of_key(self.line.user_id.id, "associate"))

    def test_only_parties_of_the_company(self):
        with self.assertRaises(ValidationError):
            self.client_of(self.env["res.partner"].create({"name": "Stranger"}))


@tagged("post_install", "-at_install")
class TestBodies(ApiCase):
    def test_odd_bodies_are_the_sender_s_fault(self):
        for raw in (
            "", "null", "7", "[]", "{}", '{"events": 7}', '{"events": []}', '{"events": {}}', "{", '{"events": [',
            '{"events": "x"}', "[" * 100000, '{"events":' + "[" * 50000 + "]" * 50000 + "}",
            '{"a":' * 5000 + "1" + "}" * 5000,
            '{"events": [' + "1" * 5000 + "]}",
        ):  # fmt: skip
            with self.subTest(raw=raw[:30]):
                response = self.call("till", "scans", raw=raw or " ")
                self.assertIn(response.status_code, (400, 413, 422), response.text[:200])
        self.assertIn(
            self.call("till", "scans", raw="events=1", **{"Content-Type": "text/plain"}).status_code, (400, 415)
        )

    def test_too_large(self):
        raw = json.dumps({"events": [self.event("count", "A", reference="x" * (4 * 1024 * 1024))]})
        self.assertEqual(self.call("till", "scans", raw=raw).status_code, 413)

    def test_too_many(self):
        body = {"events": [{"id": str(number)} for number in range(5001)]}
        self.assertEqual(self.call("till", "scans", body).status_code, 422)

    def test_odd_values_inside(self):
        odd = [
            {"id": "\ud800", "type": "receive"},
            {"id": "n-1", "type": "receive", "code": "\u0000", "at": "2026-11-21T12:00:00Z"},
            {"id": "n-2", "type": "receive", "code": "A" * 300, "at": "2026-11-21T12:00:00Z"},
            {"id": "n-3", "type": "receive", "code": self.case(), "at": "2026-11-21T12:00:00Z", "to": 2**40},
            {
                "id": "n-4",
                "type": "receive",
                "code": self.case(),
                "at": "2026-11-21T12:00:00Z",
                "to": "'; DROP TABLE x",
            },
            {"id": "n-5", "type": "check", "codes": [[self.case()]], "at": "2026-11-21T12:00:00Z"},
            {"id": "n-6", "type": "receive", "code": self.case(), "at": "9999-12-31T23:59:59-14:00"},
        ]
        reasons = [answer["reason"] for answer in self.scans("till", *odd)]
        self.assertEqual(
            reasons, ["bad_id", "bad_code", "bad_code", "bad_to", "unknown_receiver", "bad_code", "bad_time"]
        )
        event = {**self.event("count", self.case()), "lat": float("nan"), "lon": float("inf")}
        nan = self.call("till", "scans", raw=json.dumps({"events": [event]}))
        self.assertEqual(nan.status_code, 200, nan.text[:300])


@tagged("post_install", "-at_install")
class TestTraceApi(ApiCase):
    def setUp(self):
        super().setUp()
        self.scans("line", self.event("ship", self.pallet(), to="D001"))
        self.scans("till", self.event("receive", self.case()))

    def test_the_maker_sees_all(self):
        response = self.call("line_trace", f"trace/{self.cap()}")
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        self.assertEqual(
            [(hop["holder_kind"], hop["missing"], (hop["holder"] or {}).get("ref")) for hop in answer["chain"]],
            [("maker", True, ""), ("distributor", False, "D001"), ("terminal", False, "T001")],
        )
        self.assertEqual(answer["unit"]["lot"], "2603A")
        self.assertEqual([hop["bottles"] for hop in answer["packing"]], [6, 360])

    def test_a_party_sees_what_concerns_it(self):
        answer = self.call("wms_trace", f"trace/{self.case()}").json()
        self.assertEqual([(hop["holder"] or {}).get("ref") for hop in answer["chain"]], [None, "D001", "T001"])

    def test_other_goods_and_wrong_codes_look_alike(self):
        self.scans("line", self.event("ship", self.pallet(1), to="D002"))
        foreign = self.call("wms_trace", f"trace/{self.pallet(1)}")
        wrong = self.call("wms_trace", "trace/40001ABCDEFGHJKMN")
        self.assertEqual((foreign.status_code, wrong.status_code), (404, 404))
        self.assertEqual(foreign.json()["message"], wrong.json()["message"])


@tagged("post_install", "-at_install")
class TestAssociations(ApiCase):
    def upload(self, number="U1", **changes):
        body = {"upload": number, "line": "L1", "at": "2026-11-21T10:00:00Z", "links": [self.carton()], **changes}
        return self.call("line_associate", "associations", body)

    def test_odd_words_are_no_errors_of_ours(self):
        odd = (
            {"line": {"a": 1}}, {"line": "a\x00b"}, {"line": "x" * 9999},
            {"at": "0001-01-01T00:00:00+14:00"}, {"at": []},
            {"links": [{**self.carton(), "method": []}]}, {"links": [{**self.carton(), "method": "x" * 9999}]},
            {"links": [{**self.carton(), "children": [None, {}, 7, "\ud800"]}]}, {"context": {"lang": 7}},
        )  # fmt: skip
        for number, changes in enumerate(odd):
            with self.subTest(changes=changes):
                self.assertEqual(self.upload(f"odd{number}", **changes).status_code, 200)

    def carton(self, case=0, caps=None, batch=None):
        batch = batch or self.other_codes
        return {
            "parent": batch._code("case_outer", case),
            "children": [self.cap(number) for number in (caps or range(6))],
        }

    def setUp(self):
        super().setUp()
        self.other_codes = self.batch(60)

    def test_once(self):
        first = self.upload().json()
        self.assertEqual((first["status"], first["accepted"], first["repeated"]), ("accepted", 6, False))
        again = self.upload().json()
        self.assertEqual((again["accepted"], again["repeated"]), (6, True))
        self.assertEqual(self.env["liquor.code.link"].search_count([("upload", "=", "U1")]), 6)
        self.assertEqual(self.upload(line="L2").json()["reason"], "id_reused")

    def test_what_is_wrong_is_refused_carton_by_carton(self):
        good = self.carton(0)
        answer = self.upload(
            links=[
                good,
                self.carton(1, range(5, 11)),
                self.carton(2, range(12, 17)),
                {"parent": "X", "children": [self.cap(30)]},
                {"parent": self.case(5), "children": [self.case(6)]},
            ]
        ).json()
        self.assertEqual((answer["status"], answer["accepted"]), ("partly", 6))
        self.assertEqual(
            [row["reason"] for row in answer["refused"]],
            ["already_packed", "wrong_count", "unknown_code", "wrong_package"],
        )

    def test_a_link_outranks_arithmetic(self):
        self.upload()
        self.scans("line", self.event("ship", self.other_codes._code("case_outer", 0), to="D001", minutes=30))
        self.assertEqual(self.holder(self.cap(0)), self.distributor)
        self.scans("line", self.event("ship", self.case(0), to="D002", minutes=31))
        self.assertEqual(self.holder(self.cap(0)), self.distributor, "it no longer lies in its printed case")
        self.assertEqual(self.holder(self.cap(6)), self.env["res.partner"])

    def test_unpacking_ends_the_link(self):
        self.upload()
        package = self.other_codes._code("case_outer", 0)
        self.scans("line", self.event("ship", package, to="D001", minutes=30))
        self.scans("till", self.event("receive", package, minutes=31), self.event("unpack", package, minutes=32))
        links = self.env["liquor.code.link"].search([("upload", "=", "U1")])
        self.assertTrue(all(links.mapped("unpacked_at")))
        self.assertEqual(self.holder(self.cap(0)), self.shop)

    def test_bodies(self):
        for changes in (
            {"upload": None},
            {"upload": "x" * 58},
            {"links": []},
            {"links": [1]},
            {"links": [{"parent": 1}]},
        ):
            with self.subTest(changes=str(changes)[:40]):
                self.assertEqual(self.upload(**changes).status_code, 422)


MODELS = (
    "liquor.scan.event",
    "liquor.scan.request",
    "liquor.custody",
    "liquor.code.link",
    "liquor.api.client",
    "liquor.api.usage",
    "liquor.unit.card",
    "liquor.api.key.wizard",
)


@tagged("post_install", "-at_install")
class TestWithoutRights(FlowCase):
    def test_portal_and_employees_see_nothing(self):
        employee = new_test_user(self.env, "flow_employee", groups="base.group_user", company_id=self.company.id,
                                 company_ids=[(6, 0, self.company.ids)])  # fmt: skip
        self.ship(self.case())
        for user in (employee, self.shop_user, self.distributor_user):
            for model in MODELS:
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_nobody_changes_proof(self):
        self.ship(self.case())
        event = self.env["liquor.scan.event"].search([], limit=1)
        manager = self.user("flow_boss", "group_scan_manager")
        for user in (manager, self.env.ref("base.user_root")):
            with self.assertRaises(UserError):  # an AccessError is one
                event.with_user(user).write({"kind": "check"})
            with self.assertRaises(UserError):
                event.with_user(user).unlink()
        with self.assertRaises(errors.RestrictViolation), mute_logger("odoo.sql_db"):
            self.env.cr.execute("UPDATE liquor_scan_event SET kind = 'check' WHERE id = %s", [event.id])

    def test_other_companies_see_nothing(self):
        self.ship(self.case())
        other = self.env["res.company"].create({"name": "Other"})
        clerk = new_test_user(self.env, "flow_other", groups="liquor_scan.group_scan_manager", company_id=other.id,
                              company_ids=[(6, 0, other.ids)])  # fmt: skip
        for model in ("liquor.scan.event", "liquor.scan.request", "liquor.custody"):
            self.assertFalse(
                self
                .env[model]
                .with_user(clerk)
                .with_context(allowed_company_ids=other.ids)
                .search([("company_id", "=", self.company.id)])
            )
        self.assertAnswer(self.one(clerk, "ship", self.case(1), to="D001"), "rejected", "unknown_code")
