"""Creating an alert: projects found as one types, nothing lost on a mistake, one or many (cap 94-98)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from firstline.people.models import Person, Project
from firstline.tickets.models import Alert, Broadcast
from tests.cast import Cast
from tests.web.pages import form_of, html

SignedIn = Callable[[Person], Client]
ADDRESS = "/alerts/new/"
NEW = {"type": "complaint", "title": "A picture", "text": "Take it down, please."}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def more(cast: Cast) -> list[Project]:
    return [
        Project.objects.create(identifier=f"p-{number:03d}", name="Склад", owner=cast.zlata)
        for number in range(45)
    ]


def identifiers(page: str) -> list[str]:
    return re.findall(r'name="project" value="([^"]+)"', page)


def find(client: Client, typed: str, **asked: Any) -> str:
    return html(client.get("/alerts/projects/", {"find": typed, **asked}, headers=HTMX))


@pytest.mark.parametrize("typed", ["orbita", "shop", "магазин", "МАГ", "орбит", "магазин орбита"])
def test_a_project_is_found_by_what_one_knows(
    cast: Cast, more: list[Project], signed_in: SignedIn, typed: str
) -> None:
    assert identifiers(find(signed_in(cast.anna), typed)) == ["orbita-shop"]


def test_the_list_is_bounded_and_goes_on_by_key(
    cast: Cast, more: list[Project], signed_in: SignedIn
) -> None:
    client, found, after = signed_in(cast.anna), list[str](), ""
    for _page in range(3):
        page = find(client, "склад", after=after)
        found += identifiers(page)
        key = re.search(r'name="after" value="([^"]+)"', page)
        after = key[1] if key else ""
    assert found == [one.identifier for one in more]
    assert after == ""
    assert "No project has this" in find(client, "nothing-like-it")


def test_chosen_ones_stay_and_people_are_counted(
    cast: Cast, more: list[Project], signed_in: SignedIn
) -> None:
    page = find(signed_in(cast.anna), "p-00", project=["orbita-shop", "p-001"])
    assert page.count(" checked>") == 2
    assert "2 projects, 3 people get it" in page
    assert identifiers(page).count("p-001") == 1


def test_one_project_is_told(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.anna)
    until = (timezone.localtime() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    form = form_of(client, ADDRESS, **NEW, find="orbita-shop", acknowledge_by=until)
    form |= {"department": str(cast.equipment.pk), "files": SimpleUploadedFile("a.txt", b"one")}
    answer = client.post(ADDRESS, form)
    assert (answer.status_code, answer["Location"]) == (302, "/alerts/")
    told = Alert.objects.select_related("ticket").get()
    assert (told.project, told.type, told.ticket.department) == (
        cast.project, "complaint", cast.equipment,
    )  # fmt: skip
    assert told.acknowledge_by is not None
    assert timezone.localtime(told.acknowledge_by).strftime("%Y-%m-%dT%H:%M") == until
    assert told.ticket.messages.get().attachments.get().file.name == "a.txt"
    form["files"] = SimpleUploadedFile("a.txt", b"one")
    client.post(ADDRESS, form)
    assert Alert.objects.count() == 1


def test_many_projects_go_behind_a_bar(
    cast: Cast, more: list[Project], signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    client = signed_in(cast.anna)
    form = form_of(client, ADDRESS, **NEW, project=["orbita-shop"], find="p-001, p-002\np-003")
    answer = client.post(ADDRESS, form, headers=HTMX)
    assert answer.status_code == 204
    address = answer["HX-Redirect"]
    assert address == f"/alerts/broadcasts/{Broadcast.objects.get().pk}/"
    begun = html(client.get(address))
    assert "Sent to 0 of 4 projects" in begun
    assert 'hx-trigger="every 2s"' in begun
    assert "has not reached every project" in html(client.get("/alerts/"))
    settle()
    done = html(client.get(address, headers=HTMX))
    assert "Sent to 4 of 4 projects" in done
    assert "every 2s" not in done
    assert "has not reached every project" not in html(client.get("/alerts/"))
    assert Alert.objects.count() == 4


def test_what_failed_is_told_and_tried_again(
    cast: Cast, more: list[Project], signed_in: SignedIn, settle: Callable[[], None]
) -> None:
    client = signed_in(cast.anna)
    form = form_of(client, ADDRESS, **NEW, project=["orbita-shop", "p-001"])
    address = client.post(ADDRESS, form)["Location"]
    Broadcast.objects.update(type="nonsense")
    settle()
    page = html(client.get(address))
    assert "failed: 2" in page
    assert "Choose a type" in page
    Broadcast.objects.update(type="complaint")
    assert client.post(f"{address}retries/").status_code == 302
    settle()
    assert Alert.objects.count() == 2


def test_mistakes_keep_everything(cast: Cast, more: list[Project], signed_in: SignedIn) -> None:
    client = signed_in(cast.anna)
    form = form_of(
        client,
        ADDRESS,
        type="suspicious",
        title="Kept title",
        text=" ",
        project=["orbita-shop"],
        find="orbita-shop p-0",
        acknowledge_by="2020-01-01T10:00",
        department=str(cast.equipment.pk),
    )
    answer = client.post(ADDRESS, form)
    page = html(answer)
    assert answer.status_code == 422
    assert "No project has the identifier “p-0”" in page
    assert "Write a text." in page
    assert "Choose a moment in the future" in page
    assert page.count('aria-invalid="true"') == 3
    assert 'value="Kept title"' in page
    assert 'value="suspicious" checked' in page
    assert 'value="orbita-shop" checked' in page
    assert 'value="2020-01-01T10:00"' in page
    assert f'value="{cast.equipment.pk}" selected' in page
    assert 'value="p-000"' in page
    assert not Alert.objects.exists()
    assert "<dialog" in html(client.post(ADDRESS, form, headers=HTMX))


def test_what_one_searched_for_is_no_mistake(
    cast: Cast, more: list[Project], signed_in: SignedIn
) -> None:
    client = signed_in(cast.anna)
    form = form_of(client, ADDRESS, **NEW, find="shop", project=["orbita-shop"])
    assert client.post(ADDRESS, form).status_code == 302
    assert Alert.objects.get().project == cast.project
    form = form_of(client, ADDRESS, **NEW, find="shop")
    assert client.post(ADDRESS, form).status_code == 422


def test_searching_without_a_script_sends_nothing(
    cast: Cast, more: list[Project], signed_in: SignedIn
) -> None:
    client = signed_in(cast.anna)
    form = form_of(client, ADDRESS, **NEW, find="orbita-shop p-00", look="1")
    answer = client.post(ADDRESS, form)
    assert answer.status_code == 200
    page = html(answer)
    assert 'value="orbita-shop" checked' in page
    assert "Take it down, please." in page
    assert identifiers(page)[1:] == [f"p-00{number}" for number in range(10)]
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    "asked", [{"find": "\x00"}, {"after": "\x00", "find": "p"}, {"project": "\x00"}]
)
def test_nonsense_finds_nothing(cast: Cast, signed_in: SignedIn, asked: dict[str, str]) -> None:
    assert signed_in(cast.anna).get("/alerts/projects/", asked).status_code == 200
