"""The ways into the demo desk: an open portal, a partner's at its own name, a form for a site."""

from django.test import Client

from firstline.cli.demo.load import read
from firstline.cli.demo.portals import open_doors
from firstline.people import portals
from firstline.people.models import Partner, Portal
from firstline.tickets.models import WebForm
from tests.cast import Cast, actor
from tests.web.pages import html


def test_the_doors_of_the_demo_desk_are_open(cast: Cast) -> None:
    told = read("portals")
    for one in told["partners"]:
        Partner.objects.create(name=one["name"])
    open_doors(actor(cast.administrator), told, {"sales": cast.hosting})
    own = portals.own()
    assert (own.registration, set(own.contacts)) == ("open", {"ru", "bg", "en"})
    partners = Portal.objects.exclude(pk=own.pk).get()
    assert portals.address_of(partners) == "http://partner.localhost:8000"
    page = html(Client(headers={"host": "partner.localhost:8000"}).get("/sign-in/"))
    assert "АгроКлимат Сервис" in page
    assert "/portal-brand/" in page
    form = WebForm.objects.get()
    assert "Ask about prices" in html(Client().get(f"/forms/{form.key}/"))
