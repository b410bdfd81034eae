"""What a page can say of an invitation: when, how long, how often, what, and what is answered."""

import time

import pytest

from firstline.mail.mime.calendars import Invitation, invitation


def event(*lines: str, method: str = "REQUEST", before: str = "") -> Invitation:
    head = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\n{before}\r\nBEGIN:VEVENT"
    text = "\r\n".join([head, *lines, "END:VEVENT", "END:VCALENDAR", ""])
    found = invitation(text.encode(), "utf-8")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("field", "zone"),
    [
        (
            'DTSTART;TZID="(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius":20261201T100000',
            "(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius",
        ),
        ("DTSTART;TZID=(UTC+02:00) Helsinki, Kyiv:20261201T100000", "(UTC+02:00) Helsinki, Kyiv"),
        ("DTSTART;TZID=tzone://Microsoft/Custom:20261201T100000", "tzone://Microsoft/Custom"),
        ("DTSTART;VALUE=DATE-TIME;TZID=Europe/Sofia:20261201T100000", "Europe/Sofia"),
        ("DTSTART:20261201T100000Z", "UTC"),
        ("DTSTART:20261201T100000", ""),
    ],
)
def test_time_zone_and_end(field: str, zone: str) -> None:
    ends = field.replace("DTSTART", "DTEND").replace("T100000", "T113000")
    found = event(field, ends)
    assert (found.starts, found.ends, found.zone) == ("01.12.2026 10:00", "11:30", zone)


def test_a_zone_without_a_name_is_told_by_its_difference() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:tzone://Microsoft/Custom\r\nBEGIN:STANDARD\r\n"
        "DTSTART:16010101T000000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    )
    found = event("DTSTART;TZID=tzone://Microsoft/Custom:20261201T100000", before=zone)
    assert (found.starts, found.zone) == ("01.12.2026 10:00", "UTC+02:00")


@pytest.mark.parametrize(
    ("starts", "duration", "ends", "minutes"),
    [
        ("20261201T100000Z", "PT1H30M", "11:30", 90),
        ("20261201T233000Z", "PT45M", "02.12.2026 00:15", 45),
        ("20261201T100000Z", "P1DT2H", "02.12.2026 12:00", 1560),
        ("20261201T100000Z", "P1W", "08.12.2026 10:00", 10080),
        ("20261201", "P3D", "03.12.2026", 0),
        ("20261201", "P1D", "", 0),
        ("20261201T100000Z", "nonsense", "", 0),
        ("20261201T100000Z", "-PT1H", "", 0),
        ("99991231T100000Z", "P9999W", "", 0),
    ],
)
def test_a_duration_gives_the_end(starts: str, duration: str, ends: str, minutes: int) -> None:
    found = event(f"DTSTART:{starts}", f"DURATION:{duration}")
    assert (found.ends, found.minutes) == (ends, minutes)


def test_the_description_keeps_its_lines() -> None:
    found = event("DESCRIPTION:Agenda\\n1. Prices\\, terms\\n\\n\\n\\n2. Dates", "DTSTART:20261201")
    assert found.description == "Agenda\n1. Prices, terms\n\n2. Dates"
    written = event(
        'DESCRIPTION:<p>See <a href="https://meet.example/a">the page</a></p>', "DTSTART:20261201"
    )
    assert written.description == "See the page <https://meet.example/a>"
    assert len(event("DESCRIPTION:" + "x" * 20_000, "DTSTART:20261201").description) <= 2_001


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("FREQ=DAILY", {"every": "DAILY", "interval": 1}),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10",
            {"every": "WEEKLY", "interval": 2, "days": [[0, "MO"], [0, "FR"]], "count": 10},
        ),
        (
            "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231T220000Z",
            {"every": "MONTHLY", "interval": 1, "days": [[-1, "FR"]], "until": "31.12.2027"},
        ),
        (
            "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2",
            {"every": "MONTHLY", "interval": 1, "days": [[2, "TU"]]},
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=15", {"every": "MONTHLY", "interval": 1, "month_days": [15]}),
        ("", {}),
        ("FREQ=;;;=", {}),
    ],
)
def test_rules_of_repetition(rule: str, kept: dict[str, object]) -> None:
    assert event("DTSTART:20261201T100000Z", f"RRULE:{rule}").repeats == kept


@pytest.mark.parametrize("status", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_an_answer_says_which(status: str) -> None:
    answer = f'ATTENDEE;PARTSTAT={status};CN="Петров; Иван":mailto:ivan@example.com'
    found = event(answer, "DTSTART:20261201T100000Z", "COMMENT:On the road", method="REPLY")
    assert found.answer == status
    assert found.attendee == "Петров; Иван <ivan@example.com>"
    assert found.description == "On the road"
    # in a request the guests have not answered it by this mail
    assert event(answer, "DTSTART:20261201T100000Z").answer == ""


def test_a_cancelled_event_and_a_method_of_the_part() -> None:
    assert event("STATUS:CANCELLED", "DTSTART:20261201", method="PUBLISH").method == "CANCEL"
    text = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR"
    found = invitation(text, "", "reply")
    assert found is not None
    assert found.method == "REPLY"


def test_hostile_calendars_take_no_time() -> None:
    began = time.monotonic()
    for line in (
        "DTSTART;TZID=" + ":" * 100_000,
        "RRULE:FREQ=DAILY;BYDAY=" + "1MO," * 50_000,
        'DTSTART;X="' + '";"' * 50_000,
        "DESCRIPTION:" + "<p>" * 60_000,
        "DESCRIPTION:" + "\\n" * 100_000,
        "BEGIN:X\r\n" * 4_000 + "X:y",
    ):
        invitation(f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{line}\r\nEND:VEVENT\r\n".encode(), "")
    assert time.monotonic() - began < 3
