"""A text with its files, as every message comes in."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from firstline.api.v1.reading import Content, Strict, Text
from firstline.mail import recipients
from firstline.tickets.messages import Draft, Enclosure


class NewFile(Strict):
    """A file inside JSON; larger ones are better sent as multipart/form-data."""

    name: Annotated[Text, Field(min_length=1, max_length=255)]
    content: Content


class TextAndFiles(Strict):
    """What is said."""

    text: Text
    files: Annotated[list[NewFile], Field(max_length=50)] = []

    def draft(self) -> Draft:
        """The same as the actions take it."""
        text = self.text.replace("\r\n", "\n")
        return Draft(text, files=[Enclosure(file.name, file.content) for file in self.files])


class TextToSend(TextAndFiles):
    """What is said to the customer, and who else is to get it by mail; the copies for staff alone."""

    cc: Annotated[list[Text], Field(max_length=20)] = Field(
        [], description="Open copies: all see them, and they may answer into the ticket by mail."
    )
    bcc: Annotated[list[Text], Field(max_length=20)] = Field(
        [], description="Copies that nobody else learns of."
    )

    def draft(self) -> Draft:
        """The same as the actions take it. Raises ValidationError."""
        chosen = recipients.copies(", ".join(self.cc), ", ".join(self.bcc))
        return replace(super().draft(), recipients=chosen)
