"""Time zones as people choose them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.utils import translation

from firstline.base import zones


@pytest.mark.parametrize("language", ["ru", "bg", "en"])
def test_every_city_has_a_name_in_the_readers_language(language: str) -> None:
    with translation.override(language):
        regions = zones.regions()
    assert len(regions) == len(zones.REGIONS)
    offered = [zone for region in regions for zone in region.zones]
    assert len({zone.name for zone in offered}) == len(offered) > 400
    for zone in offered:
        city = zone.label.rpartition(", ")[0]
        is_cyrillic = any("а" <= letter <= "я" for letter in city.lower())
        assert is_cyrillic == (language != "en"), zone
        assert zones.zone(zone.name).key == zone.name


def test_labels_tell_the_city_and_the_difference() -> None:
    with translation.override("ru"):
        assert zones.label("Asia/Yekaterinburg") == "Екатеринбург, UTC+5"
        assert zones.label("UTC") == "UTC"
    with translation.override("bg"):
        assert zones.label("Asia/Kolkata").endswith(", UTC+5:30")
    with translation.override("en"):
        assert zones.label("America/Argentina/Buenos_Aires") == "Buenos Aires, UTC-3"


@pytest.mark.parametrize(
    ("offset", "text"),
    [(0, "UTC"), (180, "UTC+3"), (-210, "UTC-3:30"), (345, "UTC+5:45"), (-30, "UTC-0:30")],
)
def test_differences(offset: int, text: str) -> None:
    zone = timezone(timedelta(minutes=offset))
    assert zones.difference(datetime(2030, 1, 1, tzinfo=UTC).astimezone(zone)) == text


@pytest.mark.parametrize(
    "name",
    ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "localtime", "Europe", "\x00"],
)
def test_what_is_no_zone_is_the_installations_own(name: str) -> None:
    assert not zones.is_known(name)
    assert zones.zone(name).key == "UTC"


BROWSERS = """Africa/Asmera America/Buenos_Aires America/Catamarca America/Coral_Harbour America/Cordoba
America/Godthab America/Indianapolis America/Jujuy America/Louisville America/Mendoza Asia/Calcutta
Asia/Katmandu Asia/Rangoon Asia/Saigon Atlantic/Faeroe Europe/Kiev Pacific/Enderbury Pacific/Ponape
Pacific/Truk"""


@pytest.mark.parametrize("name", BROWSERS.split())
def test_old_names_that_browsers_still_say(name: str) -> None:
    current = zones.current_name(name)
    assert zones.is_listed(current)
    offered = {
        zone.name: zone.old_names.split() for region in zones.regions() for zone in region.zones
    }
    assert name in offered[current]


@pytest.mark.parametrize("name", ["Europe/Amsterdam", "UTC", "", "Mars/Base", "../etc/passwd"])
def test_other_names_stay_as_they_are(name: str) -> None:
    assert zones.current_name(name) == name
