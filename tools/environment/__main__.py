"""Command line of the environment: what ``make`` calls."""

import contextlib
import fcntl
import sys
from collections.abc import Callable, Iterator, Sequence

from . import (
    auditing,
    benching,
    cluster,
    databases,
    demo,
    image,
    lint,
    odoo_source,
    office,
    python_env,
    real_data,
    screenshots,
    server,
    system,
    testing,
    translations,
)
from .console import Failure, say
from .settings import DEMO_DATABASE, RUN


def prepare(*, development: bool = False) -> None:
    """Bring machine, Odoo, packages and cluster to where every command can start from."""
    system.check_disk()
    system.ensure({**system.SERVE, **(system.BROWSE | system.LINT if development else {})})
    odoo_source.ensure()
    python_env.ensure("development" if development else "odoo")
    cluster.ensure()


def setup(arguments: Sequence[str]) -> int:
    """Everything but the demo world, for those who develop."""
    prepare(development=True)
    databases.ensure_base_template()
    return 0


def down(arguments: Sequence[str]) -> int:
    """Stop the server and PostgreSQL."""
    server.down()
    return 0


def test(arguments: Sequence[str]) -> int:
    """What CI runs."""
    prepare(development=True)
    return testing.suite(arguments, full=False)


def test_full(arguments: Sequence[str]) -> int:
    """Every test, also the heavy ones."""
    prepare(development=True)
    office.ensure()
    return testing.suite(arguments, full=True)


def test_engine(arguments: Sequence[str]) -> int:
    """The engines alone."""
    system.check_disk()
    odoo_source.ensure()
    python_env.ensure("development")
    return testing.engine(arguments)


def lint_static(arguments: Sequence[str]) -> int:
    """Everything lint can say without a database."""
    system.check_disk()
    system.ensure(system.LINT)
    odoo_source.ensure()
    python_env.ensure("development")
    return lint.static()


def whole_lint(arguments: Sequence[str]) -> int:
    """Lint with Odoo's own linters and the translations."""
    prepare(development=True)
    return lint.whole(arguments)


def translate(arguments: Sequence[str]) -> int:
    """Write every add-on's template and bring its Chinese file up to date."""
    prepare(development=True)
    return translations.update()


def make_image(arguments: Sequence[str]) -> int:
    """Build the container image."""
    return image.build()


def up(arguments: Sequence[str]) -> int:
    """Serve the demo world in the background; the first time everything it needs is fetched and built."""
    prepare()
    demo.ensure()
    demo.tell_address()
    server.start(DEMO_DATABASE)
    demo.print_logins()
    return 0


def take_screenshots(arguments: Sequence[str]) -> int:
    """Photograph every role's main screens."""
    prepare(development=True)
    return screenshots.take([*arguments])


def lock(arguments: Sequence[str]) -> int:
    """Write the lock files of the Python packages anew."""
    python_env.lock()
    return 0


def bench(arguments: Sequence[str]) -> int:
    """Measure against the peers into ``.run/bench.json``."""
    prepare()
    system.ensure(system.MEASURE)
    return benching.bench(arguments)


def audit(arguments: Sequence[str]) -> int:
    """Check every invariant on a database (``DB=``)."""
    prepare()
    return auditing.audit(arguments)


def demo_real(arguments: Sequence[str]) -> int:
    """Load the real data into its own database, settle it, check its totals."""
    prepare()
    return real_data.load(arguments)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "setup": setup,
    "down": down,
    "lint-static": lint_static,
    "lint": whole_lint,
    "translations": translate,
    "run": up,
    "up": up,
    "image": make_image,
    "lock": lock,
    "demo-real": demo_real,
    "screenshots": take_screenshots,
    "test": test,
    "test-full": test_full,
    "test-engine": test_engine,
    "bench": bench,
    "audit": audit,
}


def main(words: Sequence[str]) -> int:
    """Run one command; one at a time in a checkout.

    :param words: the command's name and its arguments
    """
    name, *arguments = words or ["run"]
    if name not in COMMANDS:
        say(f"There is no command “{name}”. There are: {', '.join(COMMANDS)}")
        return 2
    RUN.mkdir(parents=True, exist_ok=True)
    try:
        with _alone(name):
            status = COMMANDS[name](arguments)
        return server.wait() if name == "run" and status == 0 else status
    except Failure as failure:
        say(f"Stopped: {failure}")
        return 1
    except KeyboardInterrupt:
        say("Interrupted; the next start resumes here.")
        return 130


@contextlib.contextmanager
def _alone(name: str) -> Iterator[None]:
    """Let one command of this checkout work at a time; only ``down`` never waits."""
    with (RUN / "lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if name != "down":
                say("Another command of this checkout is at work; waiting for it ...")
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
