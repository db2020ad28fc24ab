"""The OpenAPI 3.1 document of `/liquor/v1`, made from the types of `api_shapes.py`."""

import types
from collections.abc import Mapping
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from . import api_shapes as shapes

VERSION = "1.0.0"
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


class Operation(NamedTuple):
    """One call. `right`: which key opens it. `parameters`: name -> (type, description) behind the question mark."""

    method: str
    path: str
    right: str
    summary: str
    answer: type
    body: type | None = None
    parameters: Mapping[str, tuple[Any, str]] = {}
    media: str = "application/json"
    takes: tuple[str, ...] = ("application/json",)
    missing: bool = False


_LIST = Annotated[str, shapes.Shape(maxLength=2000)]
OPERATIONS = (
    Operation("post", "/liquor/v1/scans", "scan", "Send scans", shapes.ScanAnswers, shapes.ScanCall),
    Operation(
        "post",
        "/liquor/v1/associations",
        "associate",
        "Send what a line packed",
        shapes.AssociationAnswer,
        shapes.AssociationCall,
    ),
    Operation("get", "/liquor/v1/trace/{code}", "trace", "Read the chain of a unit", shapes.Trace, missing=True),
    Operation(
        "post",
        "/liquor/v1/epcis/capture",
        "epcis",
        "Send an EPCIS document",
        shapes.CaptureAnswer,
        shapes.EpcisDocument,
        takes=("application/json", "application/ld+json"),
    ),
    Operation(
        "get",
        "/liquor/v1/epcis/capture/{capture}",
        "epcis",
        "Read the answer to a document again",
        shapes.CaptureAnswer,
        missing=True,
    ),
    Operation(
        "get",
        "/liquor/v1/epcis/events",
        "epcis",
        "Query EPCIS events",
        shapes.EpcisQueryDocument,
        parameters={
            "eventType": (_LIST, "Types of events, separated by commas"),
            "GE_eventTime": (shapes.Moment, "Happened then or later"),
            "LT_eventTime": (shapes.Moment, "Happened before"),
            "GE_recordTime": (shapes.Moment, "Came to us then or later"),
            "LT_recordTime": (shapes.Moment, "Came to us before"),
            "EQ_action": (_LIST, "ADD, OBSERVE, DELETE, separated by commas"),
            "EQ_bizStep": (_LIST, "Business steps, bare or as URI"),
            "EQ_disposition": (_LIST, "Dispositions, bare or as URI"),
            "EQ_eventID": (_LIST, "Up to 50 event hash ids, separated by commas"),
            "MATCH_epc": (_LIST, "Up to 50 identifiers, separated by commas: events about one of them"),
            "MATCH_parentID": (_LIST, "The same for packages in AggregationEvents"),
            "MATCH_anyEPC": (_LIST, "Either of both"),
            "perPage": (Annotated[int, shapes.Shape(minimum=1, maximum=1000)], "Events a page, 100 by default"),
            "nextPageToken": (Annotated[int, shapes.Shape(minimum=1, maximum=2**53)], "From the Link header"),
        },
        media="application/ld+json",
    ),
)
_PATH = {
    "code": {"type": "string", "pattern": r"^[0-9A-Za-z(\]][!-~]{0,199}$"},
    "capture": {"type": "integer", "minimum": 1, "maximum": 2147483647},
}
_ERRORS = {
    "400": "The body is no JSON, or nested too deeply",
    "401": "No key, a wrong one, or one without the right",
    "413": "The body is larger than 4 MiB",
    "422": "The call as a whole cannot be: too many events, an unknown parameter, a value of the wrong form",
    "429": "The client's events of this minute are used up",
}


def document() -> dict[str, Any]:
    """The document as served.

    >>> found = document()
    >>> found["openapi"], sorted(found["paths"])[0]
    ('3.1.0', '/liquor/v1/associations')
    """
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, schemas)
    _schema(shapes.Problem, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Liquor codes and goods flow",
            "version": VERSION,
            "description": "Each right has a key of its own; every event is answered by itself and only once.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"key": []}],
    }


def _operation(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": f"{operation.method}_{operation.path.removeprefix('/liquor/v1/').translate(_NAME)}",
        "summary": operation.summary,
        "description": f"Needs a key with the right “{operation.right}”.",
        "responses": {
            "200": {
                "description": "Done",
                "content": {operation.media: {"schema": _schema(operation.answer, schemas)}},
            },
            **{status: _problem(text) for status, text in _ERRORS.items()},
        },
    }
    if operation.missing:
        found["responses"]["404"] = _problem("Nothing of the caller's: what never was and what is another's look alike")
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in _PATH.items()
        if f"{{{name}}}" in operation.path
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "description": text, "schema": _schema(kind, schemas)}
        for name, (kind, text) in operation.parameters.items()
    ]
    if parameters:
        found["parameters"] = parameters
    if operation.body:
        content = {media: {"schema": _schema(operation.body, schemas)} for media in operation.takes}
        found["requestBody"] = {"required": True, "content": content}
    return found


_NAME = str.maketrans({"/": "_", "{": "", "}": ""})


def _problem(text: str) -> dict[str, Any]:
    return {
        "description": text,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _schema(kind: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """JSON Schema of a type; TypedDicts become components.

    >>> _schema(Annotated[list[str], shapes.Shape(minItems=1)], {})
    {'type': 'array', 'items': {'type': 'string'}, 'minItems': 1}
    >>> _schema(str | None, {})
    {'type': ['string', 'null']}
    """
    origin, members = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _schema(members[0], schemas) | dict(members[1])
    if origin is NotRequired:
        return _schema(members[0], schemas)
    if origin is Literal:
        return {"type": "string", "enum": list(members)}
    if origin is list:
        return {"type": "array", "items": _schema(members[0], schemas)}
    if origin in (Union, types.UnionType):
        found = [_schema(one, schemas) for one in members]
        if all(one.keys() == {"type"} for one in found):
            return {"type": [one["type"] for one in found]}
        return {"anyOf": found}
    if is_typeddict(kind):
        return _component(kind, schemas)
    return {"type": _PLAIN[kind]} if kind in _PLAIN else {"type": "object"}


def _component(kind: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in schemas:
        schemas[name] = {}
        hints = get_type_hints(kind, vars(shapes), include_extras=True)
        schemas[name] = {
            "type": "object",
            "description": " ".join((kind.__doc__ or "").split()),
            "required": sorted(kind.__required_keys__),
            "properties": {field: _schema(hint, schemas) for field, hint in hints.items()},
        }
    return {"$ref": f"#/components/schemas/{name}"}
