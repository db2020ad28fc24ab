"""Event hash ids and the check of documents: published examples of the reference implementation and of GS1."""

import copy
import doctest
import json
from datetime import datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine.flow.transitions import TABLE, as_markdown
from ...engine.standards import cbv, epcis_check, event_hash, mapping, openapi
from ...engine.standards.epcis_check import events_of, faults
from ...engine.standards.event_hash import hash_id
from ...engine.standards.mapping import Told
from ..codes.data_folder import existing, read_vectors
from .hash_vectors import CONTEXT, VECTORS

EPC = "https://id.gs1.org/01/09521141012345/21/2017"


@pytest.mark.parametrize("module", [cbv, event_hash, epcis_check, mapping, openapi])
def test_docstrings(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("digest", VECTORS)
def test_published_hash_ids(digest):
    assert hash_id(VECTORS[digest], CONTEXT) == f"ni:///sha-256;{digest}?ver=CBV2.0"


def shuffled(value, chance):
    """The same event with its names and lists in another order."""
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {key: shuffled(one, chance) for key, one in items}
    if isinstance(value, list):
        chance.shuffle(value := list(value))
        return [shuffled(one, chance) for one in value]
    return value


@given(st.sampled_from(sorted(VECTORS)), st.randoms(use_true_random=False))
def test_order_and_what_is_about_the_event_do_not_count(digest, chance):
    event = shuffled(VECTORS[digest], chance)
    event |= {"eventID": "urn:uuid:1", "recordTime": "2030-01-01T00:00:00Z"}
    assert digest in hash_id(event, CONTEXT)


@given(st.sampled_from(sorted(VECTORS)), st.sampled_from(["eventTime", "eventTimeZoneOffset", "bizStep", "readPoint"]))
def test_a_change_changes_the_id(digest, field):
    event = copy.deepcopy(VECTORS[digest])
    event[field] = {"eventTime": "2021-01-01T00:00:00Z", "eventTimeZoneOffset": "+03:00", "bizStep": "loading",
                    "readPoint": {"id": "urn:epc:id:sgln:4012345.00099.0"}}[field]  # fmt: skip
    assert digest not in hash_id(event, CONTEXT)


def test_links_of_any_host_are_one_object():
    """From the published example of rounded times: https://id.gs1.de/414/… counts as https://id.gs1.org/414/…"""
    event = {"type": "ObjectEvent", "eventTime": "2023-02-02T11:04:03.1415Z", "eventTimeZoneOffset": "+01:00",
             "epcList": ["https://id.gs1.de/00/040123451111111110"], "action": "OBSERVE", "bizStep": "shipping",
             "disposition": "in_transit", "readPoint": {"id": "https://id.gs1.de/414/4012345000115"}}  # fmt: skip
    assert event_hash.pre_hash(event) == (
        "eventType=ObjectEventeventTime=2023-02-02T11:04:03.142ZeventTimeZoneOffset=+01:00"
        "epcListepc=https://id.gs1.org/00/040123451111111110action=OBSERVE"
        "bizStep=https://ref.gs1.org/cbv/BizStep-shippingdisposition=https://ref.gs1.org/cbv/Disp-in_transit"
        "readPointid=https://id.gs1.org/414/4012345000115"
    )


def document(*events):
    plain = {
        "type": "ObjectEvent",
        "eventTime": "2026-07-22T06:45:00+02:00",
        "eventTimeZoneOffset": "+02:00",
        "action": "ADD",
        "epcList": [EPC],
    }
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-07-22T10:30:00Z",
        "epcisBody": {"eventList": [{**plain, **event} for event in events]},
    }


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"bizStep": "transforming"}, "bizStep"),
        ({"bizStep": "https://ref.gs1.org/cbv/BizStep-transforming"}, "bizStep"),
        ({"disposition": "in_transport"}, "disposition"),
        ({"ilmd": {"materialType": "cotton"}}, "ilmd"),
        ({"ilmd": {"unknown:materialType": "cotton"}}, "ilmd"),
        ({"myField": 1}, "myField"),
        ({"sourceList": [{"type": "place", "source": "urn:epc:id:sgln:952012.345678.0"}]}, "sourceList"),
        ({"eventTime": "22-07-2026"}, "eventTime"),
        ({"eventTime": None}, "eventTime"),
        ({"eventTimeZoneOffset": "02:00"}, "eventTimeZoneOffset"),
        ({"action": "CREATE"}, "action"),
        ({"epcList": []}, "epcList"),
        ({"epcList": ["2017"]}, "epcList"),
        ({"quantityList": [{"epcClass": EPC, "quantity": "ten"}]}, "quantityList"),
        ({"quantityList": [{"epcClass": EPC, "amount": 3}]}, "quantityList"),
        ({"certificationInfo": 7}, "certificationInfo"),
        ({"errorDeclaration": {"reason": "incorrect_data"}}, "errorDeclaration"),
        ({"type": "SaleEvent"}, "type"),
    ],
)
def test_what_is_wrong_is_named_with_its_event(change, fault):
    assert [(one.event, one.field) for one in faults(document({}, change))] == [(1, fault)]


