"""Time zones as people choose them: by city, in their language, with the difference from UTC.

Names are those of the IANA database. `zones.json` has its cities in Russian and Bulgarian, and in
English where the name in the database is not how the city is spelt.
"""

import json
import zoneinfo
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CITIES = Path(__file__).with_suffix(".json")
NOT_PLACES = {"Factory", "localtime"}
REGIONS = {
    "Europe": _("Europe"),
    "Asia": _("Asia"),
    "Africa": _("Africa"),
    "America": _("America"),
    "Australia": _("Australia"),
    "Atlantic": _("Atlantic Ocean"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
    "Antarctica": _("Antarctica"),
}
MOVED = {"Arctic": "Europe"}


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone to choose; `label` is its city with the difference from UTC at this time of year.

    `old_names`: what the zone was called before, parted by spaces. Browsers go on saying Europe/Kiev.
    """

    name: str
    label: str
    old_names: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """The zones of one part of the world, by the names of their cities."""

    label: str
    zones: list[Zone]


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone with this name; the installation's own for no name or one that there is not."""
    return zoneinfo.ZoneInfo(name if is_known(name) else settings.TIME_ZONE)


def is_known(name: str) -> bool:
    """Whether there is a zone with this name, be it an old one."""
    return name in _names()


def current_name(name: str) -> str:
    """The name by which a zone is listed: Europe/Kyiv for Europe/Kiev; others as they are."""
    return name if name in _cities() else _links().get(name, name)


def difference(moment: datetime) -> str:
    """How far the clock of a moment is from UTC: `UTC+3`, `UTC-4:30`, `UTC`."""
    offset = moment.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02d}" if minutes else "")


def regions() -> list[Region]:
    """All zones by part of the world, in the language of whoever reads now."""
    language, now = get_language() or "en", timezone.now()
    found: dict[str, list[Zone]] = {key: [] for key in REGIONS}
    for name in _cities():
        region = name.split("/")[0]
        zone = Zone(name, _label(name, language, now), " ".join(_old_names().get(name, ())))
        found[MOVED.get(region, region)].append(zone)
    by_label = {key: sorted(zones, key=lambda one: one.label) for key, zones in found.items()}
    return [Region(str(REGIONS[key]), zones) for key, zones in by_label.items()]


def is_listed(name: str) -> bool:
    """Whether a zone is among those of `regions`; old names and UTC are not."""
    return name in _cities()


def label(name: str) -> str:
    """A zone in words: its city, in the language of whoever reads now, and the difference from UTC."""
    return _label(name, get_language() or "en", timezone.now())


def _label(name: str, language: str, now: datetime) -> str:
    plain = name.rpartition("/")[2].replace("_", " ")
    city = _cities().get(name, {}).get(language, plain)
    offset = difference(now.astimezone(zoneinfo.ZoneInfo(name)))
    return city if city == offset else f"{city}, {offset}"


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - NOT_PLACES)


@cache
def _cities() -> dict[str, dict[str, str]]:
    """Names of the cities by zone, only of zones that this machine knows."""
    cities: dict[str, dict[str, str]] = json.loads(CITIES.read_text(encoding="utf-8"))["zones"]
    return {name: names for name, names in cities.items() if name in _names()}


@cache
def _links() -> dict[str, str]:
    """Old names of listed zones, with the names of today (the IANA file `backward`)."""
    source = files("tzdata").joinpath("zoneinfo", "tzdata.zi").read_text(encoding="ascii")
    pairs = [line.split()[1:3] for line in source.splitlines() if line.startswith("L ")]
    return {old: name for name, old in pairs if name in _cities() and old not in _cities()}


@cache
def _old_names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for old, name in _links().items():
        found.setdefault(name, []).append(old)
    return found
