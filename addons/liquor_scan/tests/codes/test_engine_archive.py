"""The printer's file, opened by an AES ZIP reader written here from the format's description."""

import hashlib
import hmac
import io
import shutil
import subprocess
import zipfile

import numpy as np
import pytest

from ...engine.codes import archive
from ...engine.codes.archive import Entry, archive_size, salt_of, stream
from ...engine.codes.ff1 import aes_encryptor

PASSWORD = "K7Q2-9MXP"


def entry(name, content, pieces=7):
    size = -(-len(content) // pieces) or 1
    parts = [content[start : start + size] for start in range(0, len(content), size)]
    return Entry(name, len(content), salt_of(b"secret", name, str(len(content))), lambda: parts)


def read_entry(data, name, password):
    """Content of an AE-2 entry; ValueError on a wrong password or seal."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        info = package.getinfo(name)
    start = info.header_offset + 30 + len(name.encode()) + len(archive.EXTRA)
    raw = data[start : start + info.compress_size]
    keys = hashlib.pbkdf2_hmac("sha1", password.encode(), raw[:16], 1000, 66)
    if keys[64:] != raw[16:18]:
        raise ValueError("wrong password")
    sealed = raw[18:-10]
    if hmac.new(keys[32:64], sealed, hashlib.sha1).digest()[:10] != raw[-10:]:
        raise ValueError("wrong seal")
    block = aes_encryptor(keys[:32]).update
    stream_ = b"".join(block((n + 1).to_bytes(16, "little")) for n in range(-(-len(sealed) // 16)))
    return bytes(a ^ b for a, b in zip(sealed, stream_, strict=False))


ENTRIES = [entry("one.txt", b"ABCDEFGH" * 1001), entry("two.txt", b"x" * 33, 33), entry("none.txt", b"")]


def test_every_entry_opens_with_the_password():
    data = b"".join(stream(ENTRIES, PASSWORD))
    assert len(data) == archive_size(ENTRIES)
    for item in ENTRIES:
        assert read_entry(data, item.name, PASSWORD) == b"".join(item.pieces())


def test_a_wrong_password_and_a_changed_byte_are_seen():
    data = bytearray(b"".join(stream(ENTRIES, PASSWORD)))
    with pytest.raises(ValueError, match="password"):
        read_entry(bytes(data), "one.txt", "other")
    data[200] ^= 1
    with pytest.raises(ValueError, match="seal"):
        read_entry(bytes(data), "one.txt", PASSWORD)


def test_the_file_is_reproducible_and_salts_differ():
    assert b"".join(stream(ENTRIES, PASSWORD)) == b"".join(stream(ENTRIES, PASSWORD))
    assert len({item.salt for item in ENTRIES}) == 3


def test_numpy_pieces_equal_bytes():
    content = bytes(range(256)) * 9
    array = Entry("a", len(content), bytes(16), lambda: [np.frombuffer(content, dtype=np.uint8)])
    plain = Entry("a", len(content), bytes(16), lambda: [content])
    assert b"".join(stream([array], "p")) == b"".join(stream([plain], "p"))


def test_a_wrong_size_is_refused():
    wrong = Entry("a", 5, bytes(16), lambda: [b"abc"])
    with pytest.raises(archive.ArchiveError):
        b"".join(stream([wrong], "p"))


def test_more_than_four_gigabytes_are_refused():
    with pytest.raises(archive.ArchiveError):
        next(stream([Entry("a", 1 << 32, bytes(16), list)], "p"))


@pytest.mark.external
def test_seven_zip_opens_it(tmp_path):
    program = shutil.which("7z") or shutil.which("7zz")
    if not program:
        pytest.skip("7-Zip is not installed")
    (tmp_path / "order.zip").write_bytes(b"".join(stream(ENTRIES, PASSWORD)))
    subprocess.run([program, "x", f"-p{PASSWORD}", "order.zip"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "one.txt").read_bytes() == b"ABCDEFGH" * 1001
