"""Text of outgoing messages and how recipients are shown."""

from string import Template

HIDDEN = "••••••"


def render(body: str, values: dict[str, str], hidden: tuple[str, ...] = ()) -> str:
    """Return ``body`` with ``$name`` replaced; names in ``hidden`` show as dots, unknown ones stay.

    >>> render("Your code is $code.", {"code": "123456"})
    'Your code is 123456.'
    >>> render("Your code is $code.", {"code": "123456"}, ("code",))
    'Your code is ••••••.'
    >>> render("$club: $points points", {"club": "梦想荟", "points": 5})
    '梦想荟: 5 points'
    """
    shown = {name: HIDDEN if name in hidden else str(value) for name, value in values.items()}
    return Template(body).safe_substitute(shown)


def mask_recipient(recipient: str) -> str:
    """Return what staff may see of a phone number, an e-mail address or an open id.

    >>> mask_recipient("+8613800138000")
    '138****8000'
    >>> mask_recipient("wang@example.com")
    'w***@example.com'
    >>> mask_recipient("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")
    'oUp****eS6o'
    >>> mask_recipient("12345")
    '****'
    """
    name, separator, domain = recipient.partition("@")
    if separator:
        return f"{name[:1]}***@{domain}"
    text = recipient.removeprefix("+86")
    return f"{text[:3]}****{text[-4:]}" if len(text) > 8 else "****"


def retry_delay(attempts: int) -> int | None:
    """Return the minutes until the next try after ``attempts`` failed ones, or None to give up.

    >>> [retry_delay(count) for count in range(1, 6)]
    [1, 5, 15, 60, None]
    """
    delays = (1, 5, 15, 60)
    return delays[attempts - 1] if attempts <= len(delays) else None
