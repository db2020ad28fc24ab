"""Tables of the bare routes, in plain SQL: a peer carries none of our weight."""


def post_init_hook(env) -> None:
    """Make a table of codes with an index, and one to insert into."""
    env.cr.execute("CREATE TABLE bench_bare_code (id bigserial PRIMARY KEY, batch integer NOT NULL, code varchar(17))")
    env.cr.execute("CREATE UNIQUE INDEX bench_bare_code_code ON bench_bare_code (code)")
    env.cr.execute(
        "CREATE TABLE bench_claim (id bigserial PRIMARY KEY, code varchar(17) NOT NULL UNIQUE,"
        " at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'))"
    )
