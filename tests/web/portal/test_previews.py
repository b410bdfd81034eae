"""Previews on the portal and the desk: who gets them, how they leave, and what shows without scripts."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from firstline.people.models import Person
from firstline.tickets.actions.note import note
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Attachment, Ticket
from tests.cast import Cast, actor, open_by
from tests.files.papers import empty_png, pdf, picture
from tests.web.pages import html
from tests.web.portal.conftest import Planted

SignedIn = Callable[[Person], Client]
FILES = {
    "photo <1>.png": picture(900, 600),
    "paper.pdf": pdf(3),
    "notes.txt": b"plain",
    "page.html": b"<script>alert(1)</script>",
    "bomb.png": empty_png(50_000, 50_000),
    "broken.pdf": b"%PDF-1.7 no more",
}


@pytest.fixture
def full(cast: Cast) -> dict[str, Attachment]:
    """The files of a ticket of Svetlana's, by name."""
    files = [Enclosure(name, content) for name, content in FILES.items()]
    open_by(cast.svetlana, cast.hosting, files=files)
    found = Attachment.objects.select_related("file", "message__ticket").order_by("pk")
    return dict(zip(FILES, found, strict=True))


def address(attachment: Attachment, what: str = "preview/", area: str = "/portal") -> str:
    number = Ticket.objects.get(messages=attachment.message_id).number
    return f"{area}/tickets/{number}/files/{attachment.pk}/{what}"


def size_of(response: Any) -> tuple[int, int]:
    with Image.open(BytesIO(response.content)) as image:
        assert image.format == "WEBP"
        return image.size


def test_a_picture_leaves_redrawn_and_shielded(
    cast: Cast, full: dict[str, Attachment], signed_in: SignedIn
) -> None:
    client, photo = signed_in(cast.svetlana), full["photo <1>.png"]
    small = client.get(address(photo), {"size": "s"})
    assert size_of(small) == (320, 213)
    assert size_of(client.get(address(photo))) == (900, 600)
    assert small.headers["Content-Type"] == "image/webp"
    assert small.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert small.headers["X-Content-Type-Options"] == "nosniff"
    assert small.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in small.headers["Vary"]


def test_what_a_browser_has_is_asked_for_again_and_travels_once(
    cast: Cast, full: dict[str, Attachment], signed_in: SignedIn
) -> None:
    client, photo = signed_in(cast.svetlana), full["photo <1>.png"]
    etag = client.get(address(photo)).headers["ETag"]
    again = client.get(address(photo), headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"
    other = client.get(address(photo), {"size": "s"}, headers={"If-None-Match": etag})
    assert other.status_code == 200
    gone = signed_in(cast.zlata).get(address(photo), headers={"If-None-Match": etag})
    assert gone.status_code == 404


def test_pages_of_a_paper(cast: Cast, full: dict[str, Attachment], signed_in: SignedIn) -> None:
    client, paper = signed_in(cast.svetlana), full["paper.pdf"]
    pages = [client.get(address(paper), {"page": page}) for page in (1, 2, 3)]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert len({page.content for page in pages}) == 3


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=4", "page=-1", "page=1.0", "page=²", "page=10000000000", "page=", "page=%00",
     "size=x", "size=..%2Fl", "size=", "page=1&size=S"],
)  # fmt: skip
def test_odd_questions_have_no_picture(
    cast: Cast, full: dict[str, Attachment], signed_in: SignedIn, query: str
) -> None:
    client = signed_in(cast.svetlana)
    assert client.get(f"{address(full['paper.pdf'])}?{query}").status_code == 404


@pytest.mark.parametrize("name", ["notes.txt", "page.html", "bomb.png", "broken.pdf"])
def test_what_cannot_be_drawn_can_still_be_saved(
    cast: Cast, full: dict[str, Attachment], signed_in: SignedIn, name: str
) -> None:
    client, file = signed_in(cast.svetlana), full[name]
    assert client.get(address(file)).status_code == 404
    viewer = client.get(address(file, "viewer/"))
    assert viewer.status_code == 200
    assert "There is no preview of this file." in html(viewer)
    assert f'href="{address(file, "")}"' in html(viewer)
    assert client.get(address(file, "")).getvalue() == FILES[name]
    assert client.get(address(file, "viewer/"), {"page": 2}).status_code == 404


