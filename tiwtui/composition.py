"""The composition root: settings, credentials, client, store and watcher made into a session."""

import os
import sys
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from tiwtui.api.credentials import CredentialSource, RefreshableCredentials
from tiwtui.api.deferred_client import DeferredClient, has_connection_settings
from tiwtui.clock import Clock, SystemClock
from tiwtui.config.settings import BadSettings, Settings
from tiwtui.coordination.sharing import terminal_name
from tiwtui.engine.transitions import KEPT_DAYS
from tiwtui.engine.watcher import Watcher
from tiwtui.i18n import _
from tiwtui.session import Session, Target
from tiwtui.store.database import Database
from tiwtui.store.task_store import TaskStore, editor_name

if TYPE_CHECKING:
    import httpx

    from tiwtui.api.client import Client


def open_session(
    settings: Settings,
    source: CredentialSource,
    *,
    store: TaskStore | None = None,
    clock: Clock | None = None,
    transport: "httpx.AsyncBaseTransport | None" = None,
    random: Random | None = None,
) -> Session:
    """Return a session for `settings`, not started yet. Raises `BadSettings`.

    `transport` stands in for the network where given, `store` holds the watch list; by default it is the
    saved one of the settings' profile, host and region, shared with every process that opens it. `random`
    spreads what backs off.
    """
    clock = clock or SystemClock()
    keys = RefreshableCredentials(source)
    budget, now = settings.requests_per_second, clock.monotonic()
    watcher = Watcher(budget=budget, random=random, kept_days=kept_days_of(settings), started_at=now)
    make = partial(client_for, settings, keys, clock, transport)
    # Connection settings that cannot be used are refused before the screen opens.
    is_needed_now = transport is not None or has_connection_settings(os.environ, sys.platform)
    client = make() if is_needed_now else DeferredClient(make)
    return Session(
        Target(settings.profile, settings.endpoint.netloc, settings.region, settings.sdk_app_id),
        watcher=watcher,
        store=store or TaskStore(Database(settings.state_path()), by=editor_name()),
        client=client,
        keys=keys,
        clock=clock,
        who=terminal_name(),
        pause_s=settings.pause_for_s or None,
        expiry_warning_s=settings.warns_before_s,
        begun=settings.new_profile_text() if store is None and not settings.is_known_profile() else None,
    )


def kept_days_of(settings: Settings) -> float:
    """Return for how many days the service stores files, 0 for ever."""
    return KEPT_DAYS if settings.results_kept_days is None else settings.results_kept_days


def client_for(
    settings: Settings,
    keys: RefreshableCredentials,
    clock: Clock,
    transport: "httpx.AsyncBaseTransport | None" = None,
) -> "Client":
    """Return a client for the service that `settings` name. Raises `BadSettings`."""
    import httpx

    from tiwtui.api.client import Client, http_for

    try:
        http = http_for(settings.endpoint, transport)
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise BadSettings(
            _("the proxy or certificates in the environment cannot be used: {error}").format(error=error)
        ) from None
    return Client(http, settings.endpoint, settings.region, keys.current, clock.wall)
