"""The least an Odoo route can do: one SELECT, one INSERT."""

from odoo.http import Controller, request, route


class Bare(Controller):
    """Peers of the public page and of the claim."""

    @route("/bench/look/<string:code>", type="http", auth="public", save_session=False, readonly=True)
    def look(self, code: str):
        """One indexed SELECT."""
        request.env.cr.execute("SELECT batch FROM bench_bare_code WHERE code = %s", [code])
        row = request.env.cr.fetchone()
        return request.make_response(f"batch {row[0]}" if row else "unknown")

    @route("/bench/claim", type="http", auth="public", methods=["POST"], csrf=False, save_session=False)
    def claim(self, code: str):
        """One INSERT."""
        request.env.cr.execute("INSERT INTO bench_claim (code) VALUES (%s) RETURNING id", [code])
        return request.make_response(f"claim {request.env.cr.fetchone()[0]}")
