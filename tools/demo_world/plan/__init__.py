"""What the demo world is made of, as plain data: no Odoo, fixed seeds, the same on every machine."""
