"""The table of commands: it holds every command with a true summary, and imports it only when it runs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tiwtui.cli.commands
from tests.cli.runner import ran
from tiwtui.cli.registry import COMMANDS, SCREEN, load

ASKS_THE_SERVICE = frozenset({"demo", "get", "wait", "watch"})
LIGHT = sorted(COMMANDS.keys() - ASKS_THE_SERVICE)
HEAVY_LIBRARIES = ("textual", "httpx")


def imported(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has imported after some code."""
    code = f"{code}\nimport sys\nsys.__stdout__.write('\\n' + ' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("name", LIGHT)
def test_a_command_without_network_imports_neither_textual_nor_httpx(name: str) -> None:
    """Such commands stand in loops of scripts: each must start and end at once."""
    modules = imported(f"import tiwtui.cli.commands.{name}")
    assert modules.isdisjoint(HEAVY_LIBRARIES)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_no_command(option: str) -> None:
    """Law 1: the summaries are in the table."""
    modules = imported(f"from tiwtui.cli.main import tiwtui\ntiwtui(['{option}'], standalone_mode=False)")
    assert [name for name in modules if name.startswith("tiwtui.cli.commands")] == []
    assert modules.isdisjoint({*HEAVY_LIBRARIES, "asyncio"})


def test_help_shows_each_command_with_its_summary() -> None:
    words = " ".join(ran("--help").stdout.split())
    for name, summary in COMMANDS.items():
        assert f" {name} {summary}" in words


@pytest.mark.parametrize("name", COMMANDS)
def test_a_summary_opens_the_help_of_its_command(name: str) -> None:
    """The table repeats the first sentence of the help; the two must not drift apart."""
    command = load(name)
    assert command.name == name
    assert " ".join((command.help or "").split()).startswith(COMMANDS[name])


def test_each_module_is_in_the_table_or_says_that_it_is_no_command() -> None:
    """Law 2: a command that is not in the table cannot be run."""
    folder = Path(tiwtui.cli.commands.__path__[0])
    helpers = {
        path.stem
        for path in folder.glob("[!_]*.py")
        if "Not a command." in (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "")
    }
    modules = {path.stem for path in folder.glob("[!_]*.py")}
    assert modules - helpers == {*COMMANDS, SCREEN}


def test_an_unknown_command_is_a_usage_error() -> None:
    result = ran("nosuch")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'there is no command "nosuch"' in result.stderr
    assert "did you mean" not in result.stderr


@pytest.mark.parametrize(("typed", "meant"), [("lst", "list"), ("demoo", "demo"), ("waits", "wait")])
def test_a_mistyped_command_is_named(typed: str, meant: str) -> None:
    result = ran(typed)
    assert result.exit_code == 2
    assert f'there is no command "{typed}"; did you mean "{meant}"?' in result.stderr


def test_foreign_text_in_a_mistyped_command_stays_text() -> None:
    assert "\x1b" not in ran("l\x1b[2Jst").stderr
