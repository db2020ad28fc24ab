from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.flow.association import Carton, check_cartons
from ...engine.flow.custody import OPENED
from ...engine.flow.request import is_code
from ...engine.flow.units import Unit
from ..flow.reasons import reason_text

MOST = 400
"""Units in one package: the 360 bottles of a pallet and some."""


class LiquorPackingRework(models.AbstractModel):
    """Packing put right by hand: goods into another case (换箱), or what a camera got wrong.

    Both take the turns at every package concerned before they read where things are for the last time, so that
    nobody moves a case while it is re-packed: the slower one runs again and finds the new state.
    """

    _name = "liquor.packing.rework"
    _description = "Re-work of Packing"

    @api.model
    def _repack(self, user, old, new, codes, reason):
        """Take goods out of a package and put them into another one; the code of the old package is void then.

        :param str old: code of the package that is given up
        :param str new: code of an unused package of the same size
        :param list codes: codes of the units that go into it, the full number
        :return: answer of the links: {"accepted": links, "package": Unit}
        :raises UserError: something is not ours, not here, not full, used before
        """
        self = self.sudo()
        old, new, codes = self._clean(old, new, codes)
        places = self._locate(user, [old, new, *codes])
        before, after = places[old], places[new]
        if before.bottles != after.bottles or self._unit(before) == self._unit(after):
            raise UserError(self.env._("The new package must be another one of the same size."))
        units = {code: self._unit(places[code]) for code in codes}
        self._check_room(units.values(), {self._unit(before)}, after)
        self._check_full(places, new, codes)
        now = fields.Datetime.now()
        is_open = self._opened({self._unit(before)})
        self._scan(user, now, reason, *([] if is_open else [("unpack", old)]), ("pack", new))
        loose = self._linked(units.values())
        if loose:
            self.env["liquor.code.link"]._move_out(set(loose), now)
        count = self._link(user, after, units.values(), now, reason)
        kinds = before.batch.scheme_id.level_ids.filtered(lambda level: level.bottles == before.bottles).mapped("kind")
        for kind in kinds:
            self.env["liquor.code.range"].with_user(user).sudo()._book(
                before.batch, "void", before.first, before.last, kind, reason=reason
            )
        return {"accepted": count, "package": self._unit(after)}

    @api.model
    def _repair(self, user, package, codes, reason):
        """Say what really lies in a package: links of what does not end, links of what does begin.

        :return: {"accepted": new links, "package": Unit, "short": packages that lost a unit by it}
        """
        self = self.sudo()
        package, _none, codes = self._clean(package, package, codes)
        places = self._locate(user, [package, *codes])
        target = self._unit(places[package])
        units = {self._unit(places[code]) for code in codes}
        links = self.env["liquor.code.link"]
        self.env["liquor.custody.turn"]._take({target, *units})
        self._check_full(places, package, codes)
        linked = self._linked(units)
        inside = {unit for unit in links._inside([target]).get(target, ()) if unit in self._direct(target)}
        now = fields.Datetime.now()
        self._scan(user, now, reason, ("check", package))
        leaving = (inside - units) | {unit for unit in units if linked.get(unit, target) != target}
        if leaving:
            links._move_out(leaving, now)
        coming = [unit for unit in units if linked.get(unit) != target]
        count = self._link(user, places[package], coming, now, reason) if coming else 0
        return {
            "accepted": count,
            "package": target,
            "short": {linked[unit] for unit in units if linked.get(unit, target) != target},
        }

    def _opened(self, packages):
        """Those of the packages that were opened."""
        return {unit for unit, row, _p, _q in self.env["liquor.custody"]._around(packages, {}) if row.state == OPENED}

    # --- checks -----------------------------------------------------------------------------------------------

    def _clean(self, old, new, codes):
        texts = [old, new, *codes] if isinstance(codes, list) else []
        if not texts or len(codes) > MOST or not all(map(is_code, texts)):
            raise UserError(self.env._("Scan the package and up to %(most)s units that go into it.", most=MOST))
        short = [text.strip() for text in texts]
        return short[0], short[1], short[2:]

    def _locate(self, user, codes):
        """{code: LocatedUnit} of codes that are all ours, live and of the user's company."""
        if not user.has_group("liquor_scan.group_warehouse"):
            raise AccessError(self.env._("Scanning needs the right “Warehouse Scanning”."))
        places = self.env["liquor.code.batch"]._locate_logistic(codes)
        for code in codes:
            place = places.get(code)
            if place is None or place.batch.company_id not in user.company_ids:
                raise self._refusal(code, reason_text(self.env, "unknown_code"))
            if place.state == "void":
                raise self._refusal(code, reason_text(self.env, "void_code"))
        if len({place.batch.company_id for place in places.values()}) > 1:
            raise UserError(self.env._("These codes belong to different companies."))
        return places

    def _refusal(self, code, reason):
        return UserError(self.env._("%(code)s: %(reason)s", code=code, reason=reason))

    def _unit(self, place):
        return Unit(place.batch.id, place.bottles, place.index)

    def _linked(self, units):
        """{unit: package that a live link says it lies in}."""
        hops = self.env["liquor.code.link"]._linked_upwards(set(units))
        wanted = set(units)
        return {hop.child: hop.parent for hop in hops if hop.end is None and hop.child in wanted}

    def _direct(self, package):
        """Units with a live link to this very package."""
        rows = self.env["liquor.code.link"].search([
            ("parent_batch_id", "=", package.batch),
            ("parent_level", "=", package.level),
            ("parent_index", "=", package.index),
            ("unpacked_at", "=", False),
        ])
        return {Unit(row.child_batch_id.id, row.child_level, row.child_index) for row in rows}

    def _check_room(self, units, given_up, place):
        """Units come out of the package that is given up or lie loose; the new package was never used."""
        units, fresh = set(units), self._unit(place)
        collect, custody = self.env["liquor.scan.collect"], self.env["liquor.custody"]
        levels_of = collect._levels_of(self.env["liquor.code.batch"].browse({unit.batch for unit in {*units, fresh}}))
        above = collect._parents_now(units, self.env["liquor.code.link"]._packed(units, levels_of), levels_of)
        packages = {line[0] for line in above.values() if line}
        if packages - given_up - self._opened(packages):
            raise UserError(reason_text(self.env, "already_packed"))
        if custody._around({fresh}, levels_of) or self._direct(fresh):
            raise UserError(self.env._("The new package was used before: take a new label."))

    def _check_full(self, places, package, codes):
        company = places[package].batch.company_id
        units = {code: self._unit(place) for code, place in places.items()}
        products = {units[code]: place.batch.product_id.id for code, place in places.items()}
        away = self.env["liquor.association"]._away(set(units.values()), company)
        carton = Carton(package, tuple(codes), "manual")
        _good, refused = check_cartons([carton], units, products, (), (), away)
        for _parent, reason, code in refused:
            raise self._refusal(code, reason_text(self.env, reason))

    # --- writing ----------------------------------------------------------------------------------------------

    def _scan(self, user, now, reason, *steps):
        """Send scans of the user; all of them pass or nothing is done."""
        events = [
            {"id": f"rework:{kind}:{now:%y%m%d%H%M%S}:{code}"[:64], "type": kind, "code": code,
             "at": f"{now.isoformat()}Z", "reference": (reason or "")[:100]}
            for kind, code in steps
        ]  # fmt: skip
        answers = self.env["liquor.scan.request"]._take(user, events, "warehouse")
        for (_kind, code), answer in zip(steps, answers, strict=True):
            if answer["status"] != "accepted":
                raise self._refusal(code, answer["message"] or answer["reason"])

    def _link(self, user, place, units, now, reason):
        package = self._unit(place)
        rows = [
            [place.batch.company_id.id, *unit, *package, "manual", now, f"rework:{(reason or '')[:40]}", None, user.id]
            for unit in units
        ]
        return len(self.env["liquor.code.link"]._store(rows))
