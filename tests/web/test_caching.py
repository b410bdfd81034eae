"""What is for one reader lies in no cache: every address of the desk, walked by the table of routes."""

from collections.abc import Callable

import pytest
from django.test import Client

from firstline.api.v1.api import api as firstline_api
from firstline.people.actions.tokens import create_token
from firstline.people.models import Person, Portal
from firstline.tickets.messages import Enclosure
from firstline.tickets.models import Attachment
from firstline.web.ui import brand
from tests.api.client import Api
from tests.cast import Cast, open_by
from tests.files.papers import picture
from tests.web.test_numbers import PARAMETER, routes, spend

# The look of a portal, the script that shows a form elsewhere, and the description of the API: the
# same for everybody.
PUBLIC = ("brand_colour", "brand_logo", "script")
# Pictures of files: kept, and asked for again each time, with the right to see them.
ASKED_AGAIN = ("preview",)


@pytest.mark.parametrize("who", ["administrator", "partner_agent", "svetlana", "stranger"])
def test_no_page_lies_in_a_cache(
    who: str, cast: Cast, signed_in: Callable[[Person], Client]
) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, files=[Enclosure("a.png", picture())])
    values = {"number": ticket.number, "key": "first", "level": "first"}
    values |= {"identifier": cast.project.identifier, "pk": str(Attachment.objects.get().pk)}
    client, seen = Client() if who == "stranger" else signed_in(getattr(cast, who)), 0
    for route, name in routes():
        if name == "account_logout" or name in PUBLIC:
            continue
        address = PARAMETER.sub(lambda found: values.get(found[2], "1"), route)
        for headers in ({}, {"HX-Request": "true"}):
            response = client.get(address, headers=headers)
            said = response.headers["Cache-Control"]
            asked_again = "no-cache" in said and name.endswith(ASKED_AGAIN)
            assert "private" in said, address
            assert "no-store" in said or asked_again, (address, said)
            seen += response.status_code == 200
            spend(response)
    assert seen > (20 if who != "stranger" else 3)


def test_no_answer_of_the_api_lies_in_a_cache(cast: Cast) -> None:
    open_by(cast.svetlana, cast.hosting)
    for client in (Api(), Api("fl_wrong"), Api(create_token(cast.administrator, ["*"]))):
        for path, methods in firstline_api.get_openapi_schema()["paths"].items():
            for method in methods:
                address = PARAMETER.sub("1", path.replace("{", "<").replace("}", ">"))
                send = client.get if method == "get" else client.post
                response = send(address)
                spend(response)
                said = response.headers["Cache-Control"]
                assert said == "private, no-store", (method, address)


def test_what_is_public_may_lie_in_caches(cast: Cast, client: Client) -> None:
    portal = Portal.objects.create(partner=cast.partner, colour="#3f7a1f")
    response = client.get(brand.colour_address(portal))
    assert response.status_code == 200
    assert "public" in response.headers["Cache-Control"]
