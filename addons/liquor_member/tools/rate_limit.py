"""Limits that hold against parallel requests and survive a rollback (security.md 0.7)."""

from dataclasses import dataclass

from .own_transaction import own_transaction

MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Limit:
    """At most ``count`` hits of ``bucket`` within any ``seconds``.

    ``bucket`` holds no private value: use a blind index.
    """

    bucket: str
    count: int
    seconds: int


@dataclass(frozen=True)
class Refusal:
    """The limit that was reached, and the seconds until it has room again."""

    limit: Limit
    wait: int


def take(env, once_key: str | None, limits: list[Limit]) -> Refusal | None:
    """Count one hit in every bucket, or none where a limit is reached.

    Runs in its own transaction, once per HTTP request and ``once_key``. Windows slide: no limit can be passed
    twice around a full minute.

    :return: None, or the refusal that lasts longest
    """
    return own_transaction(env, once_key, lambda cr: _take(cr, limits))


def _take(cr, limits):
    buckets = sorted({limit.bucket for limit in limits})
    for bucket in buckets:  # always in the same order: no deadlock
        cr.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"liquor.rate/{bucket}"])
    refusals = [refusal for limit in limits if (refusal := _find_refusal(cr, limit))]
    if refusals:
        return max(refusals, key=lambda refusal: refusal.wait)
    cr.execute(
        "INSERT INTO liquor_rate_hit (bucket, hit_at)"
        " SELECT unnest(%s::varchar[]), clock_timestamp() AT TIME ZONE 'UTC'",
        [buckets],
    )
    return None


def _find_refusal(cr, limit):
    """Return a refusal where the hit ``count`` hits ago is still inside the window."""
    cr.execute(
        """
        SELECT ceil(extract(epoch FROM hit_at - (clock_timestamp() AT TIME ZONE 'UTC')) + %(seconds)s)
          FROM liquor_rate_hit
         WHERE bucket = %(bucket)s
           AND hit_at > (clock_timestamp() AT TIME ZONE 'UTC') - make_interval(secs => %(seconds)s)
         ORDER BY hit_at DESC
        OFFSET %(before)s LIMIT 1
        """,
        {"bucket": limit.bucket, "seconds": limit.seconds, "before": limit.count - 1},
    )
    row = cr.fetchone()
    return Refusal(limit, max(1, int(row[0]))) if row else None
