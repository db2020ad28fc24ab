"""Writes the dashboards that liquor_channel ships: ``python -m tools.dashboards`` (their JSON is never edited by hand).

Each board is described once; from the same description come the dashboard, whose cells ask the database, and the
sample that Odoo shows instead while there are no records.
"""
