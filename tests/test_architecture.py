"""The structure of the package: imports point down, without circles, and each library has one home."""

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tiwtui

PACKAGE = Path(tiwtui.__file__).parent
ROOT = Path(__file__).parents[1]

LAYERS: dict[str, frozenset[str]] = {
    "i18n": frozenset(),
    "model": frozenset(),
    "budget": frozenset(),
    "clock": frozenset(),
    "process": frozenset({"i18n"}),
    "spreadsheet_formulas": frozenset(),
    "glyphs": frozenset({"model"}),
    "api": frozenset({"i18n", "model"}),
    "engine": frozenset({"api", "budget", "clock", "i18n", "model"}),
    "store": frozenset({"engine", "i18n", "model", "process"}),
    "coordination": frozenset({"budget", "clock", "engine", "model", "store"}),
    "diagnostics": frozenset({"coordination", "engine", "model"}),
    "formatting": frozenset({"api", "i18n", "model", "sanitize"}),
    "sanitize": frozenset({"i18n"}),
    "near_names": frozenset({"i18n", "sanitize"}),
    "intake": frozenset({"spreadsheet_formulas", "model"}),
    "listing": frozenset({"formatting", "glyphs", "i18n", "model", "near_names", "sanitize"}),
    "results": frozenset({"api", "formatting", "spreadsheet_formulas", "i18n", "model", "sanitize"}),
    "config": frozenset({"api", "budget", "i18n", "listing", "near_names", "sanitize"}),
    "composition": frozenset(
        {"api", "clock", "config", "coordination", "engine", "i18n", "session", "store"}
    ),
    "session": frozenset(
        {"api", "clock", "config", "coordination", "diagnostics", "engine", "formatting", "model", "store"}
    ),
    "sim": frozenset({"api", "i18n", "model"}),
    "ui": frozenset(
        {"api", "budget", "config", "diagnostics", "engine", "formatting", "glyphs"}
        | {"i18n", "intake", "listing", "model", "results", "sanitize", "session", "store"}
        | {"process"}
    ),
    "cli": frozenset(
        {"api", "clock", "composition", "config", "engine", "formatting", "glyphs"}
        | {
            "i18n",
            "intake",
            "listing",
            "model",
            "near_names",
            "results",
            "sanitize",
            "session",
            "process",
            "sim",
            "store",
            "ui",
        }
    ),
    "__main__": frozenset({"cli"}),
    "__init__": frozenset(),
}
"""Which rooms each room imports: no other, and each of these."""

HOMES: dict[str, frozenset[str]] = {
    "textual": frozenset({"ui/"}),
    "rich": frozenset({"ui/", "cli/output.py"}),
    "httpx": frozenset({"api/client.py", "api/network_errors.py", "composition.py", "sim/transport.py"}),
    "h11": frozenset({"sim/"}),
    "gettext": frozenset({"i18n.py"}),
    "click": frozenset({"cli/"}),
    "sqlite3": frozenset({"store/", "coordination/"}),
}
"""Where each library may be imported: a module, or a folder and all below it."""

LATE_IN_CLI = {"commands.chosen_tasks", "commands.screen", "config_file", "output", "signals"}
"""What `tiwtui list` needs not: asyncio, filters, rich, the TOML parser. And the demo after the screen."""


def _modules() -> dict[str, Path]:
    """Return the path of each module by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("tiwtui", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES = _modules()


@cache
def _imports(path: Path) -> frozenset[str]:
    """Return every module that a file imports, also inside functions, by its full name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            module = node.module or ""
            for alias in node.names:
                full = f"{module}.{alias.name}"
                names.add(full if full in MODULES else module)
    return frozenset(names)


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def _circles(graph: dict[str, frozenset[str]]) -> Iterator[list[str]]:
    """Yield the groups of modules that reach each other: what is left once all that can be built is built."""
    left = {name: set(below) & set(graph) - {name} for name, below in graph.items()}
    while built := {name for name, below in left.items() if not below}:
        left = {name: below - built for name, below in left.items() if name not in built}
    # What only stands above a circle is not part of one.
    while tops := set(left) - set().union(*left.values(), set()):
        left = {name: below for name, below in left.items() if name not in tops}
    if left:
        yield sorted(left)