@pytest.mark.parametrize(
    "change",
    [
        {"bizStep": "https://example.com/bizStep/inspecting"},
        {"bizStep": "cbv:BizStep-shipping", "disposition": "urn:epcglobal:cbv:disp:in_transit"},
        {"ilmd": {"cbvmda:lotNumber": "2603A"}, "example:myField": {"a": 1}},
    ],
)
def test_other_vocabularies_are_theirs_to_define(change):
    assert faults(document(change)) == []


FIELDS = ["type", "epcisBody", "eventList", "@context", "eventTime", "sourceList", "ilmd", "epcList", "x:y"]
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8)


@given(
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
        max_leaves=12,
    )
)
def test_any_json_is_judged(value):
    assert isinstance(faults(value), list)
    assert faults(document(value if isinstance(value, dict) else {"x": value})) is not None


def test_the_page_shows_the_table_of_the_code():
    page = Path(__file__).parents[4] / "docs" / "standards.md"
    assert as_markdown() in page.read_text(encoding="utf-8")


@pytest.mark.external
def test_official_examples():
    """47 of 47 are good (spec/codes.md)."""
    files = sorted(existing("epcis/json-examples").rglob("*.jsonld"))
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    assert len(documents) == 47
    assert [faults(one) for one in documents if faults(one)] == []
    assert all(hash_id(event, one["@context"]) for one in documents for event in events_of(one))


@pytest.mark.external
def test_words_are_those_of_the_published_contexts():
    for name, words in (
        ("bizstep", cbv.BIZ_STEPS),
        ("disposition", cbv.DISPOSITIONS),
        ("biztransaction-type", cbv.BIZ_TRANSACTION_TYPES),
        ("sourcedest-type", cbv.SOURCE_DEST_TYPES),
        ("error-reason", cbv.ERROR_REASONS),
    ):
        context = read_vectors(f"epcis/context/cbv-context-{name}.jsonld")["@context"]
        assert {word for word in context if not word.startswith("@") and word != "cbv"} == words


SENT = [
    Told(
        kind,
        datetime(2026, 11, 21, 12),
        480,
        EPC,
        datetime(2026, 11, 21, 12, 1),
        "urn:x-liquor:place:7",
        *parties,
        children,
        proof="a" * 64,
    )
    for kind in TABLE
    if kind != "void"
    for parties, children in (
        (
            ("https://id.gs1.org/417/4012345000009", "urn:x-liquor:party:8", "urn:x-liquor:document:S0001"),
            (EPC, EPC + "1"),
        ),
        (("", "", ""), ()),
    )
]


@pytest.mark.parametrize("told", SENT)
def test_what_we_tell_is_good_and_hashed(told):
    event = mapping.to_epcis(told)
    assert epcis_check.event_faults(event, mapping.WORDS) == []
    assert event["eventID"] == hash_id(event, mapping.WORDS)
    assert mapping.to_epcis(told._replace(proof="b" * 64))["eventID"] != event["eventID"]
    undone = mapping.to_epcis(told._replace(undone=datetime(2026, 11, 21, 12, 5)))
    assert (undone["eventID"], undone["errorDeclaration"]["reason"]) == (event["eventID"], "did_not_occur")


@pytest.mark.parametrize("told", [told for told in SENT if told.children or told.kind not in ("pack", "transfer")])
def test_what_we_tell_comes_back_as_the_same_movement(told):
    asked = mapping.from_epcis(mapping.to_epcis(told), shop=told.kind == "transfer")
    assert (asked.type, asked.at) == (told.kind, "2026-11-21T12:00:00Z")
    assert asked.to == told.destination


@pytest.mark.external
def test_what_we_tell_is_valid_by_the_schema():
    """The schema of EPCIS 2.0.1; dates and URIs are what `epcis_check` looks at."""
    schema = jsonschema.Draft7Validator(read_vectors("epcis/schema/epcis-json-schema-2.0.1.json"))
    undone = [mapping.to_epcis(told._replace(undone=datetime(2026, 11, 21, 12, 5))) for told in SENT]
    told = mapping.document([*map(mapping.to_epcis, SENT), *undone], datetime(2026, 11, 21, 12))
    assert [error.message for error in schema.iter_errors(told)] == []
