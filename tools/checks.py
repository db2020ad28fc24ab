"""Rules of this project that no general linter knows; each finding is one line ``file:line: what``.

- engines import neither Odoo nor a model;
- no add-on names a model of a higher one (arrows point downwards only);
- the lower rooms of liquor_scan name no room above them (docs/architecture.md);
- files of code stay under 400 lines, functions under 50;
- a test that needs the served copy stands in a folder that lane 2 of the tests runs;
- every line of docs/requirements.csv and docs/attacks.csv names a state and, when done, a proof that exists.
"""

import ast
import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.environment.lanes import SERVED

ROOT = Path(__file__).resolve().parents[1]
ADDONS = ROOT / "addons"
ORDER = ("liquor_member", "liquor_channel", "liquor_scan")
# Of liquor_scan, from below: a room uses those before it, every other room uses these.
LOWER_ROOMS = ("codes", "flow", "packing")
MAXIMUM_LINES = 400
MAXIMUM_FUNCTION = 50
PROVEN = (ROOT / "docs" / "requirements.csv", ROOT / "docs" / "attacks.csv")
STATES = {"done", "part", "none"}
# Fixtures of tests/ with a server or a browser behind them; tests at scale are in the full run only, which is one lane.
FIXTURES = {"site", "chromium"}
ONE_LANE = "tests/scale"


def tracked(pattern: str) -> list[Path]:
    """Return the files git knows or would add that match ``pattern``."""
    words = ["git", "ls-files", "-co", "--exclude-standard", pattern]
    names = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def engines(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Find imports of Odoo in an engine."""
    if "/engine/" not in str(path) or "/tests/" in str(path):
        return
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            if name.split(".")[0] == "odoo":
                yield node.lineno, f"an engine imports {name}"


def sizes(path: Path, tree: ast.Module, lines: int) -> Iterator[tuple[int, str]]:
    """Find files and functions that have grown too long."""
    if lines > MAXIMUM_LINES:
        yield 1, f"{lines} lines; at most {MAXIMUM_LINES}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            if length > MAXIMUM_FUNCTION:
                yield node.lineno, f"{node.name} has {length} lines; at most {MAXIMUM_FUNCTION}"


def models_by_addon() -> dict[str, set[str]]:
    """Return add-on -> names of the models it declares."""
    found = {}
    for addon in ORDER:
        names = set()
        for path in tracked(f"addons/{addon}/*.py"):
            names.update(re.findall(r'(?m)^    _name = "(liquor\.[\w.]+)"', path.read_text(encoding="utf-8")))
        found[addon] = names
    return found


def arrows() -> Iterator[str]:
    """Find a name of a higher add-on, or of one of its models, in a lower one."""
    models = models_by_addon()
    for position, addon in enumerate(ORDER):
        higher = ORDER[position + 1 :]
        names = {name for above in higher for name in models[above]}
        for path in tracked(f"addons/{addon}/*"):
            if path.suffix not in {".py", ".xml", ".csv", ".js"}:
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                words = set(re.findall(r"liquor\.[a-z_.]+[a-z]", line)) & names
                addons = [above for above in higher if re.search(rf"\b{above}\b(?!/)", line)]
                if words or (addons and not line.lstrip().startswith(("#", '"""'))):
                    yield f"{path.relative_to(ROOT)}:{number}: names {', '.join([*words, *addons])} of a higher add-on"


def rooms() -> Iterator[str]:
    """Find a module or model of a higher room in one of the lower rooms of liquor_scan."""
    addon = ADDONS / ORDER[-1]
    files = [path for path in tracked(f"addons/{addon.name}/*.py") if path.parts[-3] in ("models", "engine")]
    room_of = {}
    for path in files:
        for name in re.findall(r'(?m)^    _name = "(liquor\.[\w.]+)"', path.read_text(encoding="utf-8")):
            room_of[name] = path.parts[-2]
    known = {path.parts[-2] for path in files}
    for path in files:
        own = path.parts[-2]
        lower = set(LOWER_ROOMS[: LOWER_ROOMS.index(own) + 1]) if own in LOWER_ROOMS else known
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            imported = re.match(r"from \.{2,3}(?:engine\.)?(\w+)\b", line)
            named = {room_of.get(name, own) for name in re.findall(r'"(liquor\.[\w.]+)"', line)}
            above = (named | ({imported[1]} & known if imported else set())) - lower
            if above:
                yield f"{path.relative_to(ROOT)}:{number}: names room {', '.join(sorted(above))} from {own}"


def served() -> Iterator[str]:
    """Find tests and fixtures that need the served copy or a browser outside of ``lanes.SERVED``."""
    for path in tracked("tests/*.py"):
        name = path.relative_to(ROOT)
        if any(name.is_relative_to(folder) for folder in (*SERVED, ONE_LANE)):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            wanted = {one.arg for one in node.args.args} & FIXTURES if isinstance(node, ast.FunctionDef) else set()
            if wanted:
                yield f"{name}:{node.lineno}: {wanted.pop()} is for folders of lanes.SERVED ({', '.join(SERVED)})"


def proven(path: Path) -> Iterator[str]:
    """Find lines of a table without a valid state or with a proof that does not exist."""
    name = path.relative_to(ROOT)
    if not path.exists():
        yield f"{name}: missing"
        return
    with path.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), 2):
            where = f"{name}:{number}: {row['row']}"
            if row["state"] not in STATES:
                yield f"{where}: state {row['state']!r}"
            if row["state"] == "done" and not row["proof"]:
                yield f"{where}: done without a proof"
            for proof in filter(None, (part.strip() for part in row["proof"].split(";"))):
                yield from (f"{where}: {reason}" for reason in _missing(proof))


def _missing(proof: str) -> Iterator[str]:
    name, _, test = proof.partition("::")
    path = ROOT / name
    if not path.exists():
        yield f"no file {name}"
    elif test and not re.search(rf"\b{re.escape(test.split('::')[-1])}\b", path.read_text(encoding="utf-8")):
        yield f"{name} has no {test}"


def main() -> int:
    """Print every finding; the exit status is 1 when there is one."""
    findings = []
    for path in tracked("*.py"):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        for line, what in [*engines(path, tree), *sizes(path, tree, text.count("\n"))]:
            findings.append(f"{path.relative_to(ROOT)}:{line}: {what}")
    findings += [*arrows(), *rooms(), *served(), *(finding for path in PROVEN for finding in proven(path))]
    sys.stdout.write("".join(f"{finding}\n" for finding in findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