def test_imports_point_down_only() -> None:
    """A room that looks upwards cannot be understood, or tested, without what is above it."""
    drawn: dict[str, set[str]] = {room: set() for room in LAYERS}
    for name, path in MODULES.items():
        for imported in _imports(path):
            if imported in MODULES and _room(imported) != _room(name):
                drawn[_room(name)].add(_room(imported))
    for room in drawn:
        drawn[room].discard("__init__")
    assert drawn == {room: set(below) for room, below in LAYERS.items()}


def test_no_circles() -> None:
    """Two modules that import each other are one module in two files."""
    graph = {name: _imports(path) for name, path in MODULES.items()}
    assert list(_circles(graph)) == []


def test_libraries_have_one_home() -> None:
    """Textual draws, httpx sends, SQLite saves, click reads the command line: each in one room."""
    strays = [
        f"{path.relative_to(PACKAGE)} imports {library}"
        for path in MODULES.values()
        for library, homes in HOMES.items()
        if any(name.split(".")[0] == library for name in _imports(path))
        and not path.relative_to(PACKAGE).as_posix().startswith(tuple(homes))
    ]
    assert strays == []


def test_pure_rooms_are_given_time_and_chance_and_touch_nothing() -> None:
    """What is shown and what is read from text can be tested with values alone."""
    acting = {"asyncio", "os", "pathlib", "random", "shutil", "socket", "subprocess", "threading", "time"}
    strays = {
        name: acting & {imported.split(".")[0] for imported in _imports(path)}
        for name, path in MODULES.items()
        if _room(name) in ("model", "glyphs", "listing", "intake")
    }
    # A path is a value there: where the saved state lies.
    strays["tiwtui.model"] -= {"pathlib"}
    assert {name: found for name, found in strays.items() if found} == {}


def test_the_command_line_imports_at_the_top() -> None:
    """The table imports a command late, so its modules need not; what still does has its reason there."""
    late = {
        name.removeprefix("tiwtui.cli.")
        for name, path in MODULES.items()
        if _room(name) == "cli"
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert late == LATE_IN_CLI


def test_declared_dependencies_are_those_imported() -> None:
    """A library that is imported and not declared comes only by luck."""
    declared = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text("utf-8"))["project"]
    required = {
        re.split(r"[<>=!~;\[ ]", line)[0]
        for group in (declared["dependencies"], declared["optional-dependencies"]["keyring"])
        for line in group
    }
    imported = {name.split(".")[0] for path in MODULES.values() for name in _imports(path)}
    foreign = imported - set(sys.stdlib_module_names) - {"tiwtui"}
    assert foreign - required == set()


def test_simulator_sees_only_signing_and_the_nouns() -> None:
    """The simulator proves the client, so it must not share the client's ideas."""
    for path in (PACKAGE / "sim").rglob("*.py"):
        for name in _imports(path):
            assert not name.startswith("tiwtui.api") or name == "tiwtui.api.signing"


def test_nobody_but_the_command_line_knows_the_simulator() -> None:
    """What is simulated must not leak into what is real."""
    for name, path in MODULES.items():
        if any(imported.startswith("tiwtui.sim") for imported in _imports(path)):
            assert _room(name) in ("cli", "sim")


def test_the_readme_shows_every_room() -> None:
    """A reader looks for a room by its name, and finds none that is not there."""
    readme = ROOT.joinpath("README.md").read_text("utf-8")
    picture = readme.partition("\ntiwtui/\n")[2].partition("```")[0]
    shown = set(re.findall(r"^  (\S+)", picture, re.MULTILINE))
    there = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in PACKAGE.glob("[!_]*")
        if path.suffix != ".typed"
    }
    assert shown == there


MOST_BASES = 2
MOST_MODULES = 14
LINES_MOST = 350


def _classes() -> Iterator[tuple[str, list[str]]]:
    """Yield each class with the names of its bases; a name that stands twice has the bases of both."""
    for path in MODULES.values():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
                yield node.name, [base.id for base in bases if isinstance(base, ast.Name)]


