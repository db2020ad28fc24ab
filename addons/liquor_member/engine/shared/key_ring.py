"""Key ring and authenticated encryption of private values (security.md 4, design.md 3.12).

A ring is a JSON file outside the database::

    {"current": 2, "index": 1, "keys": {"1": "<base64, 32 bytes>", "2": "…"}}

``current`` encrypts, every key decrypts, ``index`` makes blind indexes (it stays when keys rotate: another
index key would make every stored index worthless). No key is used directly: each purpose gets its own sub-key
by HKDF-SHA256.

The file also is a command: ``python key_ring.py create FILE`` and ``python key_ring.py rotate FILE``.
"""

import base64
import binascii
import hmac
import json
import os
import secrets
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
CIPHER_PURPOSE = "liquor/private value"
INDEX_PURPOSE = "liquor/blind index"


class KeyRingError(Exception):
    """The ring is missing, unreadable, or lacks a key."""


class SecretError(Exception):
    """A stored value cannot be opened: it was changed, moved to another row, or belongs to another ring."""


@lru_cache(maxsize=512)
def derive_key(key: bytes, purpose: str, length: int = KEY_BYTES) -> bytes:
    """Return the sub-key of ``key`` for one purpose (HKDF-SHA256 without salt).

    >>> derive_key(bytes(32), "a") == derive_key(bytes(32), "b")
    False
    >>> len(derive_key(bytes(32), "a", 48))
    48
    """
    return HKDF(hashes.SHA256(), length, salt=None, info=purpose.encode()).derive(key)


@dataclass(frozen=True)
class KeyRing:
    """Master keys by version.

    >>> ring = KeyRing({1: bytes(32)}, current=1, index=1)
    >>> place = ("liquor.member", 7, "phone")
    >>> token = ring.encrypt("13800138000", place)
    >>> token.startswith("1:"), ring.decrypt(token, place)
    (True, '13800138000')
    """

    keys: dict[int, bytes] = field(repr=False)
    current: int
    index: int

    @classmethod
    def generate(cls) -> "KeyRing":
        """Return a ring with one new random key."""
        return cls({1: secrets.token_bytes(KEY_BYTES)}, 1, 1)

    @classmethod
    def from_json(cls, text: str) -> "KeyRing":
        """Read a ring.

        :raises KeyRingError: the text is no ring
        """
        try:
            data = json.loads(text)
            keys = {int(version): base64.b64decode(key, validate=True) for version, key in data["keys"].items()}
            ring = cls(keys, int(data["current"]), int(data["index"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeyRingError("This is no key ring.") from error
        if {ring.current, ring.index} - set(keys) or any(len(key) != KEY_BYTES for key in keys.values()):
            raise KeyRingError("The key ring lacks a key, or a key has not 32 bytes.")
        return ring

    def to_json(self) -> str:
        """Return the text of the file."""
        keys = {str(version): base64.b64encode(key).decode() for version, key in sorted(self.keys.items())}
        return json.dumps({"current": self.current, "index": self.index, "keys": keys}, indent=1)

    def rotated(self) -> "KeyRing":
        """Return the ring with one more key, which encrypts from now on."""
        version = max(self.keys) + 1
        return KeyRing({**self.keys, version: secrets.token_bytes(KEY_BYTES)}, version, self.index)

    def key(self, version: int) -> bytes:
        """Return a master key.

        :raises KeyRingError: the ring has no such version
        """
        try:
            return self.keys[version]
        except KeyError:
            raise KeyRingError(f"The key ring has no key {version}.") from None

    def derive(self, purpose: str, length: int = KEY_BYTES, version: int | None = None) -> bytes:
        """Return a sub-key for another add-on; it stores ``version`` (default: the current one) beside its data."""
        return derive_key(self.key(version or self.current), purpose, length)

    def encrypt(self, value: str, place: tuple) -> str:
        """Return ``"<version>:<base64 of nonce and ciphertext>"``, bound to ``place`` = (model, id, field)."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher(self.current).encrypt(nonce, value.encode(), associated_data(place))
        return f"{self.current}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, token: str, place: tuple) -> str:
        """Return the value that ``encrypt`` sealed for the same place.

        :raises SecretError: the token was changed or moved
        :raises KeyRingError: the ring lacks its key
        """
        version, data = split_token(token)
        try:
            opened = self._cipher(version).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], associated_data(place))
        except InvalidTag:
            raise SecretError("A private value cannot be opened: it was changed or moved.") from None
        return opened.decode()

    def is_outdated(self, token: str) -> bool:
        """Tell whether a token waits to be encrypted again with the current key."""
        return split_token(token)[0] != self.current

    def blind_index(self, value: str, purpose: str) -> str:
        """Return 64 hex digits by which equal values of one purpose are found without being readable.

        >>> ring = KeyRing({1: bytes(32)}, 1, 1)
        >>> ring.blind_index("138", "phone") == ring.blind_index("138", "openid")
        False
        """
        key = derive_key(self.key(self.index), f"{INDEX_PURPOSE}/{purpose}")
        return hmac.new(key, value.encode(), "sha256").hexdigest()

    def _cipher(self, version: int) -> AESGCM:
        return AESGCM(derive_key(self.key(version), CIPHER_PURPOSE))


def associated_data(place: tuple) -> bytes:
    """Return the bytes that bind a ciphertext to its place; no two places give the same.

    >>> associated_data(("m", 1, "f"))
    b'["m", 1, "f"]'
    """
    model, number, name = place
    return json.dumps([str(model), int(number), str(name)]).encode()


def split_token(token: str) -> tuple[int, bytes]:
    """Return key version and data of a token.

    :raises SecretError: it is no token
    """
    version, _separator, text = (token or "").partition(":")
    try:
        data = base64.b64decode(text, validate=True)
        number = int(version)
    except (ValueError, binascii.Error):
        raise SecretError("This is no encrypted value.") from None
    if len(data) <= NONCE_BYTES:
        raise SecretError("This is no encrypted value.")
    return number, data


def create_file(path: Path) -> bool:
    """Write a new ring, readable for its owner only; return whether it was us (a file that is there stays).

    The complete file appears in one step, so that two processes that start together share one ring.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _write_draft(path, KeyRing.generate())
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def read_file(path: Path) -> KeyRing:
    """Read a ring.

    :raises KeyRingError: the file is missing, unreadable or no ring
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise KeyRingError(f"The key file {path} cannot be read: {error.strerror}.") from error
    return KeyRing.from_json(text)


def rotate_file(path: Path) -> KeyRing:
    """Add a key to the file in one step and return the new ring."""
    ring = read_file(path).rotated()
    _write_draft(path, ring).replace(path)
    return ring


def _write_draft(path: Path, ring: KeyRing) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(ring.to_json())
        stream.flush()
        os.fsync(stream.fileno())
    return draft


def main(words: list[str]) -> int:
    """Create or rotate a key file from the command line."""
    if len(words) != 2 or words[0] not in ("create", "rotate"):
        sys.stderr.write("usage: key_ring.py create|rotate FILE\n")
        return 2
    path = Path(words[1])
    if words[0] == "create" and not create_file(path):
        sys.stderr.write(f"{path} is there already.\n")
        return 1
    if words[0] == "rotate":
        rotate_file(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
