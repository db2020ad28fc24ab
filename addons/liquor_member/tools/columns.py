"""Fields of many records as plain lists: for batches where reading record by record costs more than the work."""


def column(records, name):
    """Return the values of one field, in the order of ``records``.

    Relations come as ids: a many2one as one or None, a relation to many as a tuple that also holds archived records.
    What is empty is None. Rights are checked as in ``record[name]``.
    """
    if name == "id":
        return list(records._ids)
    field = records._fields[name]
    if field.compute and field.store:
        records._recompute_recordset([name])
    known = field._get_cache(records.env)
    if any(key not in known for key in records._ids):
        for record in records:
            record[name]  # pylint: disable=pointless-statement  # read in batches, by the prefetch of the records
    return [known[key] for key in records._ids]


def columns(records, *names):
    """Return an iterator over the records' values: a tuple of ``names`` each, as ``column`` gives them."""
    return zip(*(column(records, name) for name in names), strict=True)
