"""Inline styles of foreign HTML: which declarations may stay.

Nothing stays that hides text, moves it out of sight, lays it over something else or loads anything.
Colours stay only as dark text on a light ground, so that what is stored is what is seen (C24).
"""

import re
from functools import lru_cache

_HARMLESS = {
    "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-right",
    "border-spacing", "border-style", "border-top", "border-width", "font-family", "font-style",
    "font-weight", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right",
    "margin-top", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top",
    "text-align", "text-decoration", "vertical-align", "white-space", "width",
}  # fmt: skip
PROPERTIES = _HARMLESS | {"color", "background-color", "font-size"}

_VALUE = re.compile(r"[\w\s.,#%!\"'-]{1,200}")
_WORD = re.compile(r"rgba?\([^()]*\)|[^\s]+")
_PLAIN_WORDS = {
    "none",
    "repeat",
    "no-repeat",
    "scroll",
    "transparent",
    "0",
    "0%",
    "0px",
    "top",
    "left",
}
_NEGATIVE = re.compile(r"(?:^|\s)-")
_TINY = re.compile(
    r"\s*0*(?:0|[0-5](?:\.\d*)?(?:px|pt)|\.\d+\w*|0\.[0-5]\d*(?:em|rem)|[0-4]?\d(?:\.\d*)?%)\s*"
)
_HEX = re.compile(r"#(?:([0-9a-f]{3})|([0-9a-f]{6}))")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")
_DARK = {
    "black", "red", "green", "blue", "navy", "maroon", "purple", "teal", "olive", "gray", "grey",
    "brown", "darkred", "darkblue", "darkgreen", "dimgray", "dimgrey", "firebrick", "crimson",
    "darkorange", "indigo", "windowtext", "midnightblue", "steelblue", "royalblue", "chocolate",
}  # fmt: skip
_LIGHT = {
    "white", "yellow", "lime", "cyan", "aqua", "pink", "lightyellow", "lightgray", "lightgrey",
    "lightblue", "lightgreen", "beige", "ivory", "whitesmoke", "snow", "window", "gainsboro",
}  # fmt: skip


@lru_cache(maxsize=2048)
def style(value: str) -> str | None:
    """The declarations of a style attribute that neither hide, move, load nor overlay anything."""
    kept = []
    for declaration in value.split(";"):
        name, colon, content = declaration.partition(":")
        name, content = name.strip().lower(), content.strip().lower()
        if name in ("color", "background", "background-color"):
            content = content.removesuffix("!important").strip()
        if name == "background":  # of the short form, as Outlook writes it, its colour alone
            name, content = "background-color", _colour_of(content)
        if colon and _is_harmless(name, content):
            kept.append(f"{name}:{content}")
    return ";".join(kept) or None


def _colour_of(value: str) -> str:
    """The colour in a `background` that has nothing else to draw, "" for none."""
    words = {word for word in _WORD.findall(value) if word not in _PLAIN_WORDS}
    return words.pop() if len(words) == 1 else ""


def _is_harmless(name: str, value: str) -> bool:
    if name == "color":
        return is_dark(value)
    if name == "background-color":
        return is_light(value)
    if not _VALUE.fullmatch(value):
        return False
    if name == "font-size":
        return not _TINY.fullmatch(value.replace("!important", ""))
    return name in _HARMLESS and not _NEGATIVE.search(value)


def _luminance(colour: str) -> float | None:
    """Brightness of a hexadecimal or rgb() colour from 0 to 1, None for anything else."""
    if match := _HEX.fullmatch(colour):
        digits = match[2] or "".join(digit * 2 for digit in match[1])
        red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
    elif match := _RGB.fullmatch(colour):
        red, green, blue = (min(int(number), 255) for number in match.groups())
    else:
        return None
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def is_dark(colour: str) -> bool:
    """Text stays readable on a light page: dark on light is the only pair that is kept."""
    light = _luminance(colour)
    return colour in _DARK if light is None else light <= 0.62


def is_light(colour: str) -> bool:
    light = _luminance(colour)
    return colour in _LIGHT if light is None else light >= 0.75
