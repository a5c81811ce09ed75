"""The names that the screen's options take: views and tabs."""

from pathlib import Path

import pytest

from tests.cli.runner import ran
from tiwtui.config.settings import settings_from
from tiwtui.ui.main.view_state_file import ViewFile, view_path


@pytest.mark.parametrize("name", ["../x", "a b", ".", "-x", "x" * 40, "a\x1b[2J"])
def test_name_of_a_view_is_one_word_and_the_error_names_the_saved_ones(tmp_path: Path, name: str) -> None:
    """It becomes part of a file's name."""
    file = ViewFile(view_path(settings_from(state_dir=tmp_path).state_path(), "wall"))
    file.put("{}")
    file.write()
    result = ran("--state-dir", str(tmp_path), f"--view={name}")
    assert result.exit_code == 2
    assert "saved are wall" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("attenton", 'there is no tab "attenton"; did you mean "attention"?'),
        ("xyz", "known are all, active, ready, failed, attention"),
        ("Maths", "needs a terminal"),
        ("Attention", "needs a terminal"),
    ],
)
@pytest.mark.parametrize("command", [(), ("demo",)])
def test_tab_to_open_on_is_one_that_there_is(
    tmp_path: Path, name: str, said: str, command: tuple[str, ...]
) -> None:
    """A screen that silently opens on All would be on the wall for a week."""
    config = tmp_path / "config.toml"
    config.write_text("[filters]\nMaths = 'maths'\n")
    state = str(tmp_path / "state")
    result = ran("--config", str(config), "--state-dir", state, "--tab", name, *command)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
