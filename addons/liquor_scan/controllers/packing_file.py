from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from odoo.addons.liquor_member.tools.download import CSV, send_file


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
        return send_file(content, f"packing-{upload.id}.csv", CSV)
