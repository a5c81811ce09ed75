"""The names of the saved watch lists."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tiwtui.config.state_paths import state_path

NAMES = st.text(max_size=40)


@given(NAMES, NAMES, NAMES, NAMES, NAMES, NAMES)
def test_different_profiles_hosts_and_regions_never_share_a_file(
    a: str, b: str, c: str, d: str, e: str, f: str
) -> None:
    """Also where file names ignore case."""
    first, second = state_path(Path("/d"), a, b, c), state_path(Path("/d"), d, e, f)
    assert (first.name.lower() == second.name.lower()) == ((a, b.lower(), c) == (d, e.lower(), f))


@given(st.text(), st.text(), st.text())
def test_a_file_stays_in_its_directory_under_a_plain_name(profile: str, host: str, region: str) -> None:
    path = state_path(Path("/d"), profile, host, region)
    assert path.parent == Path("/d")
    assert path.name.isascii()
    assert "/" not in path.name
    assert not path.name.startswith(".")
    assert len(path.name) < 200


def test_the_name_says_what_the_file_belongs_to() -> None:
    path = state_path(Path("/d"), "school", "tiw.tencentcloudapi.com", "ap-singapore")
    assert path.name == "school@tiw.tencentcloudapi.com@ap-singapore.db"
