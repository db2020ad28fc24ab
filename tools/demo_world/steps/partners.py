"""Distributors, shops and who works there, with their roles, territories and assignments."""

import io
from datetime import timedelta

from PIL import Image, ImageDraw

from ..plan import places
from ..plan.shops import DISTRIBUTORS, phone
from .users import make

PORTAL = ("base.group_portal",)
# Roles began so many days before the first day of the story.
KNOWN_FOR_DAYS = 400


def build(world) -> None:
    """Create every partner of the channel, with roles in each company it deals with."""
    territories = world.env["liquor.territory"].load_divisions(places.DIVISIONS)
    world.territories = {territory.code: territory for territory in territories}
    _distributors(world)
    _shops(world)
    _staff(world)
    for trade in world.trades:
        _roles(world, trade)
    _portal_users(world)


def _distributors(world) -> None:
    values = []
    for number, (city, name, contact) in enumerate(DISTRIBUTORS, start=1):
        values.append({
            "name": name,
            "is_company": True,
            "ref": f"JXS{number:02d}",
            "phone": phone(137, number),
            "city": places.name_of(city),
            "street": f"糖酒城{number}区{number * 3}号",
            "comment": f"负责人 {contact}",
            **_common(world),
        })
    partners = world.env["res.partner"].create(values)
    world.distributors = {city: partner for (city, _n, _c), partner in zip(DISTRIBUTORS, partners, strict=True)}


def _common(world) -> dict:
    return {"country_id": world.env.ref("base.cn").id, "lang": "zh_CN", "tz": "Asia/Shanghai"}


def _shops(world) -> None:
    values = []
    for shop in world.shops:
        values.append({
            "name": shop.name,
            "is_company": True,
            "ref": shop.reference,
            "phone": shop.phone,
            "city": places.name_of(shop.city),
            "street": f"{places.name_of(shop.address.county)}{shop.address.street}",
            "partner_latitude": shop.address.latitude,
            "partner_longitude": shop.address.longitude,
            "comment": f"店主 {shop.owner}",
            **_common(world),
        })
    partners = world.env["res.partner"].create(values)
    world.partners = dict(zip([shop.number for shop in world.shops], partners, strict=True))


def _staff(world) -> None:
    """Create guides and waiters: individuals of their own, found as ("guide", shop number)."""
    jobs = [(kind, shop, getattr(shop, kind)) for shop in world.shops for kind in ("guide", "waiter")]
    jobs = [job for job in jobs if job[2]]
    values = [
        {"name": name, "phone": phone(136, 10 * shop.number + (kind == "waiter")), **_common(world)}
        for kind, shop, name in jobs
    ]
    people = world.env["res.partner"].create(values)
    for (kind, shop, _name), person in zip(jobs, people, strict=True):
        world.partners[kind, shop.number] = person


def _roles(world, trade) -> None:
    """Give roles, jobs and supplying distributors in one company."""
    env = world.of_company(trade.company)
    began = world.calendar.first - timedelta(days=KNOWN_FOR_DAYS)
    kinds = {kind.code: kind for kind in env["liquor.terminal.kind"].search([])}
    common = {"company_id": trade.company.id, "date_start": began, "user_id": world.users["clerk"].id}
    roles = [
        {
            **common,
            "partner_id": world.distributors[city].id,
            "kind": "distributor",
            "state": "formal",
            "territory_id": world.territories[city].id,
        }
        for city in trade.cities
    ]
    roles += [{**common, **_shop_role(world, shop, kinds)} for shop in trade.shops]
    roles += [{**common, **role} for shop in trade.shops for role in _staff_roles(world, shop)]
    env["liquor.channel.role"].create(roles)
    jobs = env["liquor.employment"].create([job for shop in trade.shops for job in _jobs(world, trade, shop, began)])
    for number, job in enumerate(jobs):
        job._consent_on_paper(began, "consent.png", _signed_paper(number))
    env["liquor.channel.assignment"].create([
        {
            "terminal_id": world.partners[shop.number].id,
            "distributor_id": world.distributors[shop.city].id,
            "company_id": trade.company.id,
            "date_start": began,
        }
        for shop in trade.shops
    ])