def test_no_class_stands_on_more_than_two_others_of_ours() -> None:
    """What a storey of many does can only be known by reading all of them: parts are had, not inherited."""
    bases: dict[str, set[str]] = {}
    for name, names in _classes():
        bases.setdefault(name, set()).update(names)

    def below(name: str) -> set[str]:
        direct = {base for base in bases[name] if base in bases and base != name}
        return direct.union(*map(below, direct))

    assert {name: below(name) for name in bases if len(below(name)) > MOST_BASES} == {}


def test_no_folder_has_too_many_modules_and_no_module_is_long() -> None:
    """A folder of twenty is searched, not read. Commands are a list, and grow."""
    counts = Counter(path.parent for path in MODULES.values() if path.stem != "__init__")
    crowded = {folder.name for folder, count in counts.items() if count > MOST_MODULES}
    assert crowded - {"commands", "tiwtui"} == set()
    long = [path for path in MODULES.values() if len(path.read_text("utf-8").splitlines()) > LINES_MOST]
    assert long == []


def test_modules_say_what_they_are_for() -> None:
    for path in MODULES.values():
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), f"{path} has no docstring"


def test_every_match_has_a_case_for_the_rest() -> None:
    """Without one, a value that no case matches does nothing, and nothing says so."""
    still_open = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in MODULES.values()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Match) and not _is_for_the_rest(node.cases[-1])
    ]
    assert still_open == []


def _is_for_the_rest(case: ast.match_case) -> bool:
    """Whether a case is `case _`, `case name` or `case _ as name`, without a guard."""
    pattern = case.pattern.pattern if isinstance(case.pattern, ast.MatchAs) else case.pattern
    return case.guard is None and (pattern is None or ast.unparse(pattern) == "_")


DIALECT = r"\biif\(|\bifnull\(|INSERT OR |WITHOUT ROWID|\bPRAGMA\b|datetime\('now'|GLOB|= \?[^0-9]|\?,"
"""What PostgreSQL would not take in a statement."""

DIALECT_HOMES = frozenset({"schema.py", "database.py", "state_file.py", "backup.py"})


def test_statements_are_written_as_another_database_would_take_them() -> None:
    """Where a list is shared by a team, it will not lie in a file: only what opens the file knows SQLite."""
    strays = [
        f"{path.relative_to(PACKAGE)}: {text.strip()[:60]}"
        for path in MODULES.values()
        if path.relative_to(PACKAGE).parts[0] in ("store", "coordination") and path.name not in DIALECT_HOMES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(text := node.value, str)
        if re.search(r"\b(SELECT|INSERT|UPDATE|DELETE|PRAGMA)\b", text) and re.search(DIALECT, text)
    ]
    assert strays == []


LAW_IN_A_NAME = re.compile(r"def test_(?:([a-z_]+)_)?laws?_(\d+)(?:_(and|to)_(\d+))?_")
LAW_IN_A_TEXT = re.compile(r"\b(?:([a-z_]+) l|L)aw (\d+)")


def _named_laws(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the modules and numbers of the laws that a test file names; without a module it is its own."""
    own = path.stem.removeprefix("test_").removeprefix("sim_")
    text = path.read_text("utf-8")
    for module, number in LAW_IN_A_TEXT.findall(text):
        yield module or own, int(number)
    for module, first, joint, last in LAW_IN_A_NAME.findall(text):
        numbers = range(int(first), int(last) + 1) if joint == "to" else map(int, filter(None, (first, last)))
        yield from ((module or own, number) for number in numbers)


def test_every_law_has_a_test_that_names_it() -> None:
    """In its own tests by `test_law_2` or "Law 2", in others by `test_lease_law_2` or "lease law 2"."""
    named = {law for path in (ROOT / "tests").rglob("test_*.py") for law in _named_laws(path)}
    laws = {
        (path.stem, int(number))
        for name, path in MODULES.items()
        if _room(name) != "ui"
        for number in re.findall(
            r"^(\d+)\. ", ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "", re.MULTILINE
        )
    }
    assert laws - named == set()
