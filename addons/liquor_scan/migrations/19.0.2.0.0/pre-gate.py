def migrate(cr, version):
    """The gate of recalls became the gate of whatever stops goods; its rows are made anew, they hold no facts."""
    cr.execute("DROP TABLE IF EXISTS liquor_recall_gate")
    cr.execute("DELETE FROM ir_model WHERE model = 'liquor.recall.gate'")
