"""The clubs of both makers: one lives on cash-back and gifts, the other on levels and points."""

from odoo.fields import Command

TERMS = "<p>年满 18 周岁，同意会员章程与隐私说明。个人信息只用于会员服务，可随时查看、导出与注销。</p>"
# name, cases from which it is reached, cases from which it is kept, colour of the card
LEVELS = (
    ("银卡", 1, 0, "#8a8f98"),
    ("金卡", 5, 4, "#b98a2f"),
    ("钻石卡", 20, 16, "#3d6b8c"),
    ("铂金卡", 60, 48, "#2f2f38"),
)


def build(world) -> None:
    """Create both clubs with what they promise."""
    _regional(world, world.regional)
    _national(world, world.national)


def _club(world, trade, name: str, mode: str):
    env = world.of_company(trade.company)
    trade.program = env["liquor.member.program"].create({
        "name": name,
        "company_id": trade.company.id,
        "mode": mode,
        "terms": TERMS,
        "terms_version": "2026-1",
    })
    return trade.program


def _regional(world, trade) -> None:
    club = _club(world, trade, "云泉荟", "regional")
    _gift(world, club, "开坛礼：青瓷小盏一对", on_joining=True, unit_cost=12, valid_days=30, stock_limit=400)
    _gift(world, club, "回厂游伴手礼", unit_cost=68, valid_days=60, rarity="exclusive")


def _national(world, trade) -> None:
    club = _club(world, trade, "澜庭会", "national")
    levels = club.env["liquor.member.level"].create([
        {
            "name": name,
            "program_id": club.id,
            "sequence": 10 * number,
            "card_color": color,
            "criterion_ids": [Command.create({"threshold": reached, "keep_threshold": kept})],
        }
        for number, (name, reached, kept, color) in enumerate(LEVELS, start=1)
    ])
    club.env["liquor.point.rule"].create([
        {
            "name": "开瓶积分",
            "program_id": club.id,
            "source": "scan",
            "basis": "bottle",
            "points": 60,
            "hold_days": 7,
            "expiry_months": 1,
        },
        {
            "name": "入会积分",
            "program_id": club.id,
            "source": "join",
            "basis": "event",
            "points": 88,
            "hold_days": 0,
            "expiry_months": 24,
        },
    ])
    _gift(world, club, "银卡礼：品鉴杯", level_id=levels[0].id, unit_cost=18)
    _gift(world, club, "金卡礼：澜庭品鉴酒 100ml", level_id=levels[1].id, unit_cost=46)
    _gift(world, club, "钻石礼：封坛体验席位", level_id=levels[2].id, unit_cost=380, rarity="scarce", stock_limit=30)


def _gift(world, club, name: str, **values) -> None:
    club.env["liquor.benefit"].create({
        "name": name,
        "program_id": club.id,
        "description": "凭取礼码到就近门店领取。",
        **values,
    })
