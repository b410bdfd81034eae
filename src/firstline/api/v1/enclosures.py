"""A text with its files, as every message comes in."""

from typing import Annotated

from pydantic import Field

from firstline.api.v1.reading import Content, Strict, Text
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
