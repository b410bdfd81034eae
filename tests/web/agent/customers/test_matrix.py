"""The permission matrix of the pages about customers: every route by every kind of person (C30)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.mail.models import OutgoingMail, Suppression
from firstline.people.actions.invitations import Invited, invite
from firstline.people.models import Customer, Invitation, Person, Registration
from firstline.web.agent.customers.urls import urlpatterns
from tests.cast import Cast, actor

PEOPLE = (
    "administrator",
    "supervisor",
    "anna",
    "observer",
    "partner_agent",
    "svetlana",
    "stranger",
)
SEES = (200, 200, 200, 200, 200, 404, 302)
INVITES = (302, 302, 302, 403, 422, 404, 401)  # the partner's agent names no company of theirs
CHANGES = (302, 302, 302, 403, 404, 404, 401)
LOOKS = (200, 200, 200, 403, 403, 404, 302)
ENTERS = (200, 200, 200, 403, 404, 404, 302)  # Orbita's project is not the partner's
DECIDES = (302, 302, 302, 403, 403, 404, 401)
NEW = {"email": "new@x.example", "name": "Новая", "language": "ru"}
# route → (method, address, what is sent, who gets what)
MATRIX: dict[str, tuple[str, str, dict[str, str], tuple[int, ...]]] = {
    "customers": ("get", "/customers/", {}, SEES),
    "customer_companies": ("get", "/customers/companies/", {}, SEES),
    "customer_invitations": ("post", "/customers/invitations/", NEW, INVITES),
    "customer_resendings": ("post", "/customers/invitations/{invitation}/resendings/", {}, CHANGES),
    "customer_withdrawals": (
        "post", "/customers/invitations/{invitation}/withdrawals/", {}, CHANGES,
    ),
    "customer_registrations": ("get", "/customers/registrations/", {}, LOOKS),
    "customer_projects": ("get", "/customers/projects/", {}, SEES),
    "customer_visits": ("get", "/customers/projects/orbita-shop/visits/", {}, ENTERS),
    "customer_approvals": ("post", "/customers/registrations/{waiting}/approvals/", {}, DECIDES),
    "customer_confirmations": ("post", "/customers/registrations/{unsaid}/companies/", {}, DECIDES),
    "customer_releases": ("post", "/customers/releases/{suppressed}/", {}, CHANGES),
    "customer_refusals": ("post", "/customers/registrations/{waiting}/refusals/", {}, DECIDES),
}  # fmt: skip


@pytest.fixture
def ids(cast: Cast) -> dict[str, int]:
    """An invitation, a registration that waits, and one whose company is to be said."""
    invitation = invite(actor(cast.anna), Invited("l@x.example", "Л", "ru", cast.orbita), via="web")
    told: dict[str, Any] = {"email": "w@x.example", "name": "Ждёт", "language": "ru"}
    waiting = Registration.objects.create(**told)
    unsaid = Registration.objects.create(
        **told, state="approved", needs_company=True, person=cast.zlata
    )
    suppressed = Suppression.objects.create(address=cast.svetlana.email, reason="550 5.1.1")
    ids = {"invitation": invitation, "waiting": waiting, "unsaid": unsaid, "suppressed": suppressed}
    return {name: row.pk for name, row in ids.items()}


def test_the_matrix_knows_every_route() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


@pytest.mark.parametrize("route", MATRIX)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_do_what(
    cast: Cast,
    ids: dict[str, int],
    signed_in: Callable[[Person], Client],
    route: str,
    who: str,
) -> None:
    client = Client() if who == "stranger" else signed_in(getattr(cast, who))
    method, address, body, expected = MATRIX[route]
    before = state()
    answer = getattr(client, method)(address.format(**ids), body)
    assert answer.status_code == expected[PEOPLE.index(who)]
    assert (state() == before) is (method == "get" or answer.status_code != 302)


def test_the_form_to_invite_is_for_all_who_may_see(
    cast: Cast, signed_in: Callable[[Person], Client]
) -> None:
    for who, code in zip(PEOPLE[:-1], SEES, strict=False):
        response = signed_in(getattr(cast, who)).get("/customers/invitations/")
        assert response.status_code == code
        has_form = b'name="sees_company"' in response.content
        assert has_form is (who not in {"observer", "svetlana"})


def test_a_partner_sends_again_to_its_own_customers(
    cast: Cast, signed_in: Callable[[Person], Client]
) -> None:
    row = Suppression.objects.create(address=cast.kirill.email, reason="550 5.1.1")
    assert signed_in(cast.partner_agent).post(f"/customers/releases/{row.pk}/").status_code == 302
    assert not Suppression.objects.exists()


def state() -> list[Any]:
    """Everything a refused request must leave alone."""
    models: list[Any] = [Person, Customer, Invitation, OutgoingMail, Registration, Suppression]
    return [list(model.objects.order_by("pk").values()) for model in models]
