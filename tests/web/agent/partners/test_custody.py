"""The partner's and the platform's panel of one ticket: who may press what, and how it changes hands."""

from collections.abc import Callable

import pytest
from django.test import Client

from firstline.events.models import Event
from firstline.people.models import Person
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.hand_over import hand_over
from firstline.tickets.actions.note import note
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Message, Ticket
from tests.cast import Cast, actor, open_by
from tests.web.pages import form_of, html

SignIn = Callable[[Person], Client]
REASON = "We lack the spare part"
NOUNS = ("hand-overs", "hand-backs", "between-comments")


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return open_by(cast.kirill, cast.hosting, "Scales", "They show nothing.")


def test_the_window_shows_what_the_platform_will_read(
    cast: Cast, ticket: Ticket, signed_in: SignIn
) -> None:
    secret = Draft("They never pay", files=[Enclosure("bill.txt", b"1")])
    note(actor(cast.partner_agent), ticket, secret, via="web")
    agent, address = signed_in(cast.partner_agent), f"/tickets/{ticket.number}/"
    page = html(agent.get(address))
    assert "Your own line has this ticket" in page
    assert f'hx-get="{address}hand-overs/"' in page
    window = html(agent.get(f"{address}hand-overs/", headers={"HX-Request": "true"}))
    assert "<html" not in window
    assert "They show nothing." in window
    assert "this 1 message" in window
    assert "Hidden: 1 comment of yours" in window
    assert "They never pay" not in window
    assert "bill.txt" not in window
    assert 'name="reason"' in html(agent.get(f"{address}hand-overs/"))  # without JavaScript


