"""Which known shops a new one probably is."""

from math import asin, atan2, cos, degrees, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.liquor_channel.engine.partners.duplicates import (
    EARTH_RADIUS,
    Shop,
    box_around,
    clean_licence,
    find,
    haversine,
)


def test_distance_nanjing_to_shanghai():
    """32.0603 N 118.7969 E to 31.2304 N 121.4737 E: 270 km by any map."""
    assert haversine(32.0603, 118.7969, 31.2304, 121.4737) == pytest.approx(270_000, rel=0.01)


def test_distance_known_exactly():
    """A quarter of the equator, and pole to pole."""
    assert haversine(0, 0, 0, 90) == pytest.approx(EARTH_RADIUS * pi / 2)
    assert haversine(90, 0, -90, 0) == pytest.approx(EARTH_RADIUS * pi)
    assert haversine(12.5, 7, 12.5, 7) == 0


PLACES = st.tuples(st.floats(-80, 80), st.floats(-179, 179))


@given(PLACES, PLACES)
def test_distance_is_symmetric_and_bounded(one, other):
    there, back = haversine(*one, *other), haversine(*other, *one)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= EARTH_RADIUS * pi


@given(PLACES, st.floats(0, 360), st.floats(0.1, 2000))
def test_the_box_holds_every_place_within_the_distance(place, bearing, metres):
    """Walk ``metres`` in any direction (spherical direct problem): the place lies in the box."""
    latitude, angle, turn = radians(place[0]), metres / EARTH_RADIUS, radians(bearing)
    north = asin(sin(latitude) * cos(angle) + cos(latitude) * sin(angle) * cos(turn))
    east = radians(place[1]) + atan2(sin(turn) * sin(angle) * cos(latitude), cos(angle) - sin(latitude) * sin(north))
    low, high, west, end = box_around(*place, metres)
    assert low - 1e-9 <= degrees(north) <= high + 1e-9
    assert west - 1e-9 <= degrees(east) <= end + 1e-9


def test_reasons_and_their_order():
    new = Shop(1, licence="L", phone="P", latitude=32.0, longitude=118.0)
    same = Shop(2, licence="L", phone="P", latitude=32.0, longitude=118.0)
    phone, licence, stranger = Shop(3, phone="P"), Shop(4, licence="L"), Shop(5, licence="X", phone="Y")
    found = find(new, [stranger, phone, licence, same, new])
    assert [(match.key, match.reasons) for match in found] == [
        (4, ("licence",)),
        (2, ("licence", "phone", "place")),
        (3, ("phone",)),
    ]


def test_fifty_metres_on_either_side():
    """0.00045 degrees of latitude are 50.04 m, 0.000449 are 49.93 m."""
    new = Shop(1, latitude=32.0, longitude=118.0)
    assert not find(new, [Shop(2, latitude=32.00045, longitude=118.0)])
    assert find(new, [Shop(2, latitude=32.000449, longitude=118.0)])[0].reasons == ("place",)


def test_nothing_known_is_no_match():
    assert find(Shop(1), [Shop(2), Shop(3, latitude=0.0, longitude=0.0)]) == []
    assert find(Shop(1, latitude=0.0, longitude=0.0), [Shop(3, latitude=0.0, longitude=0.0)]) == []


def test_licences_are_compared_without_spelling():
    assert clean_licence("91320105-ma1w 0l2x9k") == "91320105MA1W0L2X9K"
    assert clean_licence("") == ""
