from odoo.http import Json2Dispatcher

JSON_LD = "application/ld+json"


class JsonLdDispatcher(Json2Dispatcher):
    """Routes that take JSON-LD as well: EPCIS 2.0 sends documents under that media type."""

    routing_type = "liquor_json_ld"
    mimetypes = ("application/json", JSON_LD)
