"""FF1 (NIST SP 800-38G), format-preserving encryption, on AES of `cryptography`.

`FF1` is the general mode for any radix, as the published vectors need it.
`BodyCipher` is the one case the codes use (12 numerals of radix 32, a tweak of
at most 11 bytes): the first block of the CBC-MAC is then a constant, so that a
round costs one AES block, and the modulus is a power of two.

The batched form for print orders lives in `bulk.py`; verification never
imports it.
"""

from collections.abc import Sequence
from itertools import pairwise
from struct import Struct
from threading import Lock

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ROUNDS = 10
MIN_DOMAIN = 1_000_000
MAX_RADIX = 1 << 16
BODY_LENGTH = 12
BODY_BITS = 60
HALF_BITS = 30
HALF_MASK = (1 << HALF_BITS) - 1
MAX_SHORT_TWEAK = 11
# of the pseudo-random number only its low word matters, modulo 2**30
_low_word = Struct(">4xI8x").unpack


class FF1Error(ValueError):
    """Input outside the domain of the cipher."""


def aes_encryptor(key: bytes):
    """ECB encryptor of one key: `.update(blocks)` is the block function."""
    if len(key) not in (16, 24, 32):
        raise FF1Error("key must have 16, 24 or 32 bytes")
    # ECB of single blocks is the primitive FF1 is defined on, not a mode of use
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305


