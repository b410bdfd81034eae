"""What the stories in the browser share: who signs in, in which language, at which width, and axe."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from firstline.people.models import Person
from tests.cast import PASSWORD

LANGUAGES = ("ru", "bg", "en")
DESKTOP, PHONE = 1280, 360
everywhere = pytest.mark.parametrize("width", [DESKTOP, PHONE])
# What axe is asked about: a page differs in nothing but its colours when it is dark.
SCHEMES: tuple[tuple[Any, dict[str, Any]], ...] = (
    ("light", {}),
    ("dark", {"runOnly": ["color-contrast"]}),
)
in_each_language = pytest.mark.parametrize("language", LANGUAGES)


def sign_in(page: Page, url: str, person: Person) -> None:
    """Sign in by the form, as everybody does."""
    page.goto(f"{url}/sign-in/")
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(f"{url}/{'desk' if person.level else 'portal'}/")


def speak(person: Person, language: str) -> None:
    """Let the person read the desk in this language from the next page on."""
    Person.objects.filter(pk=person.pk).update(language=language)


def stand_at(page: Page, width: int) -> None:
    """Make the window this wide, in CSS pixels."""
    page.set_viewport_size({"width": width, "height": 900})


def check_accessible(page: Page, where: str = "") -> None:
    """Ask axe about the page as it stands, light and dark, and that nothing scrolls sideways."""
    for scheme, rules in SCHEMES:
        # Without motion: axe must not measure a colour on its way to another.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page, options={"resultTypes": ["violations"], **rules})
        assert found.violations_count == 0, f"{where} {scheme}: {found.generate_report()}"
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{where}: {wide} px wider than the window"
    page.emulate_media(color_scheme="light")
