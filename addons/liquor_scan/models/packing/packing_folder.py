import logging
import os
import stat
import time
from datetime import UTC, datetime
from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import config

from .packing_upload import MAX_BYTES

_logger = logging.getLogger(__name__)
SETTLED = 5
"""Seconds without a change after which a file counts as written."""
AT_ONCE = 200


class LiquorPackingFolder(models.AbstractModel):
    """Files that lines leave in a folder of the server.

    The folder is named by the server's administrator alone, in odoo.conf (``liquor_packing_folder``) or the
    environment (``LIQUOR_PACKING_FOLDER``): nothing that a client can write says where the server reads. Below it a
    folder per company, named by its number; ``<line>_….csv`` in it is loaded and moved to ``done`` or ``bad``, there
    with the file of what is wrong beside it.
    """

    _name = "liquor.packing.folder"
    _description = "Folder of Packing Files"

    @api.model
    def _root(self):
        named = os.environ.get("LIQUOR_PACKING_FOLDER") or config.get("liquor_packing_folder")
        return Path(named) if named else None

    @api.model
    def _cron_folder(self):
        """Load what lies in the folder; a file that was loaded before a crash is only moved."""
        root = self._root()
        if root is None or not root.is_dir():
            return
        files = self._files(root)
        for number, (company, path) in enumerate(files, 1):
            outcome = self._load_file(company, path)
            self.env["ir.cron"]._commit_progress(1, remaining=len(files) - number)
            # moved after the commit: what is not committed stays to be read again
            self._put_away(path, *outcome)

    def _files(self, root):
        """[(company, path)] of plain files that are no longer written, oldest first; links are never followed."""
        found = []
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            folder = root / str(company.id)
            if folder.is_symlink() or not folder.is_dir():
                continue
            for entry in os.scandir(folder):
                facts = entry.stat(follow_symlinks=False)
                plain = stat.S_ISREG(facts.st_mode) and entry.name.lower().endswith(".csv")
                if plain and not entry.name.startswith(".") and time.time() - facts.st_mtime >= SETTLED:
                    found.append((facts.st_mtime, company, Path(entry.path)))
        return [(company, path) for _time, company, path in sorted(found, key=lambda one: one[0])[:AT_ONCE]]

    def _load_file(self, company, path):
        """("done" or "bad", content of the report)."""
        content, changed = self._read(path)
        line = path.stem.split("_", 1)[0][:64] if "_" in path.stem else None
        uploads = self.env["liquor.packing.upload"].with_context(lang=company.partner_id.lang or "zh_CN")
        try:
            with self.env.cr.savepoint():
                upload = uploads._load(self.env.user, company, content, path.name, "folder", line, changed)
        except UserError as error:
            _logger.warning("Packing file %s of company %s: %s", path.name, company.id, error)
            return "bad", str(error).encode("utf-8-sig")
        return ("bad", upload._bad_file()) if upload.refused_count else ("done", b"")

    def _read(self, path):
        """Content, one byte more than allowed at most, and when it was written; a link is refused by the system."""
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as file:
            changed = datetime.fromtimestamp(os.fstat(handle).st_mtime, UTC).replace(tzinfo=None, microsecond=0)
            return file.read(MAX_BYTES + 1), changed

    def _put_away(self, path, folder, report):
        target = path.parent / folder
        target.mkdir(exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%d%H%M%S%f}_{path.name}"
        path.rename(target / name)
        if report:
            (target / f"{name}.report.csv").write_bytes(report)
