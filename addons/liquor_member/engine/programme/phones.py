"""What a member recognises his phone by, from the browser's own description."""

SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
)
PROGRAMS = (("MicroMessenger", "WeChat"), ("AlipayClient", "Alipay"), ("DingTalk", "DingTalk"))


def device_name(agent: str | None) -> str:
    """Return a short name for a browser's user agent.

    >>> device_name("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) MicroMessenger/8.0.42")
    'iPhone · WeChat'
    >>> device_name("Mozilla/5.0 (Linux; Android 14; SM-S9180)")
    'Android'
    >>> device_name(None)
    ''
    """
    text = agent or ""
    system = next((name for mark, name in SYSTEMS if mark in text), "")
    program = next((name for mark, name in PROGRAMS if mark in text), "")
    return " · ".join(part for part in (system, program) if part)
