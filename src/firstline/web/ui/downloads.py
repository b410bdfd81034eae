"""Files as they leave: nothing that somebody sent us ever runs in our pages (C22)."""

from typing import TYPE_CHECKING, BinaryIO

from django.http import FileResponse
from PIL import Image

from firstline.files import store

if TYPE_CHECKING:
    from firstline.tickets.models import Attachment

DRAWN = ("GIF", "JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
SHIELD = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


def download(attachment: "Attachment") -> FileResponse:
    """The file of an attachment: a picture that really is one is shown, all else is saved.

    Raises FileNotFoundError if the store has lost it.
    """
    file = attachment.file
    picture = picture_type(store.open_file(file.sha256)) if file.is_image else None
    return respond(
        store.open_file(file.sha256), file.name, picture or file.content_type, inline=bool(picture)
    )


def respond(
    content: BinaryIO, name: str, content_type: str, *, inline: bool = False
) -> FileResponse:
    """A stream as a file called `name`, which the browser saves unless `inline`."""
    response = FileResponse(
        content, as_attachment=not inline, filename=name, content_type=content_type
    )
    for header, value in SHIELD.items():
        response.headers[header] = value
    return response


def picture_type(content: BinaryIO) -> str | None:
    """The type of a picture that can be opened and has a sane size, None for anything else."""
    with content:
        try:
            with Image.open(content, formats=DRAWN) as image:
                width, height = image.size
                return Image.MIME.get(image.format or "") if width * height <= MOST_PIXELS else None
        except Exception:  # a hostile file may break its reader in any way
            return None
