from werkzeug.exceptions import NotFound

from odoo.http import Controller, content_disposition, request, route


class PackingFile(Controller):
    """The packages of an upload that were refused, by the reader's own rights and companies."""

    @route("/liquor/packing/upload/<int:upload_id>.csv", type="http", auth="user", methods=["GET"])
    def bad_file(self, upload_id, **_kw):
        """Send the file of what is wrong."""
        upload = request.env["liquor.packing.upload"].browse(upload_id).exists()
        if not request.env.user._is_internal() or not upload or not upload.has_access("read"):
            raise NotFound
        content = upload._bad_file()
        if not content:
            raise NotFound
        headers = [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", content_disposition(f"packing-{upload.id}.csv")),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers)
