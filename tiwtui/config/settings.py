"""What a person chose → checked values.

What was given, as an option or in the environment, goes before what the configured profile says, that before
the preset of the site, and that before the defaults.
"""

import os
import sys
from pathlib import Path

import msgspec

from tiwtui.api.endpoint import BadEndpoint, Endpoint, parse_endpoint
from tiwtui.budget import DEFAULT, HIGHEST, LOWEST
from tiwtui.config.state_paths import has_state, state_path
from tiwtui.i18n import _


class BadSettings(ValueError):
    """A setting that cannot be used; the message names it and says what would be right."""


class Site(msgspec.Struct, frozen=True):
    """A host and the region that it serves."""

    endpoint: str
    region: str


DEFAULT_SITE = "singapore"
DEFAULT_PROFILE = "default"
PAUSE_S = 1800.0
"""How long a pause lasts unless it is renewed."""
_MOST_KEPT_DAYS = 36_500
EXPIRY_WARNING_S = 86_400.0
_LONGEST_WARNING_S = 259_200.0

SITES = {
    "singapore": Site("tiw.tencentcloudapi.com", "ap-singapore"),
    "intl": Site("tiw.intl.tencentcloudapi.com", "ap-singapore"),
    "cn": Site("tiw.tencentcloudapi.com", "ap-guangzhou"),
}


class Profile(msgspec.Struct, frozen=True):
    """What a configured profile says; `None` where it is silent."""

    site: str | None = None
    endpoint: str | None = None
    region: str | None = None
    sdk_app_id: int | None = None
    requests_per_second: float | None = None
    results_kept_days: float | None = None
    pause_for_s: float | None = None
    expiry_warning_s: float | None = None


NOTHING_CONFIGURED = Profile()


class Settings(msgspec.Struct, frozen=True):
    """Everything that a session starts from.

    `sdk_app_id` stands for ids that are given without one; `results_kept_days` is how long the service keeps
    files, 0 for ever, `None` as long as it says itself; `expiry_warning_s` is how long before their end that
    is said; `pause_for_s` is how long a pause lasts, 0 without end. `is_configured` says whether the
    configuration names the profile.
    """

    endpoint: Endpoint
    region: str
    sdk_app_id: int | None = None
    requests_per_second: float = DEFAULT
    profile: str = DEFAULT_PROFILE
    state_dir: Path | None = None
    results_kept_days: float | None = None
    expiry_warning_s: float = EXPIRY_WARNING_S
    is_configured: bool = False
    pause_for_s: float = PAUSE_S

    def is_known_profile(self) -> bool:
        """Whether the configuration or a saved file knows this profile: any other name may be mistyped."""
        if self.profile == DEFAULT_PROFILE or self.is_configured:
            return True
        return has_state(self.state_path().parent, self.profile)

    def new_profile_text(self) -> str:
        """Return what is said where a list is begun for a profile that nothing knows."""
        return _("Profile {name} is new: a watch list is begun for it.").format(name=self.profile)

    def state_path(self, platform: str = sys.platform) -> Path:
        """Return the file that the watch list of this profile, host and region is saved in."""
        import platformdirs

        folder = self.state_dir or platformdirs.user_state_path("tiwtui")
        path = state_path(folder, self.profile, self.endpoint.netloc, self.region)
        return path if self.state_dir else existing_file(path, platform)


def existing_file(path: Path, platform: str = sys.platform) -> Path:
    """Return `path`; or, if nothing is there, the file of its name in the folder where macOS had it before.

    Before platformdirs 4.6 the XDG variables did not count on macOS.
    """
    if platform == "darwin" and not os.path.exists(path):
        before = Path(os.path.expanduser("~/Library/Application Support/tiwtui"), path.name)
        return before if os.path.exists(before) else path
    return path


def other_sites(host: str) -> str:
    """Return the names of the sites that another host serves: a refused key may belong to one of them.

    Who asks a service on this machine means no site at all.
    """
    if parse_endpoint(f"https://{host}").is_loopback:
        return ""
    return ", ".join(name for name, site in SITES.items() if site.endpoint != host)


def checked_site(name: str) -> Site:
    """Return the preset of a name. Raises `BadSettings`."""
    preset = SITES.get(name)
    if preset is None:
        raise BadSettings(_("site {site!r} is not one of {known}").format(site=name, known=", ".join(SITES)))
    return preset


def checked_endpoint(text: str) -> Endpoint:
    """Return the endpoint that a text names. Raises `BadSettings`."""
    try:
        return parse_endpoint(text)
    except BadEndpoint as error:
        raise BadSettings(str(error)) from None


def checked_region(text: str) -> str:
    """Return a region's name without the spaces around it. Raises `BadSettings`."""
    place = text.strip()
    if not place or not place.isascii() or not all(letter.isalnum() or letter == "-" for letter in place):
        raise BadSettings(_("region {region!r} is not a region's name").format(region=text))
    return place


def checked_app(app: int) -> int:
    """Return a SdkAppId that can be one. Raises `BadSettings`."""
    if not 0 < app < 2**63:
        raise BadSettings(_("SdkAppId {app} is not a positive number").format(app=app))
    return app


def checked_rate(per_second: float) -> float:
    """Return a budget, in requests a second, that is allowed. Raises `BadSettings`."""
    if not LOWEST <= per_second <= HIGHEST:
        raise BadSettings(
            _("rate {rate:g} is not between {lowest:g} and {highest:g} requests a second").format(
                rate=per_second, lowest=LOWEST, highest=HIGHEST
            )
        )
    return per_second


def checked_kept_days(days: float) -> float:
    """Return for how many days files are kept, 0 for ever. Raises `BadSettings`."""
    if not 0 <= days <= _MOST_KEPT_DAYS:
        raise BadSettings(
            _("{days:g} days are not between 0 (for ever) and {most}").format(days=days, most=_MOST_KEPT_DAYS)
        )
    return days


def checked_warning(seconds: float) -> float:
    """Return how long before files expire that is said. Raises `BadSettings`."""
    if not 0 <= seconds <= _LONGEST_WARNING_S:
        raise BadSettings(_("it is not between 0h and 72h"))
    return seconds


def settings_from(
    *,
    profile: str | None = None,
    state_dir: Path | None = None,
    site: str | None = None,
    endpoint: str | None = None,
    region: str | None = None,
    sdk_app_id: int | None = None,
    rate: float | None = None,
    configured: Profile = NOTHING_CONFIGURED,
    is_configured: bool = False,
) -> Settings:
    """Return the settings for what was given and, beneath it, configured. Raises `BadSettings`.

    A site that is given sets aside the profile's own host and region: they belong to another one.
    """
    if site is None:
        endpoint, region = endpoint or configured.endpoint, region or configured.region
    preset = checked_site(site or configured.site or DEFAULT_SITE)
    app = configured.sdk_app_id if sdk_app_id is None else sdk_app_id
    per_second = configured.requests_per_second if rate is None else rate
    kept_days = configured.results_kept_days
    return Settings(
        checked_endpoint(endpoint or preset.endpoint),
        checked_region(region or preset.region),
        None if app is None else checked_app(app),
        DEFAULT if per_second is None else checked_rate(per_second),
        profile or DEFAULT_PROFILE,
        state_dir,
        None if kept_days is None else checked_kept_days(kept_days),
        EXPIRY_WARNING_S if configured.expiry_warning_s is None else configured.expiry_warning_s,
        is_configured,
        PAUSE_S if configured.pause_for_s is None else configured.pause_for_s,
    )
