def migrate(cr, version):
    """Rolls that were stopped or released by an earlier release get the rows that say so, once."""
    columns = "check_id, company_id, batch_id, first, last, create_uid, create_date, write_uid, write_date"
    roll = "c.id, c.company_id, c.batch_id, c.first, c.last, c.create_uid, now(), c.create_uid, now()"
    unknown = "NOT EXISTS (SELECT FROM liquor_packing_stop s WHERE s.check_id = c.id AND s.kind = %s)"
    cr.execute(
        f"INSERT INTO liquor_packing_stop ({columns}, kind, fault, user_id, event_time)"
        f" SELECT DISTINCT ON (c.id) {roll}, 'stopped', l.fault, l.user_id, l.checked_at"
        " FROM liquor_packing_check c JOIN liquor_packing_check_case l ON l.check_id = c.id AND l.fault IS NOT NULL"
        f" WHERE c.state IN ('stopped', 'released') AND {unknown} ORDER BY c.id, l.id",
        ["stopped"],
    )
    cr.execute(
        f"INSERT INTO liquor_packing_stop ({columns}, kind, reason, user_id, event_time)"
        f" SELECT {roll}, 'released', c.release_reason, c.released_by_id, c.released_at"
        f" FROM liquor_packing_check c WHERE c.state = 'released' AND {unknown} ORDER BY c.id",
        ["released"],
    )
