"""FF1 against the published vectors and against libffx, which nobody here wrote."""

import doctest
import sys
from concurrent.futures import ThreadPoolExecutor

import ffx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ...engine.codes import bulk, ff1
from ...engine.codes.ff1 import FF1, BodyCipher, FF1Error
from .data_folder import read_vectors

NIST_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE32 = "0123456789abcdefghijklmnopqrstuv"
KEYS = st.sampled_from([16, 24, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size))
TWEAKS = st.binary(max_size=11)


def numerals(text, alphabet=NIST_ALPHABET):
    return [alphabet.index(letter) for letter in text]


def test_docstrings():
    assert doctest.testmod(ff1).failed == 0


@pytest.mark.external
def test_nist_samples():
    vectors = read_vectors("ff1/nist_ff1_samples.json")["vectors"]
    assert len(vectors) == 9
    for vector in vectors:
        cipher = FF1(bytes.fromhex(vector["key"]), vector["radix"])
        tweak = bytes.fromhex(vector["tweak"])
        plain, secret = numerals(vector["plaintext"]), numerals(vector["ciphertext"])
        assert cipher.encrypt(tweak, plain) == secret
        assert cipher.decrypt(tweak, secret) == plain


@pytest.mark.external
def test_every_wycheproof_vector():
    data = read_vectors("ff1/wycheproof_aes_ff1_base32_test.json")
    counts = {"valid": 0, "invalid": 0}
    for group in data["testGroups"]:
        for vector in group["tests"]:
            counts[vector["result"]] += 1
            check_wycheproof(group["alphabet"], vector)
    assert counts == {"valid": 2461, "invalid": 407}


def check_wycheproof(alphabet, vector):
    def cipher():
        # the vectors follow the first edition: a domain of 100 is enough
        return FF1(bytes.fromhex(vector["key"]), 32, minimum=100)

    tweak = bytes.fromhex(vector["tweak"])
    if vector["result"] == "valid":
        plain, secret = numerals(vector["msg"], alphabet), numerals(vector["ct"], alphabet)
        assert cipher().encrypt(tweak, plain) == secret, vector["tcId"]
        assert cipher().decrypt(tweak, secret) == plain, vector["tcId"]
        return
    # a letter outside the alphabet has no numeral: it stands as one beyond the radix
    plain = [alphabet.find(letter) % 33 for letter in vector["msg"]]
    with pytest.raises(FF1Error):
        cipher().encrypt(tweak, plain)


@given(KEYS, TWEAKS, st.lists(st.integers(0, 31), min_size=4, max_size=24))
def test_equals_libffx(key, tweak, plain):
    ours = FF1(key, 32)
    secret = ours.encrypt(tweak, plain)
    text = "".join(BASE32[numeral] for numeral in plain)
    assert "".join(BASE32[numeral] for numeral in secret) == ffx.FF1(key, radix=32).encrypt(text, tweak=tweak)
    assert ours.decrypt(tweak, secret) == plain


@given(KEYS, TWEAKS, st.integers(0, 2**60 - 1))
def test_the_body_is_the_general_mode(key, tweak, number):
    digits = [number >> shift & 31 for shift in range(55, -1, -5)]
    secret = FF1(key, 32).encrypt(tweak, digits)
    expected = sum(digit << 5 * (11 - place) for place, digit in enumerate(secret))
    cipher = BodyCipher(key, tweak)
    assert cipher.encrypt(number) == expected
    assert cipher.decrypt(expected) == number


@settings(max_examples=30)
@given(KEYS, TWEAKS, st.integers(0, 2**20 - 300), st.integers(1, 300))
def test_the_batched_form_is_the_plain_one(key, tweak, start, count):
    one, two = bulk.halves(key, tweak, start, start + count)
    numbers = one.astype(np.uint64) << np.uint64(30) | two.astype(np.uint64)
    cipher = BodyCipher(key, tweak)
    assert numbers.tolist() == [cipher.encrypt(start + place) for place in range(count)]


@pytest.mark.parametrize(
    ("radix", "key", "plain"),
    [
        (1, bytes(16), [0] * 30),
        (65537, bytes(16), [0] * 30),
        (32, bytes(15), [0] * 12),
        (32, bytes(16), [0] * 3),  # 32**3 = 32,768 < 1,000,000
        (32, bytes(16), [0] * 11 + [32]),
        (32, bytes(16), [0] * 11 + [-1]),
    ],
)
def test_outside_the_domain(radix, key, plain):
    with pytest.raises(FF1Error):
        FF1(key, radix).encrypt(b"", plain)


def test_a_long_tweak_is_refused_by_the_short_form():
    with pytest.raises(FF1Error):
        BodyCipher(bytes(16), bytes(12))


def test_threads_share_a_cipher():
    """A server with threads scans many codes of one batch at once; the library's block function takes one caller."""
    cipher = ff1.BodyCipher(bytes(range(32)), b"threads")

    def count_wrong(start):
        return sum(cipher.decrypt(cipher.encrypt(number)) != number for number in range(start, start + 500))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            wrong = pool.map(count_wrong, range(0, 4000, 500))
            assert sum(wrong) == 0
    finally:
        sys.setswitchinterval(interval)