def test_the_page_shows_small_pictures_that_lead_to_large_ones(
    cast: Cast, full: dict[str, Attachment], signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    page = html(client.get(address(full["paper.pdf"], "").partition("files/")[0]))
    drawn = re.findall(r'<a class="file file--seen" href="([^"]+)" data-preview><img [^>]+>', page)
    with_pictures = ("photo <1>.png", "paper.pdf", "bomb.png", "broken.pdf")
    assert drawn == [address(full[name], "viewer/") for name in with_pictures]
    (picture_tag,) = re.findall(rf"<img [^>]*{address(full['paper.pdf'])}[^>]*>", page)
    for said in ('width="160"', 'height="112"', 'loading="lazy"', "?size=s"):
        assert said in picture_tag
    assert f'<a class="file" href="{address(full["notes.txt"], "")}">' in page


def test_a_page_of_its_own_does_without_scripts(
    cast: Cast, full: dict[str, Attachment], signed_in: SignedIn
) -> None:
    client, paper = signed_in(cast.svetlana), full["paper.pdf"]
    page = html(client.get(address(paper, "viewer/"), {"page": 2}))
    assert f'<img src="{address(paper)}?page=2&size=l" width="1237" height="1600"' in page
    assert 'alt="paper.pdf, page 2"' in page
    assert "Page 2 of 3" in page
    for beside in ("viewer/?page=1", "viewer/?page=3", ""):
        assert f'href="{address(paper, beside)}"' in page
    assert 'class="portal-bar"' in page
    photo = html(client.get(address(full["photo <1>.png"], "viewer/")))
    assert "data-preview-step" not in photo
    assert 'alt="photo _1_.png"' in photo


def test_a_window_gets_only_what_stands_in_it(
    cast: Cast, full: dict[str, Attachment], signed_in: SignedIn
) -> None:
    client = signed_in(cast.svetlana)
    part = html(client.get(address(full["paper.pdf"], "viewer/"), headers={"HX-Request": "true"}))
    assert part.lstrip().startswith("<section")
    assert "<html" not in part
    assert 'method="dialog"' in part


@pytest.mark.parametrize("what", ["preview/", "viewer/"])
def test_who_gets_it(cast: Cast, planted: Planted, signed_in: SignedIn, what: str) -> None:
    for person in (cast.pyotr, cast.zlata, *cast.staff):
        assert signed_in(person).get(address(planted.public_file, what)).status_code == 404
    for person in (cast.svetlana, cast.vera):
        assert signed_in(person).get(address(planted.public_file, what)).status_code == 200
        assert signed_in(person).get(address(planted.hidden_file, what)).status_code == 404
    assert Client().get(address(planted.public_file, what)).status_code == 302


@pytest.mark.parametrize("what", ["preview/", "viewer/"])
def test_who_gets_it_at_the_desk(
    cast: Cast, planted: Planted, signed_in: SignedIn, what: str
) -> None:
    note(
        actor(cast.anna),
        planted.ticket,
        Draft("See", files=[Enclosure("in.png", picture())]),
        via="web",
    )
    internal = Attachment.objects.get(file__name="in.png")
    for attachment in (planted.public_file, internal):
        where = address(attachment, what, area="")
        for person in (cast.administrator, cast.supervisor, cast.anna, cast.observer):
            assert signed_in(person).get(where).status_code == 200
        for person in (cast.boris, cast.partner_agent, *cast.customers):
            assert signed_in(person).get(where).status_code == 404
        assert Client().get(where).status_code == 302
    page = html(signed_in(cast.anna).get(f"/tickets/{planted.ticket.number}/"))
    assert f'href="{address(internal, "viewer/", area="")}" data-preview' in page
    viewer = html(signed_in(cast.anna).get(address(internal, "viewer/", area="")))
    assert f'href="/tickets/{planted.ticket.number}/"' in viewer


@pytest.mark.parametrize("what", ["", "preview/", "viewer/"])
def test_neighbouring_ids_lead_nowhere(
    cast: Cast, planted: Planted, signed_in: SignedIn, what: str
) -> None:
    """C28: own number with foreign ids, foreign number with any id, as everybody."""
    for person in (cast.zlata, cast.pyotr, cast.svetlana):
        own = open_by(person, cast.hosting, files=[Enclosure("own.png", picture())])
        mine = Attachment.objects.filter(message__ticket__requester=person, file__name="own.png")
        expected = {(own.number, mine.get().pk)}
        if person == cast.svetlana:
            expected.add((planted.ticket.number, planted.public_file.pk))
        near = range(max(planted.public_file.pk - 50, 1), planted.public_file.pk + 51)
        client, found = signed_in(person), set()
        for number in (own.number, planted.ticket.number):
            for pk in (*near, 10**18, 10**30):
                response = client.get(f"/portal/tickets/{number}/files/{pk}/{what}")
                response.getvalue()
                found |= {(number, pk)} if response.status_code != 404 else set()
        assert found == expected, person


def test_the_right_that_ends_takes_the_preview_along(
    cast: Cast, full: dict[str, Attachment], signed_in: SignedIn
) -> None:
    client, photo = signed_in(cast.vera), full["photo <1>.png"]
    etag = client.get(address(photo)).headers["ETag"]
    cast.vera.customer.sees_company = False
    cast.vera.customer.save()
    assert client.get(address(photo), headers={"If-None-Match": etag}).status_code == 404
