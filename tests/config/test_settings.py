"""Which of several sources a setting is taken from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tiwtui.cli.config_file import config_path
from tiwtui.config.settings import SITES, BadSettings, Profile, Settings, other_sites, settings_from

SCHOOL = Profile("cn", "tiw.example.com", "ap-shanghai", 1400000001, 5, 0)


def test_without_anything_the_default_site_is_asked() -> None:
    settings = settings_from()
    assert (settings.endpoint.netloc, settings.region) == ("tiw.tencentcloudapi.com", "ap-singapore")
    assert (settings.requests_per_second, settings.sdk_app_id, settings.results_kept_days) == (10, None, None)


def test_a_configured_profile_goes_before_the_sites_presets() -> None:
    settings = settings_from(configured=SCHOOL)
    assert (settings.endpoint.netloc, settings.region) == ("tiw.example.com", "ap-shanghai")
    assert (settings.sdk_app_id, settings.requests_per_second) == (1400000001, 5)
    assert settings.results_kept_days == 0


def test_a_configured_site_brings_its_host_and_region() -> None:
    settings = settings_from(configured=Profile(site="intl"))
    assert settings.endpoint.netloc == SITES["intl"].endpoint


def test_what_is_given_goes_before_the_profile() -> None:
    settings = settings_from(
        endpoint="http://127.0.0.1:8787", region="eu-frankfurt", sdk_app_id=7, rate=1, configured=SCHOOL
    )
    assert (settings.endpoint.netloc, settings.region) == ("127.0.0.1:8787", "eu-frankfurt")
    assert (settings.sdk_app_id, settings.requests_per_second) == (7, 1)


def test_a_site_that_is_given_sets_the_profiles_host_and_region_aside() -> None:
    """They belong to another site: a key would be sent where it is not known."""
    settings = settings_from(site="intl", configured=SCHOOL)
    assert (settings.endpoint.netloc, settings.region) == ("tiw.intl.tencentcloudapi.com", "ap-singapore")
    assert settings.sdk_app_id == 1400000001


@pytest.mark.parametrize(
    "made",
    [
        lambda: settings_from(site="mars", configured=SCHOOL),
        lambda: settings_from(region="a b", configured=SCHOOL),
        lambda: settings_from(rate=19.0, configured=SCHOOL),
        lambda: settings_from(sdk_app_id=0, configured=SCHOOL),
    ],
)
def test_what_is_given_wrongly_is_refused_beside_a_good_profile(made: Callable[[], Settings]) -> None:
    with pytest.raises(BadSettings):
        made()


@pytest.mark.parametrize(
    ("host", "sites"),
    [
        ("tiw.tencentcloudapi.com", "intl"),
        ("tiw.intl.tencentcloudapi.com", "singapore, cn"),
        ("tiw.example.com", "singapore, intl, cn"),
        ("127.0.0.1:8787", ""),
        ("[::1]:8787", ""),
        ("localhost", ""),
    ],
)
def test_the_sites_that_a_refused_key_may_belong_to_are_those_of_another_host(host: str, sites: str) -> None:
    """Who asks a service on this machine means no site at all."""
    assert other_sites(host) == sites


LIBRARY = "Library/Application Support/tiwtui"


@pytest.fixture
def xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the XDG variables name."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path / "tiwtui"


@pytest.mark.parametrize("path_on", [settings_from().state_path, config_path])
def test_a_file_in_the_old_folder_of_macos_is_found(path_on: Callable[[str], Path], xdg: Path) -> None:
    """A watch list that is not found after an upgrade is lost to its owner: no call could list it again."""
    assert path_on("darwin").parent == xdg
    before = Path.home() / LIBRARY / path_on("darwin").name
    before.parent.mkdir(parents=True)
    before.touch()
    assert path_on("darwin") == before
    assert path_on("linux").parent == xdg
    xdg.mkdir()
    path_on("linux").touch()
    assert path_on("darwin").parent == xdg


def test_a_folder_that_is_named_is_the_only_one(xdg: Path, tmp_path: Path) -> None:
    """Who names a folder does not mean another one."""
    settings = settings_from(state_dir=tmp_path / "mine")
    before = Path.home() / LIBRARY / settings.state_path("darwin").name
    before.parent.mkdir(parents=True)
    before.touch()
    assert settings.state_path("darwin").parent == tmp_path / "mine"
