"""The settings of a session, from options, environment, configuration and presets, as checked values.

In this order: options, the environment, the configured profile, the preset of the site, the defaults.
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
    """A setting that cannot be used; the message names it and says which values are allowed."""


class Site(msgspec.Struct, frozen=True):
    """A host and its region."""

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
    """The values of a configured profile; `None` for those not set."""

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
    """The settings of a session.

    `sdk_app_id` is the application of ids that are given without one. `results_kept_days` is how long the
    service stores files: 0 for ever, `None` for the service's default. `expiry_warning_s` is how long before
    they expire a warning is shown. `pause_for_s` is how long a pause lasts, 0 without end. `is_configured`
    is whether the configuration names the profile.
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

    @property
    def warns_before_s(self) -> float | None:
        """How long before files expire a warning is shown; `None` where they are stored for ever."""
        return None if self.results_kept_days == 0 else self.expiry_warning_s

    def is_known_profile(self) -> bool:
        """Whether the profile is configured or has a saved list: any other name may be a typing error."""
        if self.profile == DEFAULT_PROFILE or self.is_configured:
            return True
        return has_state(self.state_path().parent, self.profile)

    def new_profile_text(self) -> str:
        """Return the message for a new watch list of an unknown profile."""
        return _("Profile {name} is new: a watch list is created for it.").format(name=self.profile)

    def state_path(self, platform: str = sys.platform) -> Path:
        """Return the file of the watch list of this profile, host and region."""
        import platformdirs

        folder = self.state_dir or platformdirs.user_state_path("tiwtui")
        path = state_path(folder, self.profile, self.endpoint.netloc, self.region)
        return path if self.state_dir else existing_file(path, platform)


def existing_file(path: Path, platform: str = sys.platform) -> Path:
    """Return `path`; or, if nothing is there, the file of that name in the old folder of macOS.

    Before version 4.6, platformdirs ignored the XDG variables on macOS.
    """
    if platform == "darwin" and not os.path.exists(path):
        before = Path(os.path.expanduser("~/Library/Application Support/tiwtui"), path.name)
        return before if os.path.exists(before) else path
    return path


def other_sites(host: str) -> str:
    """Return the names of the sites with another host: a refused key may belong to one of them.

    There are none if the service is on this machine.
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
    """Return a valid SdkAppId. Raises `BadSettings`."""
    if not 0 < app < 2**63:
        raise BadSettings(_("SdkAppId {app} is not a positive number").format(app=app))
    return app


def checked_rate(per_second: float) -> float:
    """Return a valid budget in requests per second. Raises `BadSettings`."""
    if not LOWEST <= per_second <= HIGHEST:
        raise BadSettings(
            _("rate {rate:g} is not between {lowest:g} and {highest:g} requests a second").format(
                rate=per_second, lowest=LOWEST, highest=HIGHEST
            )
        )
    return per_second


def checked_kept_days(days: float) -> float:
    """Return for how many days the service stores files, 0 for ever. Raises `BadSettings`."""
    if not 0 <= days <= _MOST_KEPT_DAYS:
        raise BadSettings(
            _("{days:g} days are not between 0 (for ever) and {most}").format(days=days, most=_MOST_KEPT_DAYS)
        )
    return days


def checked_warning(seconds: float) -> float:
    """Return how long before files expire a warning is shown. Raises `BadSettings`."""
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
    """Return the settings; given values win over configured ones. Raises `BadSettings`.

    A given site also replaces the profile's host and region, which belong to another site.
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
