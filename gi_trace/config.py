"""Every setting once: name, default, meaning. Each is read from the environment as GI_TRACE_<NAME>."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gi_trace.codes.hosts import hosts_of
from gi_trace.offices.networks import networks_of
from gi_trace.witnesses.rules import watched_of, watchers_of


@dataclass(frozen=True)
class Setting:
    name: str
    default: Any
    meaning: str
    read: Callable[[str], Any] = str


SETTINGS = [
    Setting("DATA_DIR", "", "Folder of keys, the SQLite database and evidence; one must be named."),
    Setting("DATABASE_URL", "", "PostgreSQL address (postgresql+psycopg://…); empty: SQLite under DATA_DIR."),
    Setting("PUBLIC_URL", "http://127.0.0.1:8000", "Address printed into codes: scheme and host, no path."),
    Setting(
        "FORMER_HOSTS",
        (),
        "Hosts printed into codes before (old.example, …): their labels live on, and must lead here.",
        hosts_of,
    ),
    Setting("PACKING_BACKDATE_DAYS", 30, "How many days back a packing date may lie.", int),
    Setting(
        "OLD_STOCK_YEARS", 5, "Whole years from which stock is drawn only where a person named the lot.", int
    ),
    Setting(
        "MOST_LABELS_MADE",
        3_000_000,
        "Labels that one account fetches in an hour as workbooks or images.",
        int,
    ),
    Setting("STOCK_BACKDATE_DAYS", 15, "How many days back an act of stock may be dated.", int),
    Setting(
        "UNDO_DAYS", 30, "Days in which the authority may undo an act of stock without seeing the goods.", int
    ),
    Setting("PLOT_MOST_M2", 666_667, "The largest single plot in square metres (1,000 mu).", int),
    Setting(
        "RETURN_PERCENT",
        5,
        "Percent of what a firm packs of a product in a year that may come back from use without a lead, or be seen by "
        "sample alone, where the authority set no cap of its own.",
        int,
    ),
    Setting(
        "SPOILAGE_PERCENT", 5, "Spoilt labels of a run above this share need the authority's consent.", int
    ),
    Setting(
        "UNUSED_DAYS", 60, "Labels neither used nor spoilt after this time stand on the task lists.", int
    ),
    Setting("SESSION_HOURS", 12, "Hours after which a sign-in ends.", int),
    Setting("ONE_TIME_PASSWORD_DAYS", 7, "Days in which a one-time password must be used.", int),
    Setting("PACK_DAYS", 7, "Days in which an inspector's offline pack may be used.", int),
    Setting("OFFICE_CODE", "jiangmen", "Code of this office among those that send each other leads."),
    Setting(
        "OFFICE_NAME", "江门市市场监督管理局（演示）", "Name of this office on pages, papers and packages."
    ),
    Setting("ICP_NUMBER", "", "Number of the site's ICP filing, shown at the foot of public pages."),
    Setting("POLICE_NUMBER", "", "Number of the site's filing with the police, shown there too."),
    Setting("OFFICES_KB", 1024, "Largest package that another office may send, in kilobytes.", int),
    Setting(
        "OFFICES_ORIGINALS_MB", 50, "Most megabytes of photos that follow a lead to another office.", int
    ),
    Setting(
        "OFFICES_NETWORKS",
        (),
        "Private networks in which other offices may be (10.20.0.0/16, …); without, only public addresses.",
        networks_of,
    ),
    Setting(
        "WITNESSES",
        (),
        "Who watches our record: KEY URL, KEY URL, … of C2SP witnesses (other offices print theirs on /record).",
        watchers_of,
    ),
    Setting(
        "WITNESSED_RECORDS",
        {},
        "Whose records we watch: KEY, KEY, … as they stand on their /record.",
        watched_of,
    ),
    Setting("UPLOAD_MB", 8, "Largest upload in megabytes; pages of many photos take more.", int),
    Setting("PHOTOS_MB", 48, "Largest upload of photos from the public in megabytes: three of a phone.", int),
    Setting("SECURE_COOKIES", 0, "1 when the service is reached by https only.", int),
    Setting("RELOAD_MINUTES", 10, "A second look from the same device within this time is a reload.", int),
    Setting("CHECK_DAYS", 180, "Days after which raw checks are thinned to counts by upkeep.", int),
    Setting("IP_CITY_DB", "", "An ip2region xdb file, to name the city of a check; empty: no city."),
    Setting("TRUSTED_PROXIES", 0, "How many proxies in front may say the caller's address.", int),
    Setting(
        "REDIS_URL", "", "Redis that wakes the workers of several machines; empty: a file under DATA_DIR."
    ),
    Setting(
        "RATE_STORE", "", "Where limits count; empty: a file under DATA_DIR. Several machines: redis://…"
    ),
]


def settings_from_environment() -> dict[str, Any]:
    """All settings; raises ValueError naming the variable that cannot be read."""
    values = {}
    for setting in SETTINGS:
        text = os.environ.get(f"GI_TRACE_{setting.name}")
        try:
            values[setting.name] = setting.default if text is None else setting.read(text)
        except ValueError as error:
            raise ValueError(f"GI_TRACE_{setting.name}: {error}") from error
    return values


def database_url(settings: dict[str, Any]) -> str:
    if settings["DATABASE_URL"]:
        return settings["DATABASE_URL"]
    return f"sqlite:///{Path(settings['DATA_DIR']).resolve() / 'gi_trace.db'}"
