"""Your own settings (product 1.4)."""

from typing import TYPE_CHECKING, Annotated, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of, caller
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import get, patch
from firstline.people.actions.profile import Changes, change_own

if TYPE_CHECKING:
    from firstline.people.models import Person

router = Router(tags=["people"])
Language = Literal["ru", "bg", "en"]
PageSize = Literal[10, 25, 50, 100]
TEXTS = ("name", "phone", "language", "time_zone", "page_size")


class Mails(BaseModel):
    """Which mails you get beside answers, which always come."""

    receipts: bool = Field(description="That a ticket of yours is registered.")
    status: bool = Field(description="That the status of a ticket of yours has changed.")
    alerts: bool = Field(description="What the support team tells your projects by itself.")
    given: bool | None = Field(
        description="Staff: that a ticket becomes yours, or no longer is. Null for others."
    )
    words: bool | None = Field(
        description="Staff: what customers write in your tickets. Null for others."
    )


class Settings(BaseModel):
    """What you have set for yourself, or what holds where you have not."""

    name: str
    email: str
    phone: str
    language: str
    time_zone: str
    page_size: int = Field(description="Tickets on one page of a list.")
    mails: Mails


class NewMails(Strict):
    """The mails to change."""

    receipts: bool = Field(default_factory=bool)
    status: bool = Field(default_factory=bool)
    alerts: bool = Field(default_factory=bool)
    given: bool = Field(default_factory=bool)
    words: bool = Field(default_factory=bool)


class NewSettings(Strict):
    """The settings to change; what is left out stays."""

    name: Text = Field(default_factory=str)
    phone: Text = Field(default_factory=str)
    language: Language = Field(default_factory=lambda: "en")
    time_zone: Text = Field(
        default_factory=str, description="Name in the IANA database; empty for the desk's own."
    )
    page_size: PageSize = Field(default_factory=lambda: 25)
    mails: NewMails = Field(default_factory=NewMails)

    def changes(self) -> Changes:
        """What was sent, by the names that the action knows."""
        sent: dict[str, object] = {
            name: getattr(self, name) for name in TEXTS if name in self.model_fields_set
        }
        sent |= {f"wants_{key}": getattr(self.mails, key) for key in self.mails.model_fields_set}
        return sent  # type: ignore[return-value]  # its names are those of Changes


@get(router, "/me", Settings)
def show(request: HttpRequest) -> Settings:
    """Your settings."""
    return settings_of(caller(request))


@patch(router, "/me", Settings)
def change(request: HttpRequest, body: Annotated[NewSettings, Sent(...)]) -> Settings:
    """Change your settings; they apply from now on, in pages and mails.

    Wrong values are told by field, and then nothing is changed.
    """
    return settings_of(change_own(actor_of(request), via="api", **body.changes()))


def settings_of(person: "Person") -> Settings:
    """The settings as they hold for a person."""
    staff = getattr(person, "staff", None)
    return Settings(
        name=person.name,
        email=person.email,
        phone=person.phone,
        language=person.language or settings.LANGUAGE_CODE,
        time_zone=person.time_zone or settings.TIME_ZONE,
        page_size=person.page_size,
        mails=Mails(
            receipts=person.wants_receipts,
            status=person.wants_status,
            alerts=person.wants_alerts,
            given=staff.wants_given if staff else None,
            words=staff.wants_words if staff else None,
        ),
    )
