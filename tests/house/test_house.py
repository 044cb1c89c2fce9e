"""The house itself: who may import whom, how long things grow, what may stand nowhere."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

from domain.errors import RefusedError
from infra import logs, settings
from tests.house.arrows import BESIDES, MAY_IMPORT, ONLY_IN
from tests.house.code import ROOMS, calls, files, imports, names, programs, text, tree

LINES_PER_FILE_MAX = 300
LINES_PER_FUNCTION_MAX = 40
LINES_PER_CONFTEST_MAX = 80

OUTSIDE_OF_DOMAIN = (
    "os time random secrets socket subprocess pathlib logging sys io tempfile"
)
BY_CHANCE = {"uuid4", "uuid.uuid4", "uuid1", "uuid.uuid1", "open"}
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
CLOCK = Path("infra/wall_clock.py")
# What these start inherits.
DOORS = ("infra/settings.py", "infra/postgres/", "infra/broker/")
EMPTY_NAMES = {"utils", "util", "manager", "helpers", "helper", "base", "common", "misc"}
PATCHING = {
    "monkeypatch",
    "mock",
    "mocker",
    "patch",
    "skip",
    "skipif",
    "xfail",
    "importorskip",
}
UNDONE = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
OF_A_MACHINE = re.compile(r"(?<![\w.~-])/(?:work|farm|root|home|Users)/")
ITSELF = Path("tests/house/test_house.py")


def within(module: str, allowed: str) -> bool:
    return any(f"{module}.".startswith(f"{name}.") for name in allowed.split())


def test_a_room_imports_only_what_it_may() -> None:
    wrong = [
        f"{path} imports {module}"
        for path in programs(*ROOMS)
        for module in imports(path)
        if module.split(".")[0] not in sys.stdlib_module_names | {path.parts[0]}
        and not within(module, MAY_IMPORT[path.parts[0]])
        and not within(module, BESIDES.get(str(path), ""))
    ]

    assert not wrong, "\n".join(map(str, wrong))


def test_some_packages_have_one_door() -> None:
    wrong = [
        f"{path} imports {module}"
        for path in programs(*ROOMS)
        for module in imports(path)
        if not str(path).startswith(ONLY_IN.get(module.split(".")[0], ""))
    ]

    assert not wrong, "\n".join(map(str, wrong))


def test_what_is_imported_is_declared() -> None:
    """Not come along with another package, which may leave it out tomorrow."""
    project = tomllib.loads(text(Path("pyproject.toml")))["project"]
    extras = project["optional-dependencies"]
    declared = {
        "product": {*map(package, project["dependencies"] + extras["broker"])},
        "tests": {*map(package, extras["dev"])},
    }
    provided = packages_distributions()
    wrong = {
        f"{path} imports {name}"
        for path in programs(*ROOMS, "tests")
        for name in {module.split(".")[0] for module in imports(path)}
        if name not in sys.stdlib_module_names | {*ROOMS, "tests"}
        and not {*map(package, provided.get(name, []))}
        & (declared["product"] | (declared["tests"] if path.parts[0] == "tests" else set()))
    }

    assert not wrong, "\n".join(sorted(wrong))


def package(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-")


def test_every_exception_to_the_arrows_is_still_used() -> None:
    for name, allowed in BESIDES.items():
        assert Path(name) in files(), f"there is no {name}"
        used = list(imports(Path(name)))
        assert all(any(within(m, each) for m in used) for each in allowed.split()), name


def test_the_domain_has_no_clock_no_chance_and_no_outside() -> None:
    wrong = [
        f"{path}: {name}"
        for path in programs("domain")
        for name in (*imports(path), *(called for called, _ in calls(path)))
        if within(name, OUTSIDE_OF_DOMAIN) or name in BY_CHANCE | CLOCKS
    ]

    assert not wrong, "\n".join(map(str, wrong))


def test_one_place_reads_the_clock_and_few_the_environment() -> None:
    assert [
        p for p in programs(*ROOMS) if p != CLOCK for c, _ in calls(p) if c in CLOCKS
    ] == []
    readers = {
        str(path)
        for path in programs(*ROOMS)
        for name in names(path)
        if name in {"os.environ", "os.getenv", "environ", "getenv"}
    }

    assert [path for path in sorted(readers) if not path.startswith(DOORS)] == []


def test_a_file_says_what_it_is_for() -> None:
    wrong = [
        p
        for p in programs(*ROOMS, "tests")
        if tree(p).body and not ast.get_docstring(tree(p))
    ]

    assert not wrong, "\n".join(map(str, wrong))


def test_files_and_functions_stay_short() -> None:
    long = []
    for path in programs(*ROOMS, "tests"):
        most = LINES_PER_CONFTEST_MAX if path.name == "conftest.py" else LINES_PER_FILE_MAX
        if (lines := len(text(path).splitlines())) > most:
            long.append(f"{path}: {lines} lines")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LINES_PER_FUNCTION_MAX:
                    long.append(f"{path}: {node.name} has {lines} lines")

    assert not long, "\n".join(long)


def test_names_say_what_a_thing_is_for() -> None:
    wrong = [str(path) for path in files() if EMPTY_NAMES & {path.stem, *path.parts}]
    wrong += [
        f"{path}: {node.name}"
        for path in programs(*ROOMS, "tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and re.search(r"(Manager|Helper|Utils?|Impl)$", node.name)
    ]

    assert not wrong, "\n".join(map(str, wrong))


def test_no_exception_is_swallowed_without_a_reason_beside_it() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path in programs(*ROOMS, "tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and all(isinstance(line, ast.Pass | ast.Continue) for line in node.body)
        and "#" not in "".join(text(path).splitlines()[node.lineno - 1 : node.end_lineno])
    ]
    wrong += [
        f"{path}:{call.lineno}"
        for path in programs(*ROOMS, "tests")
        for name, call in calls(path)
        if name.endswith("suppress")
        and {ast.unparse(kind) for kind in call.args} & {"Exception", "BaseException"}
    ]

    assert not wrong, "\n".join(map(str, wrong))


def test_nothing_is_patched_skipped_or_left_for_later() -> None:
    wrong = [
        f"{path}: {name}"
        for path in programs("tests")
        for name in (*names(path), *imports(path), *arguments(path))
        if PATCHING & set(name.split("."))
    ]
    wrong += [
        str(path)
        for path in programs(*ROOMS, "tests")
        if path != ITSELF and UNDONE.search(text(path))
    ]

    assert not wrong, "\n".join(map(str, wrong))


def arguments(path: Path) -> Iterator[str]:
    return (node.arg for node in ast.walk(tree(path)) if isinstance(node, ast.arg))


def test_tests_wait_for_conditions_and_not_for_time() -> None:
    waiting = Path("tests/waiting.py")
    wrong = [
        f"{path}:{call.lineno}"
        for path in programs("tests")
        for name, call in calls(path)
        if name in {"time.sleep", "sleep"} and path != waiting
    ]

    assert not wrong, "\n".join(map(str, wrong))


def refusals(of: type[RefusedError] = RefusedError) -> Iterator[type[RefusedError]]:
    for refusal in of.__subclasses__():
        yield refusal
        yield from refusals(refusal)


def test_every_refusal_has_a_status_and_a_sentence() -> None:
    for path in programs(*ROOMS):
        if "RefusedError" in text(path):
            import_module(".".join(path.with_suffix("").parts))
    status = import_module("api.problems").STATUS

    assert set(refusals()) - set(status) == set()
    assert all((refusal.__doc__ or "").rstrip().endswith(".") for refusal in refusals())


def test_every_setting_stands_in_the_readme_with_its_meaning() -> None:
    assert Path("README.md") in files(), "there is no README.md yet"
    readme = text(Path("README.md"))

    missing = [row for row in settings.table().splitlines() if row not in readme]
    assert not missing, (
        "`python -m infra.settings` prints the table; not in the README:\n"
        + ("\n".join(missing))
    )


def test_what_is_logged_is_on_the_list() -> None:
    levels = {"debug", "info", "warning", "error", "critical", "exception", "bind"}
    wrong = [
        f"{path}:{call.lineno}: {word.arg}"
        for path in programs(*ROOMS)
        for name, call in calls(path)
        if name.split(".")[0] == "log" and name.split(".")[-1] in levels
        for word in call.keywords
        if word.arg not in logs.KEYS | {"exc_info"}
    ]

    assert not wrong, "\n".join(map(str, wrong))


def test_no_path_of_a_machine_and_no_host_of_a_registry_is_kept() -> None:
    binary = {".png", ".gz", ".jar", ".xlsx", ".pdf", ".woff2", ".ico"}
    kept = [p for p in files() if p.suffix not in binary]
    wrong = [str(p) for p in kept if OF_A_MACHINE.search(text(p))]
    wrong += [str(p) for p in files() if p.suffix == ".lock" and "://" in text(p)]

    assert not wrong, "\n".join(map(str, wrong))
