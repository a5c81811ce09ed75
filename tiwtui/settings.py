"""What a person chose: options, environment, and the presets they name → checked values."""

from dataclasses import dataclass
from pathlib import Path

from tiwtui.api.endpoint import BadEndpoint, Endpoint, parse_endpoint
from tiwtui.catalog import _
from tiwtui.watch.pacing import DEFAULT, HIGHEST, LOWEST
from tiwtui.watch.statefile import state_path


class BadSettings(ValueError):
    """A setting that cannot be used; the message names it and says what would be right."""


@dataclass(frozen=True, slots=True)
class Site:
    """A host and the region that it serves."""

    endpoint: str
    region: str


DEFAULT_SITE = "singapore"
DEFAULT_PROFILE = "default"

SITES = {
    "singapore": Site("tiw.tencentcloudapi.com", "ap-singapore"),
    "intl": Site("tiw.intl.tencentcloudapi.com", "ap-singapore"),
    "cn": Site("tiw.tencentcloudapi.com", "ap-guangzhou"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a session starts from. `sdk_app_id` stands for ids that are given without one."""

    endpoint: Endpoint
    region: str
    sdk_app_id: int | None = None
    requests_per_second: float = DEFAULT
    profile: str = DEFAULT_PROFILE
    state_dir: Path | None = None

    def state_path(self) -> Path:
        """Return the file that the watch list of this profile, host and region is kept in."""
        import platformdirs

        folder = self.state_dir or platformdirs.user_state_path("tiwtui")
        return state_path(folder, self.profile, self.endpoint.netloc, self.region)


def other_sites(host: str) -> str:
    """Return the names of the sites that another host serves: a refused key may belong to one of them."""
    return ", ".join(name for name, site in SITES.items() if site.endpoint != host)


def settings_from(
    *,
    profile: str | None = None,
    state_dir: Path | None = None,
    site: str | None = None,
    endpoint: str | None = None,
    region: str | None = None,
    sdk_app_id: int | None = None,
    rate: float | None = None,
) -> Settings:
    """Return the settings for what was given; what was not comes from the site. Raises `BadSettings`."""
    preset = SITES.get(site or DEFAULT_SITE)
    if preset is None:
        raise BadSettings(_("site {site!r} is not one of {known}").format(site=site, known=", ".join(SITES)))
    try:
        parsed = parse_endpoint(endpoint or preset.endpoint)
    except BadEndpoint as error:
        raise BadSettings(str(error)) from None
    place = (region or preset.region).strip()
    if not place or not place.isascii() or not all(letter.isalnum() or letter == "-" for letter in place):
        raise BadSettings(_("region {region!r} is not a region's name").format(region=region))
    if sdk_app_id is not None and not 0 < sdk_app_id < 2**63:
        raise BadSettings(_("SdkAppId {app} is not a positive number").format(app=sdk_app_id))
    per_second = DEFAULT if rate is None else rate
    if not LOWEST <= per_second <= HIGHEST:
        raise BadSettings(
            _("rate {rate:g} is not between {lowest:g} and {highest:g} requests a second").format(
                rate=per_second, lowest=LOWEST, highest=HIGHEST
            )
        )
    return Settings(parsed, place, sdk_app_id, per_second, profile or DEFAULT_PROFILE, state_dir)
