"""How GS1 data is written: element strings and Digital Links, both ways.

A text becomes `{application identifier: value}` in the order it was written. Values are not interpreted: a date
stays six digits. What a scanner hands over is read as it comes: with brackets, with the separator FNC1 (character
29), with a symbology identifier before it, or without any of these.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from .gs1 import GS1Error, has_check_digit
from .gs1_identifiers import KEYS, NO_ATTRIBUTES, identifiers

FNC1 = "\x1d"
LONGEST = 2048
_SYMBOLOGY = re.compile(r"\]C1|\]e0|\]d2|\]Q3|\]J1")
_BRACKET = re.compile(r"\((\d{2,4})\)")
# scheme in one case, host and port, path, attributes; what RFC 3986 forbids in a URI is no link
_LINK = re.compile(
    r"(?:https?|HTTPS?)://(?P<host>[0-9A-Za-z.\-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?)"
    r"(?P<path>/[^\s<>{}\\^`\"|?#]*)?(?:\?(?P<query>[^\s<>{}\\^`\"|#]*))?(?:#\S*)?",
    re.ASCII,
)
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%00")
_ALIASES = {"gtin": "01", "sscc": "00", "itip": "8006", "cpv": "22", "lot": "10", "ser": "21", "gln": "414",
            "glnx": "254", "party": "417", "gdti": "253", "gcn": "255", "ginc": "401", "gsin": "402", "grai": "8003",
            "giai": "8004", "cpid": "8010", "cpsn": "8011", "gmn": "8013", "gsrnp": "8017", "gsrn": "8018",
            "srin": "8019", "payto": "415", "refno": "8020"}  # fmt: skip


def read(text: str) -> dict[str, str]:
    """Any form: Digital Link, element string with brackets, with or without FNC1; GS1Error else.

    >>> read("https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=180426")
    {'01': '09520123456788', '10': 'ABC1', '21': '12345', '17': '180426'}
    >>> read("(01)09520123456788(21)12345") == read("010952012345678821" + "12345")
    True
    """
    if not text or len(text) > LONGEST:
        raise GS1Error("no GS1 data")
    if text[:4].lower() == "http":
        return read_link(text)
    return read_brackets(text) if text.startswith("(") else read_elements(text)


def read_brackets(text: str) -> dict[str, str]:
    """Element string as people write it; a bracket of a value is doubled by nobody, so the identifiers decide.

    >>> read_brackets("(01)09520123456788(10)A(1)(21)B")
    {'01': '09520123456788', '10': 'A(1)', '21': 'B'}
    """
    found: list[list[str]] = []
    place = 0
    for match in _BRACKET.finditer(text):
        if match[1] not in identifiers():
            continue
        if found:
            found[-1][1] = text[place : match.start()]
        elif match.start():
            raise GS1Error("text before the first identifier")
        found.append([match[1], ""])
        place = match.end()
    if not found:
        raise GS1Error("no identifier")
    found[-1][1] = text[place:]
    return _checked(found)


def read_elements(text: str) -> dict[str, str]:
    """Element string as a scanner sends it.

    >>> read_elements("]d2010952012345678810ABC" + FNC1 + "2112345")
    {'01': '09520123456788', '10': 'ABC', '21': '12345'}
    """
    text = _SYMBOLOGY.sub("", text, count=1) if text.startswith("]") else text
    text = text.removeprefix(FNC1)
    found = []
    while text:
        ai = next((text[:size] for size in (2, 3, 4) if text[:size] in identifiers()), None)
        if ai is None:
            raise GS1Error("unknown identifier")
        rest = text[len(ai) :]
        known = identifiers()[ai]
        if known.fixed:
            value, text = rest[: known.longest], rest[known.longest :].removeprefix(FNC1)
        else:
            value, _separator, text = rest.partition(FNC1)
        found.append([ai, value])
    return _checked(found)


def write_elements(values: Mapping[str, str], *, brackets: bool = False) -> str:
    """Element string; FNC1 behind each value that may be shorter and is not the last.

    >>> write_elements({"01": "09520123456788", "10": "A", "21": "B"}, brackets=True)
    '(01)09520123456788(10)A(21)B'
    >>> write_elements({"01": "09520123456788", "10": "A", "21": "B"}).split(FNC1)
    ['010952012345678810A', '21B']
    """
    values = _checked([[ai, value] for ai, value in values.items()])
    if brackets:
        return "".join(f"({ai}){value}" for ai, value in values.items())
    parts = [f"{ai}{value}" + ("" if identifiers()[ai].fixed else FNC1) for ai, value in values.items()]
    return "".join(parts).removesuffix(FNC1)


def _checked(pairs: list[list[str]]) -> dict[str, str]:
    """Every value legal and no identifier twice with different values."""
    found: dict[str, str] = {}
    for ai, value in pairs:
        if found.setdefault(ai, value) != value:
            raise GS1Error(f"({ai}) twice")
        check_value(ai, value)
    if not found:
        raise GS1Error("no GS1 data")
    return found


def check_value(ai: str, value: str) -> None:
    """GS1Error unless the value has the form of its identifier.

    >>> check_value("01", "09520123456789")
    Traceback (most recent call last):
    ...
    addons.liquor_scan.engine.codes.gs1.GS1Error: ...
    """
    known = identifiers().get(ai)
    if known is None or not known.pattern.fullmatch(value):
        raise GS1Error(f"({ai}) has not the right form")
    if known.checked and not has_check_digit(value[slice(*known.checked)]):
        raise GS1Error(f"({ai}) has a wrong check digit")


# --- Digital Links --------------------------------------------------------------------------------------------


def read_link(link: str, *, zero_suppressed: bool = False, aliases: bool = False) -> dict[str, str]:
    """Read a Digital Link; GS1Error else. The rightmost key of the path counts, its qualifiers stand in their order.

    :param zero_suppressed: a GTIN may lack its leading zeros
    :param aliases: names such as ``gtin`` and ``ser``, which GS1 withdrew, are read as well

    >>> read_link("HTTPS://Q7.CN/x/01/06291041500213/21/ABC")
    {'01': '06291041500213', '21': 'ABC'}
    """
    match = _LINK.fullmatch(link)
    if not match or len(link) > LONGEST or _ESCAPE.search(link):
        raise GS1Error("not a Digital Link")
    path = _path_pairs((match["path"] or "").split("/")[1:], aliases)
    key, *qualifiers = (ai for ai, _value in path)
    if not any(_follows(qualifiers, order) for order in KEYS[key]):
        raise GS1Error("unknown or misplaced qualifiers")
    pairs = path + _attributes(match["query"] or "", key, qualifiers, aliases)
    if zero_suppressed:
        pairs = [[ai, _padded(value) if ai == "01" else value] for ai, value in pairs]
    if len({ai for ai, _value in pairs}) != len(pairs):
        raise GS1Error("an identifier stands twice")
    return _checked(pairs)


def _path_pairs(parts: list[str], aliases: bool) -> list[list[str]]:
    """Key, qualifiers and their values: the part of the path from the rightmost key on."""
    names = [_ALIASES.get(part, part) if aliases else part for part in parts]
    for start in range(len(parts) - 2, -1, -1):
        if names[start] in KEYS and (len(parts) - start) % 2 == 0:
            return [[names[at], unquote(parts[at + 1])] for at in range(start, len(parts), 2)]
    raise GS1Error("no key in the path")


def _follows(qualifiers: list[str], order: tuple[str, ...]) -> bool:
    places = [order.index(ai) if ai in order else -1 for ai in qualifiers]
    return -1 not in places and places == sorted(set(places))


def _attributes(query: str, key: str, qualifiers: list[str], aliases: bool) -> list[list[str]]:
    """What stands behind the question mark; names that are no numbers are not ours."""
    found = []
    for part in re.split("[&;]", query):
        name, equals, value = part.partition("=")
        name = _ALIASES.get(name, name) if aliases else name
        if not equals or not name.isdigit():
            continue
        if name not in identifiers() or name in NO_ATTRIBUTES or _belongs_into_path(name, key, qualifiers):
            raise GS1Error(f"{name} cannot be an attribute")
        found.append([name, unquote(value.replace("+", " "))])
    return found


def _belongs_into_path(ai: str, key: str, qualifiers: list[str]) -> bool:
    """Whether the identifier could have been a qualifier in this path."""
    return any(ai in order and all(one in order for one in qualifiers) for order in KEYS[key])


def _padded(value: str) -> str:
    return value.zfill(14) if len(value) in (8, 12, 13) else value


def write_link(host: str, values: Mapping[str, str]) -> str:
    """Digital Link: key and qualifiers in the path in the order GS1 prescribes, what else is known as attributes.

    :param host: scheme and host, with or without a path
    :param values: the first key among them is the link's key

    >>> write_link("https://q7.cn", {"01": "06291041500213", "21": "A/B", "10": "2603A", "17": "280101"})
    'https://q7.cn/01/06291041500213/10/2603A/21/A%2FB?17=280101'
    """
    _checked([[ai, value] for ai, value in values.items()])
    key = next((ai for ai in values if ai in KEYS), None)
    if key is None:
        raise GS1Error("no key")
    order = max(KEYS[key], key=lambda own: sum(ai in values for ai in own))
    path = [key, *(ai for ai in order if ai in values)]
    link = host.rstrip("/") + "".join(f"/{ai}/{quote(values[ai], safe='')}" for ai in path)
    rest = "&".join(f"{ai}={quote(value, safe='')}" for ai, value in values.items() if ai not in path)
    return f"{link}?{rest}" if rest else link
