"""The configuration file as the command line takes it: where it is looked for, what it sets, how it ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.child_environment import child_environment
from tests.cli.runner import APP, ENVIRONMENT, READY, ran, simulated
from tests.cli.watch_list import WatchList
from tests.raw_server import in_a_thread
from tests.terminal.pty_person import at_terminal
from tiwtui.cli.config_file import config_path, configuration
from tiwtui.config.key_table import COMMANDS
from tiwtui.ui.drawing.themes import theme_names


@pytest.fixture
def usual() -> Path:
    """The file that is read when none is named."""
    path = config_path()
    path.parent.mkdir(parents=True)
    return path


def named(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "named.toml"
    path.write_text(text)
    return path


def test_the_usual_file_need_not_be_there(watch_list: WatchList) -> None:
    assert watch_list.run("list").exit_code == 0


def test_the_usual_file_is_below_the_home(usual: Path) -> None:
    assert usual.is_relative_to(Path.home())
    assert usual.name == "config.toml"


@pytest.mark.parametrize(
    "words", [("list",), ("urls",), ("add", "1/x"), ("rm", "x"), ("label", "x", "y"), ()]
)
def test_a_mistake_ends_every_command_with_2_before_it_does_anything(
    watch_list: WatchList, usual: Path, words: tuple[str, ...]
) -> None:
    usual.write_text("[profiles.school]\nrequests_per_secnd = 5\n[keys]\npause = 'x'\n")
    result = watch_list.run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    first, second = result.stderr.splitlines()
    assert first.startswith(f"{usual}:2: ")
    assert 'did you mean "requests_per_second"?' in first
    assert second.startswith(f'{usual}:4: keys.pause: "x" is taken: remove')
    assert not watch_list.folder.exists()


def test_a_named_file_stands_in_for_the_usual_one(watch_list: WatchList, usual: Path, tmp_path: Path) -> None:
    usual.write_text("not = toml = at all")
    path = named(tmp_path, "")
    assert watch_list.run("--config", str(path), "list").exit_code == 0
    assert ran("--config", str(path), "--state-dir", str(tmp_path / "state"), "list").exit_code == 0
    variables = {"TIWTUI_CONFIG": str(path), "TIWTUI_STATE_DIR": str(tmp_path / "state")}
    assert ran("list", environment=variables).exit_code == 0


@pytest.mark.parametrize("how", ["option", "variable"])
def test_a_named_file_that_is_not_there_is_an_error(how: str) -> None:
    """A file that is named must exist."""
    missing = "/nowhere/c.toml"
    if how == "option":
        result = ran("--config", missing, "list", environment={})
    else:
        result = ran("list", environment={"TIWTUI_CONFIG": missing})
    assert result.exit_code == 2
    assert missing in result.stderr


def test_a_file_that_is_a_folder_is_reported(watch_list: WatchList, usual: Path) -> None:
    usual.mkdir()
    result = watch_list.run("list")
    assert (result.exit_code, result.stderr) == (2, f"{usual}: cannot be read: Is a directory\n")


def test_a_profile_says_where_to_ask(tmp_path: Path) -> None:
    with in_a_thread(simulated()) as server:
        path = named(
            tmp_path,
            f"""
            profile = "school"
            [profiles.school]
            endpoint = "{server.endpoint}"
            sdk_app_id = {APP}
            [profiles.elsewhere]
            endpoint = "http://127.0.0.1:1"
            sdk_app_id = {APP}
            """,
        )
        assert ran("--config", str(path), "get", READY).exit_code == 0
        assert ran("--config", str(path), "--profile", "elsewhere", "get", READY).exit_code == 3
        assert ran("--config", str(path), "--endpoint", "http://127.0.0.1:1", "get", READY).exit_code == 3
        variables = ENVIRONMENT | {"TIWTUI_PROFILE": "elsewhere", "TIWTUI_CONFIG": str(path)}
        assert ran("get", READY, environment=variables).exit_code == 3


def test_each_profile_has_a_watch_list_of_its_own(watch_list: WatchList, usual: Path) -> None:
    usual.write_text('profile = "a"\n[profiles.a]\nsdk_app_id = 1\n[profiles.b]\nsdk_app_id = 2\n')
    assert watch_list.run("add", "x").stdout == "x\n"
    assert watch_list.run("--profile", "b", "list").stdout == ""
    assert watch_list.run("--profile", "a", "list").stdout.startswith("x\t1\t")


def test_a_profile_that_the_file_lacks_among_others_is_refused(watch_list: WatchList, usual: Path) -> None:
    """A mistyped name would ask the default site, with another watch list."""
    usual.write_text("[profiles.school]\n")
    result = watch_list.run("--profile", "scool", "list")
    assert result.exit_code == 2
    assert "'scool' is not one of school" in " ".join(result.stderr.split())
    assert watch_list.run("list").exit_code == 0


@pytest.mark.parametrize("words", [("list",), ("urls",), ("rm", "1/x"), ("label", "1/x", "y")])
def test_a_profile_that_nothing_knows_is_refused_by_commands_that_add_nothing(
    watch_list: WatchList, usual: Path, words: tuple[str, ...]
) -> None:
    """A mistyped name must not look like an empty list, and leaves no file behind."""
    usual.write_text("[ui]\n")
    result = watch_list.run("--profile", "scool", *words)
    assert result.exit_code == 2
    assert "'scool' is not configured and has no watch list" in " ".join(result.stderr.split())
    assert not watch_list.folder.exists()


def test_adding_begins_a_list_for_a_new_profile_and_says_so(watch_list: WatchList, usual: Path) -> None:
    """Without profiles in the file any name is a watch list, once a task was put on it."""
    usual.write_text("[ui]\n")
    added = watch_list.run("--profile", "anything", "add", "1/x")
    assert (added.exit_code, added.stderr) == (
        0,
        "Profile anything is new: a watch list is created for it.\n",
    )
    assert watch_list.run("--profile", "anything", "add", "1/y").stderr == ""
    assert watch_list.run("--profile", "anything", "--site", "intl", "list").exit_code == 0
    assert watch_list.run("--profile", "anything", "list").stdout.startswith("x\t1\t")
    assert watch_list.run("--profile", "any", "list").exit_code == 2


def test_a_command_that_only_reads_begins_no_file(watch_list: WatchList) -> None:
    result = watch_list.run("list")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert not watch_list.folder.exists()


def _loaded_by_list(tmp_path: Path, *modules: str) -> str:
    """Return which of some modules `tiwtui list` has imported at its end."""
    code = (
        "import sys; from tiwtui.cli import main\n"
        f"try: main()\nfinally: print([name for name in {modules} if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, "--state-dir", str(tmp_path / "state"), "list"]
    return subprocess.run(command, env=child_environment(), capture_output=True, text=True, check=True).stdout


def test_commands_that_show_no_screen_stay_light_with_a_file(usual: Path, tmp_path: Path) -> None:
    """Also with keys and filters to be checked in it."""
    usual.write_text('[ui]\ntheme = "x"\n[keys]\npause = "i"\n[filters]\nmine = "maths"\n')
    assert _loaded_by_list(tmp_path, "textual", "httpx") == "[]\n"


def test_the_parser_is_not_imported_without_a_file(tmp_path: Path) -> None:
    """Starting must stay cheap."""
    assert _loaded_by_list(tmp_path, "tomllib") == "[]\n"


# The screen


@pytest.mark.parametrize("words", [("demo",), ()])
def test_an_unknown_theme_is_reported_before_the_screen_opens(usual: Path, words: tuple[str, ...]) -> None:
    """loader law 3."""
    usual.write_text('[ui]\ntheme = "grubox"\n')
    with at_terminal(*words) as person:
        assert person.leave() == 2
        assert (
            b'config.toml:2: ui.theme: there is no theme "grubox"; did you mean "gruvbox"?' in person.received
        )
        assert not person.modes()


def test_the_demo_takes_keys_filters_and_signs_from_the_file(usual: Path) -> None:
    usual.write_text('[ui]\nglyphs = "ascii"\n[keys]\npause = "i"\n[filters]\nmerging = "phase:other"\n')
    with at_terminal("demo", "--seed", "1", "--speed", "0") as person:
        person.see("1 All 40")
        person.see(lambda text: "6 merging" in text and "i pause" in text and "●" not in text)
        person.type("i")
        person.see("paused")


def test_a_copy_goes_to_the_configured_command_first(usual: Path, tmp_path: Path) -> None:
    usual.write_text(f'[clipboard]\ncommand = ["sh", "-c", "cat > {tmp_path}/copied"]\n')
    with at_terminal("demo", "--seed", "1", "--speed", "0") as person:
        person.see(lambda text: _cursor_line(text) >= 0)
        person.type("y")
        person.see("1 id copied (sh)")
        assert len((tmp_path / "copied").read_text()) == 20


def test_a_terminal_that_draws_signs_wide_gets_ascii() -> None:
    """Many Chinese ones do."""
    with at_terminal("demo", "--seed", "1", "--speed", "0", cells=4) as person:
        person.see("1 All 40")
        person.see(lambda text: "live" in text)
        assert not set("●│▌◐…") & set(person.text)


def test_terminal_width_law_4_a_terminal_that_does_not_answer_gets_the_screen() -> None:
    """And an answer that comes when the screen is long there is no key."""
    with at_terminal("demo", "--seed", "1", "--speed", "0", cells=None) as person:
        before = person.see(lambda text: "1 All 40" in text and "● live" in text)
        person.type("\x1b[1;2R\x1b[1;5R\x1b[12;1R\x1b[12;3R")
        person.type("j")
        after = person.see(lambda text: _cursor_line(text) not in (-1, _cursor_line(before)))
        assert "words  !word" not in after
        assert "Add tasks" not in after


def _cursor_line(text: str) -> int:
    return next((number for number, line in enumerate(text.splitlines()) if "▌" in line[:2]), -1)


def test_the_readmes_example_is_a_configuration(tmp_path: Path) -> None:
    """It is there to be copied."""
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    example = readme.split("```toml\n")[1].split("```")[0]
    config = configuration(named(tmp_path, example), themes=theme_names)
    assert config.profile == "school"
    assert len(config.keys) == 5
    for command in COMMANDS:
        assert f"`{command.id}`" in readme, command.id
