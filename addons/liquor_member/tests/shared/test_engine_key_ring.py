import base64
import doctest
import json
import tempfile
import threading
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...engine.shared import key_ring
from ...engine.shared.key_ring import KeyRing, KeyRingError, SecretError

PLACE = ("liquor.privacy.fact", 12, "value")


@tagged("post_install", "-at_install")
class TestKeyRing(BaseCase):
    def setUp(self):
        super().setUp()
        self.ring = KeyRing.generate()

    def test_doctests(self):
        result = doctest.testmod(key_ring)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 5)

    def test_round_trip_never_repeats(self):
        for value in ("", "13800138000", "上海市黄浦区 1 号", "x" * 100000):
            first, second = self.ring.encrypt(value, PLACE), self.ring.encrypt(value, PLACE)
            self.assertNotEqual(first, second)
            self.assertEqual(self.ring.decrypt(first, PLACE), value)

    def test_hkdf_against_published_vector(self):
        # RFC 5869, test case 3 (SHA-256, no salt, no info): IKM = 0x0b x 22, L = 42
        okm = key_ring.derive_key(bytes.fromhex("0b" * 22), "", 42)
        self.assertEqual(
            okm.hex(), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        )

    def test_moved_value_is_refused(self):
        token = self.ring.encrypt("secret", PLACE)
        for place in (
            ("liquor.privacy.fact", 13, "value"),
            ("liquor.privacy.fact", 12, "note"),
            ("liquor.member", 12, "value"),
        ):
            with self.subTest(place), self.assertRaises(SecretError):
                self.ring.decrypt(token, place)

    def test_changed_value_is_refused(self):
        version, text = self.ring.encrypt("secret", PLACE).split(":")
        data = bytearray(base64.b64decode(text))
        for position in (0, 12, len(data) - 1):
            changed = bytearray(data)
            changed[position] ^= 1
            with self.subTest(position), self.assertRaises(SecretError):
                self.ring.decrypt(f"{version}:{base64.b64encode(changed).decode()}", PLACE)

    def test_nonsense_is_refused(self):
        for token in ("", None, "1", "1:", "x:AAAA", "1:%%%", "1:" + base64.b64encode(bytes(12)).decode()):
            with self.subTest(token), self.assertRaises(SecretError):
                self.ring.decrypt(token, PLACE)
        with self.assertRaises(KeyRingError):
            self.ring.decrypt("9:" + base64.b64encode(bytes(40)).decode(), PLACE)

    def test_other_ring_cannot_read(self):
        with self.assertRaises(SecretError):
            KeyRing.generate().decrypt(self.ring.encrypt("secret", PLACE), PLACE)

    def test_rotation_reads_old_values_and_keeps_the_index(self):
        token, index = self.ring.encrypt("138", PLACE), self.ring.blind_index("138", "phone")
        rotated = self.ring.rotated()
        self.assertEqual(rotated.decrypt(token, PLACE), "138")
        self.assertTrue(rotated.is_outdated(token))
        self.assertFalse(rotated.is_outdated(rotated.encrypt("138", PLACE)))
        self.assertEqual(rotated.blind_index("138", "phone"), index)
        self.assertEqual(rotated.derive("codes", version=1), self.ring.derive("codes"))
        self.assertNotEqual(rotated.derive("codes"), self.ring.derive("codes"))

    def test_blind_index_depends_on_ring_and_purpose(self):
        index = self.ring.blind_index("138", "phone")
        self.assertRegex(index, "^[0-9a-f]{64}$")
        self.assertNotEqual(index, self.ring.blind_index("139", "phone"))
        self.assertNotEqual(index, self.ring.blind_index("138", "device"))
        self.assertNotEqual(index, KeyRing.generate().blind_index("138", "phone"))

    def test_keys_do_not_show_in_the_repr(self):
        self.assertNotIn(repr(self.ring.keys[1]), repr(self.ring))

    def test_file_round_trip(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sub" / "keys.json"
            self.assertTrue(key_ring.create_file(path))
            ring = key_ring.read_file(path)
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            self.assertFalse(key_ring.create_file(path))
            self.assertEqual(key_ring.read_file(path), ring)
            rotated = key_ring.rotate_file(path)
            self.assertEqual((rotated.current, rotated.index, len(rotated.keys)), (2, 1, 2))
            self.assertEqual(key_ring.read_file(path), rotated)
            self.assertEqual([entry.name for entry in path.parent.iterdir()], ["keys.json"])

    def test_processes_that_start_together_share_a_ring(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "keys.json"
            made = []
            threads = [threading.Thread(target=lambda: made.append(key_ring.create_file(path))) for _ in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(made.count(True), 1)

    def test_broken_files_are_refused(self):
        good = json.loads(self.ring.to_json())
        for data in (
            [],
            {},
            {**good, "current": 2},
            {**good, "index": 2},
            {**good, "keys": {"1": "AAAA"}},
            {**good, "keys": {"1": "no base64!"}},
            {**good, "keys": []},
        ):
            with self.subTest(data), self.assertRaises(KeyRingError):
                KeyRing.from_json(json.dumps(data))
        with self.assertRaises(KeyRingError):
            KeyRing.from_json("not json")
        with self.assertRaises(KeyRingError):
            key_ring.read_file(Path("/nonexistent/keys.json"))