def test_it_changes_hands_and_back(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    agent, address = signed_in(cast.partner_agent), f"/tickets/{ticket.number}/"
    form = form_of(agent, f"{address}hand-overs/", reason=REASON)
    assert agent.post(f"{address}hand-overs/", form).status_code == 302
    assert agent.post(f"{address}hand-overs/", form).status_code == 302  # pressed twice
    assert Event.objects.filter(kind="ticket.handed_over").count() == 1
    theirs = html(agent.get(address))
    assert "The platform's line has this ticket" in theirs
    assert REASON in theirs
    assert ticket.number in html(agent.get("/handed-over/"))
    anna = signed_in(cast.anna)
    ours = html(anna.get(address))
    assert f"Handed over by {cast.partner.name}" in ours
    assert REASON in ours
    form = form_of(anna, address, reason="The part is on its way")
    for _press in range(2):
        done = anna.post(f"{address}hand-backs/", form)
        assert (done.status_code, done.headers["Location"]) == (302, "/desk/")
    assert f"{ticket.number}: Handed back to {cast.partner.name}." in html(anna.get("/desk/"))
    assert anna.get(address).status_code == 404
    assert ticket.number not in html(agent.get("/handed-over/"))


def test_handed_back_it_makes_room_for_the_next(
    cast: Cast, ticket: Ticket, signed_in: SignIn
) -> None:
    anna, address = signed_in(cast.anna), f"/tickets/{ticket.number}/hand-backs/"
    hand_over(actor(cast.partner_agent), ticket, REASON, via="web")
    told = f"{ticket.number}: Handed back to {cast.partner.name}."
    alone = anna.post(address, {"reason": "Yours"}, headers={"HX-Request": "true"})
    assert (alone.status_code, alone.headers["HX-Push-Url"]) == (200, "/desk/")
    assert told in html(alone)
    assert 'id="ticket"' in html(alone)
    hand_over(actor(cast.partner_agent), ticket, REASON, via="web")
    following = open_by(cast.svetlana, cast.hosting, "Next")
    answer = anna.post(address, {"reason": "Yours"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert told in html(answer)
    assert f'data-number="{following.number}"' in html(answer)
    assert answer.headers["HX-Push-Url"] == f"/tickets/{following.number}/"


def test_whose_it_is_stands_there_once(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    address, strip = f"/tickets/{ticket.number}/", 'aria-label="Whose ticket it is"'
    for person in (cast.partner_agent, cast.anna):
        client = signed_in(person)
        for headers in ({}, {"HX-Request": "true"}):
            assert html(client.get(address, headers=headers)).count(strip) == 1
        news = f"/tickets/{ticket.number}/news/"
        assert html(client.get(news)).count(strip) == 1
        if person == cast.partner_agent:
            hand_over(actor(person), ticket, REASON, via="web")


def test_the_window_says_who_answers_again(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    agent, address = signed_in(cast.partner_agent), f"/tickets/{ticket.number}/"
    assert "will be nobody's" in html(agent.get(f"{address}hand-overs/"))
    claim(actor(cast.partner_agent), ticket, via="web")
    hand_over(actor(cast.partner_agent), ticket, REASON, via="web")
    window = f"{cast.partner_agent.name}, who had it before, answers it again."
    assert window in html(signed_in(cast.anna).get(address))


def test_without_a_reason_nothing_goes_over(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    agent, address = signed_in(cast.partner_agent), f"/tickets/{ticket.number}/"
    for headers in ({}, {"HX-Request": "true"}):
        answer = agent.post(f"{address}hand-overs/", {"reason": " "}, headers=headers)
        assert answer.status_code == 422
        assert "Write why: the other line reads it first." in html(answer)
        assert "The platform will read" in html(answer)
    long = agent.post(f"{address}hand-overs/", {"reason": "x" * 2001})
    assert long.status_code == 422
    assert "x" * 2001 in html(long)
    assert Ticket.objects.get().custody == "partner"


def test_the_second_to_hand_it_over_is_told(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    hand_over(actor(cast.partner_agent), ticket, REASON, via="web")
    answer = signed_in(cast.partner_agent).post(
        f"/tickets/{ticket.number}/hand-overs/", {"reason": "Me too"}
    )
    assert answer.status_code == 409
    assert "has the ticket already" in html(answer)


def test_the_claim_panel_is_alike_in_both(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    """The one who holds it may claim, and take it over from a colleague; the other only reads."""
    address = f"/tickets/{ticket.number}/"
    partner, platform = signed_in(cast.partner_agent), signed_in(cast.supervisor)
    for holder, other, colleague in (
        (partner, platform, cast.partner_agent),
        (platform, partner, cast.anna),
    ):
        mine, theirs = html(holder.get(address)), html(other.get(address))
        assert f'action="{address}claims/"' in mine
        for button in ("claims/", "moves/", "replies/"):
            assert f'action="{address}{button}"' not in theirs or button == "replies/"
        assert 'value="reply"' in mine
        assert 'value="reply"' not in theirs
        assert 'value="between"' in mine
        assert 'value="between"' in theirs
        claim(actor(colleague), ticket, via="web")
        assert 'popovertarget="take-over"' not in html(other.get(address))
        if colleague == cast.anna:
            assert 'popovertarget="take-over"' in html(platform.get(address))
            refused = platform.post(f"{address}claims/")
            assert refused.status_code == 409
            taken = platform.post(f"{address}claims/", {"take_over": "1"})
            assert taken.status_code == 302
            assert f"took the ticket over from {cast.anna.name}" in html(platform.get(address))
        else:
            hand_over(actor(cast.partner_agent), ticket, REASON, via="web")


def test_a_reply_typed_meanwhile_is_not_lost(cast: Cast, ticket: Ticket, signed_in: SignIn) -> None:
    agent, address = signed_in(cast.partner_agent), f"/tickets/{ticket.number}/"
    form = form_of(agent, address, text="Typed for an hour", mode="comment")
    hand_over(actor(cast.partner_agent), ticket, REASON, via="web")
    answer = agent.post(f"{address}comments/", form)
    assert answer.status_code == 409
    page = html(answer)
    assert "Typed for an hour" in page
    assert "The other line has this ticket now." in page
    assert not Message.objects.filter(text="Typed for an hour").exists()


@pytest.mark.parametrize("is_over", [False, True], ids=["with the partner", "with the platform"])
def test_who_may_do_what(cast: Cast, ticket: Ticket, signed_in: SignIn, is_over: bool) -> None:
    """By noun, in the order of NOUNS; nothing changes where it is refused."""
    if is_over:
        hand_over(actor(cast.partner_agent), ticket, REASON, via="web")
    hidden = (404, 404, 404)
    wanted = {
        "administrator": (409, 302, 302) if is_over else (409, 409, 302),
        "supervisor": (409, 302, 302) if is_over else (409, 409, 302),
        "anna": (409, 302, 302) if is_over else hidden,
        "observer": (403, 403, 403) if is_over else hidden,
        "boris": hidden,
        "partner_agent": (409, 409, 302) if is_over else (302, 409, 302),
        "kirill": hidden,
        "svetlana": hidden,
    }
    body = {"reason": "Because", "text": "A word"}
    for name, statuses in wanted.items():
        for noun, status in zip(NOUNS, statuses, strict=True):
            Ticket.objects.update(custody="platform" if is_over else "partner")
            before = (Event.objects.count(), Message.objects.count())
            client = signed_in(getattr(cast, name))
            answer = client.post(f"/tickets/{ticket.number}/{noun}/", body)
            assert answer.status_code == status, (name, noun)
            changed = (Event.objects.count(), Message.objects.count()) != before
            assert changed is (status == 302), (name, noun)
            assert client.get(f"/tickets/{ticket.number}/{noun}/").status_code in {
                200,
                403,
                404,
                405,
            }
    stranger = Client().post(f"/tickets/{ticket.number}/hand-overs/", body)
    assert stranger.status_code == 401
