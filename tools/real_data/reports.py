"""Order lines as the flow reports that the distributor sends, loaded by the suite's own import."""

import base64
import csv
import io

from .sources import Sale

HEADER = ("Date", "Product", "Quantity", "Amount", "Shop", "Kind", "Document")


def as_file(sales: list[Sale]) -> bytes:
    """Return a flow report: a return has positive figures and says what it is.

    >>> from datetime import date; from decimal import Decimal
    >>> as_file([Sale("R1", date(2022, 7, 20), "5859", "34001", -10, Decimal("-118.8"))]).decode().splitlines()[1]
    '2022-07-20,34001,10,118.80,5859,returned,R1'
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(HEADER)
    for sale in sales:
        kind = "returned" if sale.bottles < 0 else "reported"
        amount = f"{abs(sale.dollars):.2f}"
        day = sale.day.isoformat()
        writer.writerow((day, sale.product, abs(sale.bottles), amount, sale.store, kind, sale.reference))
    return stream.getvalue().encode()


def load(env, company, distributor, name: str, sales: list[Sale]):
    """Load one file; bad rows stay in the report's own error file."""
    report = env["liquor.flow.report"].create({
        "company_id": company.id,
        "partner_id": distributor.id,
        "file": base64.b64encode(as_file(sales)),
        "filename": name,
    })
    report.action_read()
    report._load_now()
    return report
