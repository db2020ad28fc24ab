import base64
import secrets
from functools import partial
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError

from ...engine.codes import archive, bulk
from ...engine.codes.cipher import ALPHABET
from ...engine.codes.packing import unit_count

LINK_HOURS = 72
PALLET = "pallet"


class Part(NamedTuple):
    """Bottles first to last (included) of a batch: whole largest units."""

    batch: models.BaseModel
    first: int
    last: int


class PrintFile(models.Model):
    """The printer's file: made when it is fetched, the same bytes each time, kept nowhere."""

    _inherit = "liquor.print.order"

    def _note_file(self):
        """Note rows and bytes of the whole file, known before it is made."""
        self.ensure_one()
        entries = self._entries()
        self.write({"row_count": self._rows_of(entries), "file_size": archive.archive_size(entries)})

    def _parts(self, first=0, last=None):
        """Cut bottles ``first`` to ``last`` of the order, counted over its batches from 0, by batch."""
        parts, start = [], 0
        last = self.bottles - 1 if last is None else last
        for batch in self.batch_ids.sorted("number"):
            low, high = max(first, start), min(last, start + batch.bottles - 1)
            if low <= high:
                parts.append(Part(batch, low - start, high - start))
            start += batch.bottles
        return parts

    def _entries(self, first=0, last=None):
        """Return the entries of the file: per batch one list a kind, or one line a set and lists of what holds sets.

        :param int first, last: bottles of the order, counted from 0, last included; whole largest units
        """
        self.ensure_one()
        book = self.env["liquor.code.key"]._code_book()
        secret = self.env["liquor.code.key"]._secret(f"file/{self.password_salt}", self._key_version())
        return [
            self._entry(book, secret, part, levels)
            for part in self._parts(first, last)
            for levels in self._lists(part.batch.scheme_id)
        ]

    def _lists(self, scheme):
        """Return the lists of the file, each as the levels of its columns, largest unit first."""
        levels = scheme.level_ids
        if self.file_layout == "kinds":
            return [level for level in levels]
        case = scheme.bottles_per_case or max(levels.mapped("bottles"))
        inside = levels.filtered(lambda level: level.bottles <= case).sorted("bottles", reverse=True)
        return [inside, *(levels - inside)]

    def _entry(self, book, secret, part, levels):
        """One list: its name tells batch, content, lines and, where it is a part, the first bottle."""
        batch, size = part.batch, max(levels.mapped("bottles"))
        start, stop = part.first // size, unit_count(part.last + 1, size)
        prefix = self.prefix or self.company_id._liquor_code_prefix()
        columns = [
            bulk.Column(
                book.batch_key(level.kind, batch.number, batch.key_id.version), level.kind, size // level.bottles
            )
            for level in levels
        ]
        pallets = self._pallets_of(batch, levels)
        length = bulk.line_length(prefix, sum(column.count for column in columns), with_sscc=bool(pallets))
        content = levels.kind if len(levels) == 1 else "sets"
        mark = f"-from{part.first + 1}" if part.first else ""
        name = f"{batch.name}-{content}{mark}-{stop - start}.txt"
        return archive.Entry(
            name,
            (stop - start) * length,
            archive.salt_of(secret, name, f"{self.id}/{batch.number}/{prefix}"),
            partial(bulk.sets, columns, batch.number, start, stop, prefix, pallets),
        )

    def _pallets_of(self, batch, levels):
        """SSCC of the pallets of a list, where it has a line a pallet and the maker had a prefix when it was issued."""
        largest = levels.sorted("bottles")[-1:]
        if not self.has_sscc or not batch.sscc_prefix or largest.kind != PALLET:
            return None
        return bulk.Pallets(batch.sscc_prefix, int(batch.sscc_first))

    def _rows_of(self, entries):
        """Count the lines of the file."""
        return sum(int(entry.name.rsplit("-", 1)[1].removesuffix(".txt")) for entry in entries)

    def _key_version(self):
        """Version of the key that the codes were made with: file and password stay those of the first time."""
        return self.batch_ids[:1].sudo().key_id.version or None

    def _password(self):
        """Return the password of the file: 130 bits, derived and never stored."""
        self.ensure_one()
        purpose = f"password/{self.id}/{self.sudo().password_salt}"
        digest = self.env["liquor.code.key"]._secret(purpose, self._key_version())
        number = int.from_bytes(digest, "big")
        letters = "".join(ALPHABET[number >> 5 * place & 31] for place in range(26))
        return "-".join(letters[start : start + 5] for start in range(0, 26, 5))

    def action_link(self):
        """Issue a one-time link to the whole file; links issued before stop working."""
        self.ensure_one()
        return self._issue_link(0, self.bottles - 1)

    def _issue_link(self, first, last):
        """Issue a one-time link to the codes of some bottles.

        :raises UserError: there are no codes yet, or the bottles are no whole largest units of the order
        """
        self.check_access("write")
        if self.state not in ("issued", "handed"):
            raise UserError(self.env._("There is no file: issue the codes first."))
        largest = max(self.scheme_id.level_ids.mapped("bottles"))
        if not 0 <= first <= last < self.bottles or first % largest or (last + 1) % largest:
            raise UserError(
                self.env._(
                    "Choose bottles between 1 and %(last)s in whole units of %(size)s, for instance 1 to %(size)s.",
                    last=self.bottles,
                    size=largest,
                )
            )
        token = secrets.token_bytes(32)
        self.env["liquor.print.download"]._issue(self, token, LINK_HOURS, first, last)
        text = base64.urlsafe_b64encode(token).decode().rstrip("=")
        return self._handover(f"{self.get_base_url()}/liquor/print/{self.id}/{text}", first, last)

    def _handover(self, link, first, last):
        wizard = self.env["liquor.print.handover"].create({
            "order_id": self.id,
            "link": link,
            "password": self._password(),
            "first": first + 1,
            "last": last + 1,
        })
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand over to the Printer"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }
