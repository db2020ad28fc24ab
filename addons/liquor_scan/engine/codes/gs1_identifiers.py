"""GS1 application identifiers: how long their values are, and which stand in the path of a Digital Link.

Facts of the GS1 General Specifications as the GS1 syntax dictionary states them; `tests/codes/test_engine_gs1_text.py`
compares this table with the dictionary, identifier by identifier.
"""

import re
from functools import cache
from typing import NamedTuple

# components of a value -> identifiers. N digits, X set 82, Y set 39, Z base 64; ..n up to n; c check digit; [] optional
_FORMATS = """
N18c: 00 8017 8018
N14c: 01 02 03
N13c: 410 411 412 413 414 415 416 417
N17c: 402
N13c [X..17]: 253
N13c [N..12]: 255
N1 N13c [X..16]: 8003
N14c N4: 8006 8026
X..2: 7010
X..3: 427 7008
X..4: 7041
X..10: 7009 7255
X..12: 7005
X..20: 10 21 22 243 254 420 710-717 4318 7020-7022 7240 8002 8012
X..25: 7242 8013 8014 8020
X..28: 235
X..30: 90 240 241 250 251 400 401 403 4308 4319 7002 7023 8004
X..34: 8007
X..35: 4300 4301 4310 4311 4320
X..40: 7253 7254 7259
X..50: 8009
X..70: 4302-4306 4312-4316 7257 8110 8112 8200
X..90: 91-99 7256
X2: 4307 4317
X3: 7258
X2 X..28: 7230-7239
Y..30: 8010
Z..90: 8030
N..4: 7004
N..6: 242
N..8: 30 37
N..10: 8019
N..12: 8011
N..15: 3900-3909 3920-3929
N1: 4321-4323 7252
N2: 20 7241
N3: 422 424 426
N4: 3940-3943 8111
N6: 11-13 15-17 4326 7006 8005 3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165 3200-3205
N6: 3210-3215 3220-3225 3230-3235 3240-3245 3250-3255 3260-3265 3270-3275 3280-3285 3290-3295 3300-3305 3310-3315
N6: 3320-3325 3330-3335 3340-3345 3350-3355 3360-3365 3370-3375 3400-3405 3410-3415 3420-3425 3430-3435 3440-3445
N6: 3450-3455 3460-3465 3470-3475 3480-3485 3490-3495 3500-3505 3510-3515 3520-3525 3530-3535 3540-3545 3550-3555
N6: 3560-3565 3570-3575 3600-3605 3610-3615 3620-3625 3630-3635 3640-3645 3650-3655 3660-3665 3670-3675 3680-3685
N6: 3690-3695 3950-3955
N8: 7250
N13: 7001
N15: 8040 8041
N32: 8042
N3 N..15: 3910-3919 3930-3939
N3 X..9: 421
N3 X..27: 7030-7039
N3 [N3] [N3] [N3] [N3]: 423 425
N6 N4: 4324 4325 7003
N6 [N4]: 7011
N6 [N6]: 7007
N6 [X1]: 4330-4333
N6 N2 [N2] [N2]: 8008
N8 N4: 7251
N10 N10: 4309
N18 [N..2]: 8043
N1 X1 X1 X1: 7040
N4 N5 N3 N1 N1: 8001
"""
_CLASSES = {
    "N": "[0-9]",
    "X": r"[!\"%-?A-Z_a-z]",
    "Y": r"[#\-/0-9A-Z]",
    "Z": "[0-9A-Za-z_=-]",
}
_COMPONENT = re.compile(r"(\[?)([NXYZ])(\.\.)?(\d+)(c?)\]?")
# the first two digits say that the value has its fixed length and needs no separator behind it
FIXED = frozenset({"00", "01", "02", "03", "04", *map(str, range(11, 21)), *map(str, range(31, 37)), "41"})
# never behind the question mark of a Digital Link
NO_ATTRIBUTES = frozenset(
    "03 21 22 235 254 7040 7041 8011 8014 8019 8020 8040 8041 8042 8043 8200".split()  # noqa: SIM905
)
# key of a Digital Link -> its qualifiers in the order of the path; one of the lists, each member may be missing
KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "00": ((),),
    "01": (("22", "10", "21"), ("235",)),
    "253": ((),),
    "255": ((),),
    "401": ((),),
    "402": ((),),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "417": (("7040",),),
    "8003": ((),),
    "8004": (("7040",),),
    "8006": (("22", "10", "21"),),
    "8010": (("8011",),),
    "8013": ((),),
    "8017": (("8019",),),
    "8018": (("8019",),),
}


class Identifier(NamedTuple):
    """One application identifier. `checked`: the span of the value that ends in its check digit, or None."""

    ai: str
    pattern: re.Pattern[str]
    longest: int
    checked: tuple[int, int] | None

    @property
    def fixed(self) -> bool:
        """Whether it never needs a separator."""
        return self.ai[:2] in FIXED


@cache
def identifiers() -> dict[str, Identifier]:
    """All application identifiers.

    >>> identifiers()["21"].longest, identifiers()["01"].fixed, identifiers()["21"].fixed
    (20, True, False)
    """
    found = {}
    for line in _FORMATS.strip().splitlines():
        components, numbers = line.split(":")
        shape = _shape(components)
        for word in numbers.split():
            first, _dash, last = word.partition("-")
            for number in range(int(first), int(last or first) + 1):
                ai = str(number).zfill(len(first))
                found[ai] = Identifier(ai, *shape)
    return found


def _shape(components: str) -> tuple[re.Pattern[str], int, tuple[int, int] | None]:
    pattern, place, checked = "", 0, None
    for optional, kind, up_to, length, check in _COMPONENT.findall(components):
        piece = f"{_CLASSES[kind]}{{{'1,' if up_to else ''}{length}}}"
        pattern += f"(?:{piece})?" if optional else piece
        if check:
            checked = place, place + int(length)
        place += int(length)
    return re.compile(pattern, re.ASCII), place, checked
