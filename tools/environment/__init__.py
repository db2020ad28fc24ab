"""Gets and runs what the suite stands on: Odoo, Python packages, PostgreSQL, databases, the server."""
