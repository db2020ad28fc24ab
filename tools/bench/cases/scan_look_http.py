"""The public page of a genuine code, its look counted, against a bare route with one indexed SELECT."""

from .. import database, pages
from ..harness import Line
from ..load import Request
from ._fixtures import active_codes

NAME = "scan.look_http"
# More pages than this a second would run out of codes.
FASTEST = 1_500


def measure() -> list[Line]:
    """GET /b/<code>, each code once."""
    return pages.measure(
        NAME, database.ensure_template(), _prepare, peer_name="bare route, auth='public', one indexed SELECT"
    )


def _prepare(env) -> tuple:
    codes = active_codes(env, pages.prepared(FASTEST), "cap_outer")
    env.cr.execute("INSERT INTO bench_bare_code (batch, code) SELECT 1, unnest(%s)", [codes])
    env.cr.commit()
    return (
        [Request(f"/b/{code}") for code in codes],
        [Request(f"/bench/look/{code}") for code in codes],
        "SELECT count(*) FROM liquor_look",
        None,
    )
