"""The key ring of this server (see ``engine/shared/key_ring.py`` for what it does).

The file is named by the environment variable ``LIQUOR_KEY_FILE`` or by ``liquor_key_file`` in ``odoo.conf``.
Where neither is set, it lies in Odoo's data folder and is made on first use: fit for development; in
production keep it where the backups of the database do not go.
"""

import logging
import os
from pathlib import Path

from odoo.tools import config

from ..engine.shared.key_ring import KeyRing, KeyRingError, SecretError, create_file, read_file

__all__ = ["KeyRingError", "SecretError", "box", "key_file"]

_logger = logging.getLogger(__name__)
# path -> (stamp of the file, ring): a ring that was rotated is read again by every process
_rings: dict[Path, tuple[tuple, KeyRing]] = {}


def key_file() -> tuple[Path, bool]:
    """Return the path of the key file and whether somebody named it."""
    named = os.environ.get("LIQUOR_KEY_FILE") or config.get("liquor_key_file")
    if named:
        return Path(named), True
    return Path(config["data_dir"]) / "liquor_keys.json", False


def box() -> KeyRing:
    """Return the ring: ``encrypt``, ``decrypt``, ``blind_index``, ``derive``, ``is_outdated``.

    :raises KeyRingError: the named file is missing or unreadable. It is never made in silence: a new key
        beside old data would make that data unreadable.
    """
    path, named = key_file()
    if not named and not path.exists() and create_file(path):
        _logger.info("New key file %s for private values. Name one by liquor_key_file for production.", path)
    try:
        status = path.stat()
    except OSError as error:
        raise KeyRingError(f"The key file {path} cannot be read: {error.strerror}.") from error
    stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
    known = _rings.get(path)
    if not known or known[0] != stamp:
        known = _rings[path] = (stamp, read_file(path))
    return known[1]
