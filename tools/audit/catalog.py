"""What PostgreSQL's catalog says of the suite's tables, for invariants that hold for all of them."""

TABLES = "(starts_with(relation.relname, 'liquor_') OR starts_with(relation.relname, 'test_liquor_'))"


def columns(cursor, types: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return (table, column) of the suite's tables whose type is one of ``types``."""
    cursor.execute(
        f"""
        SELECT relation.relname, attribute.attname
          FROM pg_class relation
          JOIN pg_attribute attribute ON attribute.attrelid = relation.oid
         WHERE relation.relkind IN ('r', 'p') AND NOT relation.relispartition
           AND relation.relnamespace = 'public'::regnamespace AND {TABLES}
           AND attribute.attnum > 0 AND NOT attribute.attisdropped AND attribute.atttypid::regtype::text = ANY(%s)
         ORDER BY 1, 2
        """,
        [list(types)],
    )
    return cursor.fetchall()


def tables_with(cursor, *names: str) -> list[str]:
    """Return the suite's tables that have all these columns."""
    cursor.execute(
        f"""
        SELECT relation.relname
          FROM pg_class relation
          JOIN pg_attribute attribute ON attribute.attrelid = relation.oid AND NOT attribute.attisdropped
         WHERE relation.relkind IN ('r', 'p') AND NOT relation.relispartition
           AND relation.relnamespace = 'public'::regnamespace AND {TABLES}
           AND attribute.attname = ANY(%s)
         GROUP BY 1 HAVING count(*) = %s ORDER BY 1
        """,
        [list(names), len(names)],
    )
    return [name for (name,) in cursor.fetchall()]


def has(cursor, table: str, column: str) -> bool:
    """Tell whether a table of the suite has a column."""
    return table in tables_with(cursor, column)


def relations(cursor) -> list[tuple[str, str, str]]:
    """Return (table, column, target) of foreign keys from the suite's tables to tables with a company."""
    cursor.execute(
        f"""
        SELECT relation.relname, attribute.attname, target.relname
          FROM pg_constraint entry
          JOIN pg_class relation ON relation.oid = entry.conrelid
          JOIN pg_class target ON target.oid = entry.confrelid
          JOIN pg_attribute attribute ON attribute.attrelid = entry.conrelid AND attribute.attnum = entry.conkey[1]
         WHERE entry.contype = 'f' AND relation.relnamespace = 'public'::regnamespace AND {TABLES}
           AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = entry.conrelid AND a.attname = 'company_id')
           AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = entry.confrelid AND a.attname = 'company_id')
           AND target.relname <> ALL(ARRAY['res_users', 'res_company'])
         ORDER BY 1, 2
        """
    )
    return cursor.fetchall()