def _shop_role(world, shop, kinds) -> dict:
    """Return a shop's role; suspensions and ends happen on their day."""
    state = {"suspended": "formal", "ended": "formal"}.get(shop.state, shop.state)
    return {
        "partner_id": world.partners[shop.number].id,
        "kind": "terminal",
        "terminal_kind_id": kinds[shop.kind].id,
        "state": state,
        "territory_id": world.territories[shop.address.county].id,
        "grade": shop.grade,
        "outward_title": {"A": "核心店", "B": "核心店", "C": "合作店"}.get(shop.grade, False),
    }


def _staff_roles(world, shop) -> list[dict]:
    return [
        {
            "partner_id": world.partners[kind, shop.number].id,
            "kind": kind,
            "state": "formal",
            "territory_id": world.territories[shop.address.county].id,
        }
        for kind in ("guide", "waiter")
        if (kind, shop.number) in world.partners
    ]


def _jobs(world, trade, shop, began) -> list[dict]:
    return [
        {
            "person_id": world.partners[kind, shop.number].id,
            "employer_id": world.partners[shop.number].id,
            "company_id": trade.company.id,
            "kind": kind,
            "date_start": began,
        }
        for kind in ("guide", "waiter")
        if (kind, shop.number) in world.partners
    ]


def _signed_paper(number: int) -> bytes:
    """Draw a page with lines and a red seal: what a signed consent looks like, without anybody's name."""
    page = Image.new("RGB", (420, 594), "white")
    pen = ImageDraw.Draw(page)
    for row in range(12):
        pen.line((50, 90 + 30 * row, 370 - 40 * (row % 4), 90 + 30 * row), fill="#555555", width=2)
    pen.ellipse((250, 460, 350, 560), outline="#c0392b", width=5)
    pen.line((60, 520, 180, 500 + number % 9), fill="#1f3a93", width=3)
    stream = io.BytesIO()
    page.save(stream, "PNG")
    return stream.getvalue()


def _portal_users(world) -> None:
    """Give every distributor and every scanning shop a portal user; three of them are demo logins."""
    companies = world.regional.company | world.national.company
    shop = next(s for s in world.regional.shops if s.guide and s.city == "4101" and s.state == "formal")
    world.login_shop = shop
    logins = {
        "distributor": world.distributors["4101"],
        "terminal": world.partners[shop.number],
        "guide": world.partners["guide", shop.number],
    }
    for name, partner in logins.items():
        world.users[name] = make(world, name, PORTAL, companies, partner)
    others = [world.distributors[city] for city in world.distributors if city != "4101"]
    others += [world.partners[s.number] for s in world.shops if s.scans and s is not shop]
    others += [world.partners["guide", s.number] for s in world.shops if s.guide and s is not shop]
    give_logins(world, others)
    world.user_of.update({partner.id: world.users[name] for name, partner in logins.items()})


def give_logins(world, partners) -> None:
    """Make portal users of partners that had none."""
    companies = world.regional.company | world.national.company
    users = world.env["res.users"].with_context(no_reset_password=True)
    made = users.create([_portal_values(world, partner, companies) for partner in partners])
    world.user_of.update({user.partner_id.id: user for user in made})


def _portal_values(world, partner, companies) -> dict:
    """Return a user without password: he could only log in after asking for one."""
    return {
        "name": partner.name,
        "login": (partner.ref or f"dg{partner.id}").lower(),
        "partner_id": partner.id,
        "lang": "zh_CN",
        "tz": "Asia/Shanghai",
        "company_id": world.regional.company.id,
        "company_ids": [(6, 0, companies.ids)],
        "group_ids": [(6, 0, world.env.ref(PORTAL[0]).ids)],
    }
