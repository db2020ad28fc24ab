"""What `openapi.json` promises, tried against a running server with generated calls (schemathesis)."""

import json
import os
import re

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

# each side (calls of the described form, calls of any other), for each operation
EXAMPLES = int(os.environ.get("LIQUOR_API_EXAMPLES", "15"))
MANY = 10 * EXAMPLES
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CALLS = [
    ("POST", "/liquor/v1/scans", "scan"),
    ("POST", "/liquor/v1/associations", "associate"),
    ("GET", "/liquor/v1/trace/{code}", "trace"),
    ("POST", "/liquor/v1/epcis/capture", "epcis"),
    ("GET", "/liquor/v1/epcis/capture/{capture}", "epcis"),
    ("GET", "/liquor/v1/epcis/events", "epcis"),
]
PREPARE = """
import json
company = env["res.company"].create({"name": "接口酒业", "country_id": env.ref("base.cn").id})
env.user.company_ids |= company
env = env(context={"allowed_company_ids": company.ids})
product = env["product.product"].create({"name": "接口", "company_id": company.id, "barcode": "6901234567892"})
order = env["liquor.print.order"].create({"company_id": company.id, "product_id": product.id, "quantity": 720,
    "supplier_id": env["res.partner"].create({"name": "Printer"}).id, "over_issue": 0,
    "scheme_id": env.ref("liquor_scan.scheme_cap_case").id})
order.action_issue()
batch = order.batch_ids
env["liquor.code.range"]._book(batch, "active", 0, batch.bottles - 1)
client = env["liquor.api.client"].create({"name": "Contract", "partner_id": company.partner_id.id,
    "company_id": company.id, "rate": 10000000, "right_associate": True, "right_epcis": True, "right_trace": True})
slow = env["liquor.api.client"].create({"name": "Slow", "partner_id": company.partner_id.id,
    "company_id": company.id, "rate": 1, "right_epcis": True, "right_trace": True})
keys = {right: client._issue_key(right) for right in ("scan", "associate", "epcis", "trace")}
keys |= {f"slow_{right}": slow._issue_key(right) for right in ("epcis", "trace")}
env.cr.commit()
print("PREPARED " + json.dumps({"keys": keys, "case": batch._code("case_outer", 3)}))
"""


@pytest.fixture(scope="module")
def world(site):
    """Keys of a machine of the maker, and a code."""
    answer = site.shell(PREPARE)
    found = re.search(r"PREPARED (\{.*\})", answer)
    assert found, answer
    return json.loads(found.group(1))


@pytest.fixture(scope="module")
def described(site):
    return schemathesis.openapi.from_url(f"{site.url}/liquor/v1/openapi.json")


def try_calls(operation, key, mode, count):
    """Send generated calls; hypothesis makes them smaller until the least one that fails is left."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    def one(case):
        case.headers["Authorization"] = f"Bearer {key}"
        response = case.call()
        # a path that no route knows is answered by Odoo's own page
        if not (mode is GenerationMode.NEGATIVE and response.status_code == 404):
            case.validate_response(response, checks=CHECKS)

    one()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path", "right"), CALLS)
def test_every_answer_is_as_described(described, world, method, path, right, mode):
    """No error of ours, a described status, a body of the described shape."""
    try_calls(described[path][method], world["keys"][right], mode, EXAMPLES)


@pytest.mark.load
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path", "right"), CALLS)
def test_many_answers_are_as_described(described, world, method, path, right, mode):
    try_calls(described[path][method], world["keys"][right], mode, MANY)


def test_every_call_is_tried(described):
    found = {(one.ok().method.upper(), one.ok().path) for one in described.get_all_operations()}
    assert found == {(method, path) for method, path, _right in CALLS}


def test_reading_counts_against_the_rate(site, world):
    for right, path in (("epcis", "epcis/events"), ("trace", f"trace/{world['case']}")):
        headers = {"Authorization": f"Bearer {world['keys'][f'slow_{right}']}"}
        answers = [requests.get(f"{site.url}/liquor/v1/{path}", headers=headers, timeout=60) for _ in range(2)]
        assert answers[1].status_code == 429, [answer.status_code for answer in answers]
