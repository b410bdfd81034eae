"""Logos: whatever picture is given, what is kept and served is one that we drew ourselves (C22)."""

import warnings
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LIMIT = 1024 * 1024
SIDE = 512  # pixels
MOST_PIXELS = 20_000_000
FORMATS = ("PNG", "JPEG", "WEBP")


def drawn(content: bytes) -> bytes:
    """The picture as WebP, at most 512 pixels a side, without anything but its pixels.

    Raises ValidationError for what is too large or no such picture.
    """
    if len(content) > LIMIT:
        raise ValidationError(_("The picture is larger than 1 MB. Save it smaller and try again."))
    if _is_vector(content):
        raise ValidationError(
            _("SVG can carry scripts, so it is not taken. Save the logo as PNG and try again.")
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return _redraw(content)
    except Exception as problem:  # a hostile file may break its reader in any way
        raise ValidationError(
            _("This is no picture that we can read. Choose a PNG, JPEG or WebP file.")
        ) from problem


def _redraw(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        upright = _upright(opened)
        has_alpha = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
        image = upright.convert("RGBA" if has_alpha else "RGB")
    image.thumbnail((SIDE, SIDE))
    bare = Image.new(image.mode, image.size)  # no notes, places or profiles of the original
    bare.paste(image)
    drawing = BytesIO()
    bare.save(drawing, "WEBP", quality=92, method=4)
    return drawing.getvalue()


def _upright(image: Image.Image) -> Image.Image:
    """The picture as its camera was held, if it says so in a way that can be read."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # broken notes are no reason to refuse a good picture
        return image


def _is_vector(content: bytes) -> bool:
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<") and b"<svg" in content[:65536].lower()
