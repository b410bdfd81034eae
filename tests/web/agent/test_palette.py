"""The palette: what one may see, bounded; and the table of keys against what the pages mark."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from firstline.people.models import Person
from firstline.web.agent.keys import KEYS
from tests.architecture.house import TEMPLATES, templates
from tests.cast import Cast, open_by

SignIn = Callable[[Person], Client]
PALETTE = {"X-Requested-With": "palette"}
MARKS = re.compile(r'data-key="([^"]+)"')


def found(client: Client, typed: str) -> str:
    answer = client.get("/palette/", {"q": typed}, headers=PALETTE)
    assert answer.status_code == 200
    return answer.content.decode()


def test_tickets_and_people_by_what_was_typed(
    cast: Cast,
    signed_in: SignIn,
    settle: Callable[[], None],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, "A shop in Varna")
    elsewhere = open_by(cast.zlata, cast.equipment, "A boiler in Varna")
    settle()
    anna = signed_in(cast.anna)
    with django_assert_max_num_queries(8):
        page = found(anna, "varna")
    assert ticket.number in page
    assert elsewhere.number not in page
    assert ticket.number in found(anna, ticket.number)
    assert cast.svetlana.email in found(anna, "светлана")
    assert cast.svetlana.email in found(anna, "@светлана")
    assert ticket.number not in found(anna, "@varna")
    assert found(anna, "").strip() == found(anna, "qqqq").strip() == ""


def test_a_partners_agent_finds_nobody_elses(
    cast: Cast, signed_in: SignIn, settle: Callable[[], None]
) -> None:
    ours, theirs = open_by(cast.svetlana, cast.hosting), open_by(cast.kirill, cast.hosting)
    settle()
    client = signed_in(cast.partner_agent)
    assert theirs.number in found(client, "site does not open")
    assert ours.number not in found(client, "site does not open")
    assert cast.kirill.email in found(client, "clinic.example")
    assert cast.svetlana.email not in found(client, "orbita.example")


@pytest.mark.parametrize("typed", ["\x00", "ы" * 5000, "'\"<>", "%", "@", "\U0001f600"])
def test_any_text_is_taken(cast: Cast, signed_in: SignIn, typed: str) -> None:
    found(signed_in(cast.anna), typed)


def test_it_is_for_staff_and_leads_others_to_the_list(cast: Cast, signed_in: SignIn) -> None:
    assert signed_in(cast.svetlana).get("/palette/", headers=PALETTE).status_code == 404
    assert signed_in(cast.anna).get("/palette/?q=a").headers["Location"] == "/tickets/?q=a"


def test_each_key_does_one_thing_and_none_does_two() -> None:
    codes = [key.code for key in KEYS]
    assert len(codes) == len(set(codes))
    pairs = [code for code in codes if " " in code]
    assert not {pair.split()[0] for pair in pairs} & set(codes)


def test_what_the_pages_mark_stands_in_the_table() -> None:
    marked = {code for _, text in templates(TEMPLATES) for code in MARKS.findall(text)}
    assert marked == {key.code for key in KEYS if key.does == "press"}


def test_what_the_table_names_stands_in_the_script() -> None:
    text = (TEMPLATES.parent / "static" / "js" / "keys.js").read_text(encoding="utf-8")
    table = text[text.index("const DOES = {") : text.index("};", text.index("const DOES = {"))]
    named = set(re.findall(r"^  (\w+)[,:]", table, re.MULTILINE))
    assert named == {key.does for key in KEYS} - {"press"}


def test_the_window_of_keys_is_on_every_page_of_staff(cast: Cast, signed_in: SignIn) -> None:
    for address in ("/desk/", "/tickets/", "/settings/"):
        page = signed_in(cast.anna).get(address, follow=True).content.decode()
        assert re.findall(r'data-code="([^"]+)"', page) == [key.code for key in KEYS]
