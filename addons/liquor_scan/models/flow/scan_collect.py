from odoo import api, models
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import company_zone, zone_day

from ...engine.flow.board import Actor, Board, Scanned, Supply, Target
from ...engine.flow.transitions import DISTRIBUTOR, FIELD, MAKER, SUB, TERMINAL
from ...engine.flow.units import Unit
from .scene import Ref, Scene, Station

TRADE_KINDS = (DISTRIBUTOR, SUB, TERMINAL)
BARRED = {"suspended": "suspended", "candidate": "registration"}
RUNG_OF = {"received": "terminal", "returned": "terminal", "sold": "retail", "opened": "retail"}


class LiquorScanCollect(models.AbstractModel):
    """Reads what the scan service needs for a call, in a number of queries that does not grow with it.

    Roles, assignments and prices are read once per business day that occurs (an offline queue may span some).
    The company is the one of the code's batch: neither the caller's context nor his company counts.
    """

    _name = "liquor.scan.collect"
    _description = "Reading for the Scan Service"

    @api.model
    def _collect(self, user, items, client=None, shown=True):
        """Return the ``Scene`` in which ``items`` can be judged.

        :param bool shown: somebody scanned them now; a second look of our own shows nobody's codes
        """
        scene = Scene(person=user.partner_id.id)
        units = self._read_codes(scene, items, user, client, shown)
        companies = self.env["res.company"].browse(sorted(scene.boards))
        self._read_days(scene, companies, items)
        self._read_custody(scene, units)
        roles = self._read_parties(scene, companies, items, user, client)
        self._read_supplies(scene, companies, roles, units)
        self._read_places(scene)
        scene.types = client._allowed_types() if client else set()
        stops = self.env["liquor.stop.gate"].sudo()._pass({batch.company_id.id for batch in units.values()})
        scene.recalled = self._read_recalled(units, stops)
        scene.stopped = self._read_stopped(units, stops)
        return scene

    def _read_stopped(self, units, stops):
        """Units that must not be packed or shipped; the room packing knows them.

        :param units: {engine Unit: code batch}
        :param stops: what stops goods now, as ``liquor.stop.gate._pass`` says
        """
        return set()

    def _read_recalled(self, units, stops):
        """Units that must not move on; the room recall knows them.

        :param units: {engine Unit: code batch}
        :param stops: what stops goods now, as ``liquor.stop.gate._pass`` says
        """
        return set()

    # --- codes and where they are ----------------------------------------------------------------------------

    def _read_codes(self, scene, items, user, client, shown):
        """Fill ``refs`` and empty boards; return {unit: batch record}."""
        located = self._locate({code for item in items for code in item.codes}, user, client)
        if shown and (client or not user._is_internal()):
            # the maker's own people scan rolls before they activate them
            party = (client.partner_id if client else user.partner_id).commercial_partner_id
            self.env["liquor.code.leak"].sudo()._note(located.values(), "scan", party)
        known = {}
        for batch in {place.batch for place in located.values()}:
            company = batch.company_id
            if self._concerns(company, user, client):
                known[batch.id] = batch, company.id, batch.product_id.id
                scene.boards.setdefault(company.id, Board(company.partner_id.id))
        units = {}
        for item in items:
            for code in item.codes:
                if code not in scene.refs:
                    scene.refs[code] = self._ref(located.get(code), known, units)
        return units

    def _locate(self, texts, user, client):
        """Units of the texts; pallets by their SSCC for the maker's own people and machines."""
        batches = self.env["liquor.code.batch"].sudo()
        own = client.partner_id == client.company_id.partner_id if client else user._is_internal()
        return batches._locate_logistic(texts) if own else batches._locate(texts)

    def _concerns(self, company, user, client):
        """Whether the sender has to do with a company: codes of others are none of ours to him."""
        if client:
            return client.company_id == company
        return not user._is_internal() or company in user.company_ids

    def _ref(self, place, known, units):
        if place is None or place.batch.id not in known:
            return Ref(Scanned(Unit(0, 0, 0), "", "unknown"))
        batch, company, product = known[place.batch.id]
        unit = Unit(batch.id, place.bottles, place.index)
        units[unit] = batch
        scanned = Scanned(unit, place.kind, place.state, product, place.bottles > 1)
        return Ref(scanned, company, place.last - place.first + 1)

    def _read_days(self, scene, companies, items):
        for company in companies:
            zone = company_zone(company)
            for item in items:
                scene.days[company.id, item.at] = zone_day(item.at, zone)

    def _read_custody(self, scene, units):
        """Where the units, what they lie in and what was scanned out of them are now."""
        levels_of = self._levels_of(units.values())
        link = self.env["liquor.code.link"].sudo()
        packed = link._packed(list(units), levels_of)
        inside = link._inside([unit for unit in units if unit.level > 1])
        around = set(units) | {hop.parent for hop in packed} | {part for parts in inside.values() for part in parts}
        rows = self.env["liquor.custody"].sudo()._around(around, levels_of)
        company_of = {batch.id: batch.company_id.id for batch in set(units.values())}
        parents = self._parents_now({*units, *(row[0] for row in rows)}, packed, levels_of)
        for board in scene.boards.values():
            board.parents = parents
        for package, parts in inside.items():
            for part in parts:
                parents.setdefault(part, []).append(package)
        only = next(iter(scene.boards.values()), None)
        for unit, row, pending, purpose in rows:
            board = scene.boards.get(company_of.get(unit.batch)) or only
            board.place(unit, row)
            if pending:
                board.waiting[unit] = pending
            scene.purposes[unit] = purpose

    def _levels_of(self, batches):
        """{batch id: sizes of the packing levels that follow from the numbers alone}."""
        return {batch.id: batch._level_sizes() for batch in set(batches)}

    def _parents_now(self, units, packed, levels_of):
        """{unit: the packages that carry it now}: only hops without an end count."""
        above = {hop.child: hop.parent for hop in packed if hop.end is None}
        looked_up = {hop.child for hop in packed}
        found = {}
        for unit in units:
            line, current = [], unit
            while len(line) < 8:
                known = current in looked_up
                current = above.get(current) if known else self._next_by_arithmetic(current, levels_of)
                if current is None or current in line:
                    break
                line.append(current)
            found[unit] = line
        return found

    def _next_by_arithmetic(self, unit, levels_of):
        larger = [level for level in levels_of.get(unit.batch, ()) if level > unit.level]
        return Unit(unit.batch, min(larger), unit.first // min(larger)) if larger else None

    # --- parties ---------------------------------------------------------------------------------------------

    def _read_parties(self, scene, companies, items, user, client):
        """Fill actors, stations and targets; return the trade roles that occur."""
        own = (client.partner_id if client else user.partner_id).commercial_partner_id
        jobs = self._jobs(user.partner_id, companies) if not client else self.env["liquor.employment"]
        named = self._named_partners({item.to for item in items if item.to})
        partners = (
            own
            | user.partner_id
            | jobs.employer_id
            | self.env["res.partner"].browse(sorted({partner.id for partner in named.values()}))
        )
        roles = (
            self
            .env["liquor.channel.role"]
            .sudo()
            .search(
                Domain("company_id", "in", companies.ids)
                & Domain("partner_id", "in", partners.ids)
                & Domain("state", "!=", "ended")
                | Domain("company_id", "in", companies.ids)
                & Domain("partner_id", "in", partners.ids)
                & Domain("date_end", "!=", False)
            )
        )
        for company in companies:
            for day in {scene.days[company.id, item.at] for item in items}:
                here = roles.filtered(lambda role, company=company: role.company_id == company)
                scene.actors[company.id, day] = self._actor(company, day, user, client, own, here, jobs)
                self._read_stations(scene, company, day, here)
                self._read_targets(scene, company, day, named, here)
        return roles

    def _jobs(self, person, companies):
        return (
            self
            .env["liquor.employment"]
            .sudo()
            .search([("person_id", "=", person.id), ("company_id", "in", companies.ids)])
        )

    def _named_partners(self, names):
        """Partners that ``to`` names by number or reference: {name: partner}."""
        if not names:
            return {}
        numbers = [int(name) for name in names if name.isascii() and name.isdigit() and len(name) < 10]
        found = (
            self
            .env["res.partner"]
            .sudo()
            .search(Domain("id", "in", numbers) | Domain("ref", "in", sorted(names)), order="id")
        )
        by_name = {str(partner.id): partner for partner in found if partner.id in numbers}
        for partner in found:
            if partner.ref in names:
                by_name.setdefault(partner.ref, partner)
        return by_name

    def _actor(self, company, day, user, client, own, roles, jobs):
        """Who the sender is for one company on one day."""
        if client is None and user._is_internal():
            return self._staff(company, user)
        if own == company.partner_id:
            return Actor(own.id, frozenset([MAKER] if client else []))
        mine = roles.filtered(lambda role: role.partner_id == own and role.kind in TRADE_KINDS)
        kinds = {role.kind for role in mine if role._is_live_on(day)}
        if kinds:
            return Actor(own.id, frozenset(kinds))
        barred = next((BARRED[role.state] for role in mine if role.state in BARRED), "")
        if barred:
            return Actor(own.id, frozenset(role.kind for role in mine if role.state in BARRED), barred)
        return self._helper(company, day, user, roles, jobs)

    def _staff(self, company, user):
        if company in user.company_ids and user.has_group("liquor_scan.group_warehouse"):
            return Actor(company.partner_id.id, frozenset([MAKER]))
        if company in user.company_ids and user.has_group("liquor_member.group_field"):
            return Actor(user.partner_id.id, frozenset([FIELD]))
        return Actor(0, frozenset())

    def _helper(self, company, day, user, roles, jobs):
        """A guide or waiter acts for the shop that employs him that day."""
        live = {role.kind for role in roles if role.partner_id == user.partner_id and role._is_live_on(day)}
        for job in jobs:
            on_that_day = job.date_start <= day and (not job.date_end or day <= job.date_end)
            if job.company_id == company and on_that_day and job.kind in live:
                return Actor(job.employer_id.id, frozenset([job.kind]))
        return Actor(0, frozenset())

    def _read_stations(self, scene, company, day, roles):
        for role in roles:
            if role._is_live_on(day) or role.state in BARRED:
                station = Station(role.kind, role._territory_on(day).id or 0, role.grade or "")
                scene.stations.setdefault((company.id, role.partner_id.id, day), []).append(station)

    def _read_targets(self, scene, company, day, named, roles):
        for name, partner in named.items():
            if partner == company.partner_id:
                scene.targets[company.id, name, day] = Target(partner.id, MAKER)
            for role in roles.filtered(lambda role, partner=partner: role.partner_id == partner):
                if role.kind in TRADE_KINDS and role._is_live_on(day):
                    scene.targets[company.id, name, day] = Target(partner.id, role.kind)

    def _read_supplies(self, scene, companies, roles, units):
        """Which distributor supplies the parties with the scanned products on each day."""
        parties = roles.filtered(lambda role: role.kind in (TERMINAL, SUB)).partner_id
        assignment = self.env["liquor.channel.assignment"].sudo()
        for company in companies:
            numbers = {batch.product_id.id for batch in set(units.values()) if batch.company_id == company}
            products = self.env["product.product"].sudo().browse(sorted(numbers))
            above = {
                (role.partner_id.id, product): role.parent_distributor_id.id
                for role in roles
                for product in numbers
                if role.kind == SUB and role.company_id == company and role.parent_distributor_id
            }
            for day in {day for key, day in scene.days.items() if key[0] == company.id}:
                found = assignment._distributor_of(parties, products, day, company) if parties else {}
                assigned = {key: partner.id for key, partner in found.items()}
                scene.supplies[company.id, day] = Supply({**above, **assigned})

    def _read_places(self, scene):
        """Registered places of the acting parties; second places are added by the room ``channel``."""
        parties = sorted({actor.party for actor in scene.actors.values() if actor.party})
        partners = self.env["res.partner"].sudo().browse(parties)
        for partner in partners.filtered(lambda partner: partner.partner_latitude or partner.partner_longitude):
            scene.places.setdefault(partner.id, []).append((partner.partner_latitude, partner.partner_longitude))

    # --- value -----------------------------------------------------------------------------------------------

    @api.model
    def _value(self, scene, ref, station, fact, day):
        """Value of a fact by the price ladder of its day; nothing for other events."""
        rung = RUNG_OF.get(fact)
        if rung is None:
            return {}
        key = ref.company, ref.scanned.product, station.territory, day, rung
        if key not in scene.prices:
            company = self.env["res.company"].browse(ref.company)
            product = self.env["product.product"].browse(ref.scanned.product)
            territory = self.env["liquor.territory"].browse(station.territory or ())
            ladders = self.env["liquor.price.ladder"].sudo()
            scene.prices[key] = ladders._price(company, product, territory, day, rung)
        price, ladder = scene.prices[key]
        currency = ladder.currency_id or self.env["res.company"].browse(ref.company).currency_id
        return {
            "amount": currency.round(price * ref.bottles),
            "currency_id": currency.id,
            "ladder_id": ladder.id or None,
        }
