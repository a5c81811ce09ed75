"""The house: arrows point down only, and the command line starts light."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import tiwtui
from tiwtui.ui import screens
from tiwtui.ui.screens.main import MainScreen

PACKAGE = Path(tiwtui.__file__).parent

LAYERS: dict[str, frozenset[str]] = {
    "catalog": frozenset(),
    "tasks": frozenset(),
    "clock": frozenset(),
    "crashes": frozenset(),
    "glyphs": frozenset({"tasks"}),
    "api": frozenset({"tasks"}),
    "words": frozenset({"tasks", "watch"}),
    "urls": frozenset({"words"}),
    "intake": frozenset({"tasks"}),
    "watch": frozenset({"api", "tasks", "clock"}),
    "listing": frozenset({"tasks", "words", "glyphs"}),
    "results": frozenset({"tasks", "words", "urls"}),
    "settings": frozenset({"api", "watch"}),
    "config": frozenset({"settings", "listing", "words"}),
    "key_ring": frozenset({"api"}),
    "session": frozenset({"api", "key_ring", "watch", "settings", "tasks", "clock", "words"}),
    "sim": frozenset({"api", "tasks"}),
    "ui": frozenset(
        {
            "session",
            "results",
            "watch",
            "listing",
            "api",
            "tasks",
            "words",
            "glyphs",
            "urls",
            "intake",
            "crashes",
        }
    ),
    "cli": frozenset(
        {
            "session",
            "key_ring",
            "results",
            "watch",
            "listing",
            "api",
            "tasks",
            "words",
            "glyphs",
            "config",
            "urls",
            "intake",
            "settings",
            "clock",
            "crashes",
            "sim",
            "ui",
        }
    ),
    "__main__": frozenset({"cli"}),
    "__init__": frozenset(),
}
"""Which rooms each room may import, `catalog` aside, which all may; a room that is not listed fails."""

ONLY_IN = {
    "textual": "ui",
    "httpx": {"api/client.py", "session.py", "sim/transport.py"},
    "h11": "sim",
    "gettext": {"catalog.py"},
}

MODULES = sorted(PACKAGE.rglob("*.py"))


@cache
def _imports(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            module = node.module or ""
            names.add(module)
            if module == "tiwtui":
                names.update(f"tiwtui.{alias.name}" for alias in node.names)
    return frozenset(names)


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_point_down_only(path: Path) -> None:
    """A room that looks upwards cannot be understood, or tested, without what is above it."""
    room = _room(path)
    for name in _imports(path):
        parts = name.split(".")
        if parts[0] == "tiwtui" and len(parts) > 1 and parts[1] not in (room, "catalog", "__version__"):
            assert parts[1] in LAYERS[room], f"{room} must not import {name}"


def test_every_arrow_is_used() -> None:
    """A table that allows more than there is would not show when an arrow is drawn for the first time."""
    drawn: dict[str, set[str]] = {}
    for path in MODULES:
        names = (name.split(".") for name in _imports(path))
        drawn.setdefault(_room(path), set()).update(
            parts[1] for parts in names if parts[0] == "tiwtui" and len(parts) > 1
        )
    assert {room: sorted(below - drawn[room]) for room, below in LAYERS.items() if below - drawn[room]} == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_libraries_stay_in_their_room(path: Path) -> None:
    """Textual draws, httpx speaks, h11 serves the simulator, gettext translates: each in one place."""
    where = path.relative_to(PACKAGE).as_posix()
    for library, room in ONLY_IN.items():
        if any(name.split(".")[0] == library for name in _imports(path)):
            assert where.startswith(f"{room}/") if isinstance(room, str) else where in room


def test_simulator_sees_only_signing_and_the_nouns() -> None:
    """It is to prove the client, so it must not share the client's ideas."""
    for path in (PACKAGE / "sim").rglob("*.py"):
        for name in _imports(path):
            if name.startswith("tiwtui.api"):
                assert name == "tiwtui.api.signing"


def test_command_line_imports_neither_textual_nor_httpx() -> None:
    """`tiwtui --help` and all that only reads what is kept must start at once."""
    code = "import sys, tiwtui.cli; print([name for name in ('textual', 'httpx') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_storeys_of_the_main_screen_are_as_told() -> None:
    """Ten classes on top of each other are read with a map, or not at all."""
    told = [line.split()[0] for line in (screens.__doc__ or "").splitlines() if line.startswith("    ")]
    modules = [storey.__module__.split(".") for storey in reversed(MainScreen.__mro__)]
    assert told == [parts[-1] for parts in modules if parts[:3] == ["tiwtui", "ui", "screens"]]


def test_the_readme_shows_every_room() -> None:
    """Who reads it looks for a room by its name, and finds none that is not there."""
    readme = Path(__file__).parents[1].joinpath("README.md").read_text("utf-8")
    picture = readme.partition("\ntiwtui/\n")[2].partition("```")[0]
    shown = set(re.findall(r"^  (\S+)", picture, re.MULTILINE))
    there = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in PACKAGE.glob("[!_]*")
        if path.suffix != ".typed"
    }
    assert shown == there


def test_modules_say_what_they_are_for() -> None:
    for path in MODULES:
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), f"{path} has no docstring"
