"""Files that a route sends: to be saved, never run or kept by a browser (security.md 0.8)."""

from odoo.http import content_disposition, request

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_file(content, name, mimetype=XLSX):
    """Return the response of a route that sends a file.

    :param content: bytes or text
    :param str name: with its ending; slashes of a document's number become dashes
    """
    headers = [
        ("Content-Type", mimetype),
        ("Content-Disposition", content_disposition(name.replace("/", "-"))),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    ]
    return request.make_response(content, headers)