def first_block(radix: int, length: int, tweak_length: int) -> bytes:
    """Block P of the specification (step 5)."""
    return (
        b"\x01\x02\x01"
        + radix.to_bytes(3, "big")
        + bytes([ROUNDS, (length // 2) % 256])
        + length.to_bytes(4, "big")
        + tweak_length.to_bytes(4, "big")
    )


class FF1:
    """FF1 over sequences of numerals.

    :param key: 16, 24 or 32 bytes
    :param radix: 2 to 65,536
    :param minimum: least size of the domain; revision 1 of the standard says
        1,000,000, its first edition 100

    >>> cipher = FF1(bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3C"), 10)
    >>> cipher.encrypt(b"", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    [2, 4, 3, 3, 4, 7, 7, 4, 8, 4]
    >>> cipher.decrypt(b"", [2, 4, 3, 3, 4, 7, 7, 4, 8, 4])
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """

    def __init__(self, key: bytes, radix: int, minimum: int = MIN_DOMAIN):
        if not 2 <= radix <= MAX_RADIX:
            raise FF1Error("radix must be 2 to 65536")
        self.radix = radix
        self.minimum = minimum
        self._block = aes_encryptor(key).update

    def encrypt(self, tweak: bytes, numerals: Sequence[int]) -> list[int]:
        """Numerals of the same length; FF1Error outside the domain."""
        return self._feistel(tweak, numerals, forward=True)

    def decrypt(self, tweak: bytes, numerals: Sequence[int]) -> list[int]:
        """The inverse of `encrypt`."""
        return self._feistel(tweak, numerals, forward=False)

    def _check(self, numerals: Sequence[int]) -> None:
        if len(numerals) < 2 or self.radix ** min(len(numerals), 20) < self.minimum:
            raise FF1Error("the message is too short for this radix")
        if any(not 0 <= numeral < self.radix for numeral in numerals):
            raise FF1Error("a numeral is outside the radix")

    def _feistel(self, tweak, numerals, forward):
        self._check(numerals)
        length = len(numerals)
        left = length // 2
        moduli = (self.radix**left, self.radix ** (length - left))
        width = ((moduli[1] - 1).bit_length() + 7) // 8
        prefix = first_block(self.radix, length, len(tweak)) + tweak
        prefix += bytes(-(len(tweak) + width + 1) % 16)
        one, two = self._number(numerals[:left]), self._number(numerals[left:])
        for turn in range(ROUNDS) if forward else reversed(range(ROUNDS)):
            source = two if forward else one
            value = self._round(prefix, turn, source.to_bytes(width, "big"))
            modulus = moduli[turn % 2]
            if forward:
                one, two = two, (one + value) % modulus
            else:
                one, two = (two - value) % modulus, one
        return self._digits(one, left) + self._digits(two, length - left)

    def _round(self, prefix: bytes, turn: int, number: bytes) -> int:
        """Steps 6.ii to 6.iv: the pseudo-random number of one round."""
        size = 4 * ((len(number) + 3) // 4) + 4
        chain = bytes(16)
        message = prefix + bytes([turn]) + number
        for start, stop in pairwise(range(0, len(message) + 16, 16)):
            chain = self._block(_xor(chain, message[start:stop]))
        stream = chain
        for counter in range(1, (size + 15) // 16):
            stream += self._block(_xor(chain, counter.to_bytes(16, "big")))
        return int.from_bytes(stream[:size], "big")

    def _number(self, numerals: Sequence[int]) -> int:
        number = 0
        for numeral in numerals:
            number = number * self.radix + numeral
        return number

    def _digits(self, number: int, length: int) -> list[int]:
        digits = [0] * length
        for place in range(length - 1, -1, -1):
            number, digits[place] = divmod(number, self.radix)
        return digits


def _xor(one: bytes, two: bytes) -> bytes:
    return (int.from_bytes(one, "big") ^ int.from_bytes(two, "big")).to_bytes(16, "big")


def round_bases(encryptor, tweak: bytes) -> list[int]:
    """For each round the constant part of the second MAC block, as an integer.

    The block of a round is this XOR the 30-bit half in its last four bytes.
    Shared by the plain and the batched form.
    """
    if len(tweak) > MAX_SHORT_TWEAK:
        raise FF1Error("the tweak must have at most 11 bytes")
    start = encryptor.update(first_block(32, BODY_LENGTH, len(tweak)))
    chain = int.from_bytes(start, "big")
    padded = tweak + bytes(MAX_SHORT_TWEAK - len(tweak))
    return [chain ^ int.from_bytes(padded + bytes([turn]) + bytes(4), "big") for turn in range(ROUNDS)]


class BodyCipher:
    """FF1 of radix 32 over 12 numerals, as 60-bit integers, one key and tweak.

    The numerals are the base-32 digits of the number, most significant first. Threads may share one: the block function
    is one object of the library, which refuses a second caller ("Already borrowed"), so they take turns at it.

    >>> cipher = BodyCipher(bytes(range(16)), b"tweak")
    >>> cipher.decrypt(cipher.encrypt(41))
    41
    """

    __slots__ = ("_backward", "_block", "_forward", "_turn")

    def __init__(self, key: bytes, tweak: bytes):
        encryptor = aes_encryptor(key)
        self._block, self._turn = encryptor.update, Lock()
        self._forward = tuple(round_bases(encryptor, tweak))
        self._backward = tuple((self._forward[turn], self._forward[turn - 1]) for turn in range(ROUNDS - 1, 0, -2))

    def encrypt(self, number: int) -> int:
        """:param number: 0 to 2**60 - 1; the same range comes back"""
        block, last = self._block, _low_word
        one, two = number >> HALF_BITS, number & HALF_MASK
        with self._turn:
            for base in self._forward:
                value = last(block((base ^ two).to_bytes(16, "big")))[0]
                one, two = two, (one + value) & HALF_MASK
        return one << HALF_BITS | two

    def decrypt(self, number: int) -> int:
        """The inverse of `encrypt`; two rounds a turn, it is on the scan path."""
        block, last = self._block, _low_word
        one, two = number >> HALF_BITS, number & HALF_MASK
        with self._turn:
            for odd, even in self._backward:
                two = (two - last(block((odd ^ one).to_bytes(16, "big")))[0]) & HALF_MASK
                one = (one - last(block((even ^ two).to_bytes(16, "big")))[0]) & HALF_MASK
        return one << HALF_BITS | two
