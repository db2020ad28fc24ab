"""Codes to try the product out with, read from the demo database: what README's 15-minute script calls A to F.

Each is the next one nobody used, so that what is printed works again after the one before it was used.
"""

from dataclasses import dataclass

from .plan import tour
from .plan.flow import CASES_PER_PALLET

# What is printed where everything of a kind has been used.
NONE_LEFT = "已用完：make run FRESH=1 重新开始 (all used: make run FRESH=1 starts again)"


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of what is printed: ``letter`` as the script names it, ``value`` the code."""

    letter: str
    what: str
    value: str


def find(env, address: str) -> list[Sample]:
    """Return the samples of the script, in its order.

    :param env: superuser's environment of the demo database
    :param address: where the server answers, without a slash at its end
    """
    world = _World(env)
    if not world.product:  # built before there was a script
        return []
    delivery, pallet = world.delivery()
    page = f"{address}/b/%s"
    rows = (
        ("A", "仓库待发的垛码 pallet to ship", f"{pallet} ({delivery})" if pallet else ""),
        ("B", "送往演示门店的箱码 case on its way to the shop", world.on_the_way()),
        ("C", "他人区域的箱码 case of another distributor", world.foreign()),
        ("D", "邻店的箱码 case of another shop", world.neighbour()),
        ("E", "门店里未领奖的盖内码 unclaimed cap", world.cap() and page % world.cap()),
        ("F", "未激活的盖内码 cap that is not activated", page % world.inactive()),
    )
    return [Sample(letter, what, value or NONE_LEFT) for letter, what, value in rows]


def show(env, address: str) -> None:
    """Print the samples, one a line."""
    for sample in find(env, address):
        print(f"SAMPLE {sample.letter}  {sample.value}  {sample.what}")  # noqa: T201


class _World:
    """The demo database, asked for goods of the new product."""

    def __init__(self, env) -> None:
        self.env = env
        self.product = env["product.product"].search([("default_code", "=", tour.ITEM.code)], limit=1)
        self.shop = env["res.users"].search([("login", "=", "terminal")]).partner_id
        self.distributor = env["res.users"].search([("login", "=", "distributor")]).partner_id

    def delivery(self) -> tuple[str, str]:
        """Return the next delivery that nobody scanned yet, and a pallet that has not left."""
        picking = self.env["stock.picking"].search(
            [
                ("partner_id", "=", self.distributor.id),
                ("product_id", "=", self.product.id),
                ("state", "in", ("confirmed", "assigned")),
                ("picking_type_code", "=", "outgoing"),
            ],
            order="id",
        )[:1]
        batch = self._batch()
        size = CASES_PER_PALLET * tour.ITEM.case
        gone = self.env["liquor.custody"].search([("batch_id", "=", batch.id), ("level", "=", size)])
        left = set(range(tour.PALLETS)) - set(gone.mapped("unit_index"))
        return (picking.name, batch._code("pallet", min(left))) if picking and left else ("", "")

    def _batch(self):
        return self.env["liquor.code.batch"].search([("product_id", "=", self.product.id)], limit=1, order="id")

    def _cases(self, *domain):
        return self.env["liquor.custody"].search(
            [("product_id", "=", self.product.id), ("level", "=", tour.ITEM.case), *domain], order="unit_index"
        )

    def _case_code(self, rows) -> str:
        row = rows[:1]
        return row.batch_id._code("case_outer", row.unit_index) if row else ""

    def on_the_way(self) -> str:
        """Return a case that the distributor sent to the shop."""
        return self._case_code(self._cases(("holder_id", "=", self.shop.id), ("state", "=", "in_transit")))

    def neighbour(self) -> str:
        """Return a case that another shop holds and nobody asked for."""
        others = [("holder_kind", "=", "terminal"), ("holder_id", "!=", self.shop.id)]
        cases = self._cases(*others, ("state", "=", "held"), ("pending_id", "=", False))
        return self._case_code(cases.filtered(lambda case: not self._gone(case)))

    def foreign(self) -> str:
        """Return a case of a pallet that another distributor holds, which nobody scanned yet."""
        batch = self._batch()
        pallet = self.env["liquor.custody"].search(
            [
                ("batch_id", "=", batch.id),
                ("holder_kind", "=", "distributor"),
                ("holder_id", "!=", self.distributor.id),
            ],
            limit=1,
        )
        first = pallet.unit_index * pallet.level // tour.ITEM.case
        wanted = range(first, first + pallet.level // tour.ITEM.case)
        scanned = self._scanned(batch, wanted)
        return next((batch._code("case_outer", number) for number in wanted if number not in scanned), "")

    def _scanned(self, batch, cases) -> set[int]:
        events = self.env["liquor.scan.event"].search([
            ("batch_id", "=", batch.id),
            ("level", "=", tour.ITEM.case),
            ("unit_index", "in", list(cases)),
        ])
        return set(events.mapped("unit_index"))

    def cap(self) -> str:
        """Return the inner cap of a bottle that the shop holds and nobody claimed."""
        for case in self._cases(("holder_id", "=", self.shop.id), ("state", "=", "held")):
            bottles = self._bottles(case)
            claims = self.env["liquor.code.claim"].search([
                ("batch_id", "=", case.batch_id.id),
                ("index", "in", list(bottles)),
            ])
            free = set(bottles) - set(claims.mapped("index")) - self._gone(case)
            if free:
                return case.batch_id._code("cap_inner", min(free))
        return ""

    def _bottles(self, case) -> range:
        return range(case.unit_index * case.level, (case.unit_index + 1) * case.level)

    def _gone(self, case) -> set[int]:
        """Return the bottles of a case that were sold or opened one by one."""
        rows = self.env["liquor.custody"].search([
            ("batch_id", "=", case.batch_id.id),
            ("level", "=", 1),
            ("unit_index", "in", list(self._bottles(case))),
        ])
        return set(rows.mapped("unit_index"))

    def inactive(self) -> str:
        """Return an inner cap of codes that were issued and not activated."""
        order = self.env["liquor.print.order"].search([("state", "=", "issued"), ("lot_id", "=", False)], limit=1)
        batch = order.batch_ids
        return batch._code("cap_inner", batch.bottles - 1)
