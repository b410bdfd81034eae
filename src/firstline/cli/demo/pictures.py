"""The files that people in the story send: logs as they are told, pictures and papers drawn."""

import io
from typing import Any
from zlib import crc32

from PIL import Image, ImageDraw


def content_of(told: dict[str, Any]) -> bytes:
    """The bytes of a file of the story: {name, kind, text?}."""
    if told["kind"] in {"png", "pdf"}:
        return _drawn(told["name"], "PNG" if told["kind"] == "png" else "PDF")
    return str(told.get("text", told["name"])).encode()


def _drawn(name: str, kind: str) -> bytes:
    """A line that goes up and down, another one for each name."""
    picture = Image.new("RGB", (640, 320), "white")
    pen = ImageDraw.Draw(picture)
    for y in range(40, 320, 40):
        pen.line((0, y, 640, y), fill="#d7dfe2")
    seed = crc32(name.encode())
    points = [(x, 160 + ((seed >> (x // 32)) % 17) * 8 - 64) for x in range(0, 641, 20)]
    pen.line(points, fill="#0a6074", width=3)
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()
