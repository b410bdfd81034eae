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
_LENGTH = re.compile(r"([0-9]{1,5}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})([a-z%]*)")
_PIXELS = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 37.8, "mm": 3.78, "rem": 16}
_OF_FONT = {"em": 16, "ex": 8, "ch": 8}
# The shortest and the longest that a length may be, in pixels, and the largest share of what is around
# it: beyond these text is too small to be seen, or lies where nobody looks.
_BOUNDS = {
    "border": (0, 50, 0),
    "font-size": (7, 100, 2),
    "margin": (0, 200, 0.6),
    "padding": (0, 200, 0.6),
    "vertical-align": (0, 40, 1),
    "width": (0, 2000, 1),
}
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
    return name in PROPERTIES and not _NEGATIVE.search(value) and _is_bounded(name, value)


def _is_bounded(name: str, value: str) -> bool:
    """Whether each length in the value is one that a reader can see, in a unit that is known.

    Sizes of a font that shrink with each element inside another (`smaller`, 90 %) are not kept: some
    of them one in another are as small as none.
    """
    bounds = _BOUNDS.get(name if name in _BOUNDS else name.partition("-")[0])
    if bounds is None:
        return True
    return all(
        _is_length(name, word, bounds)
        for word in re.split(r"[\s,]+", value.replace("!important", "").strip())
    )


def _is_length(name: str, word: str, bounds: tuple[float, float, float]) -> bool:
    least, most, share = bounds
    if not any(char in "0123456789" for char in word) or word.startswith("#"):
        return word not in ("smaller", "larger")
    length = _LENGTH.fullmatch(word)
    if length is None:
        return False
    number, unit = float(length[1]), length[2]
    if unit == "%" or (name == "font-size" and unit == "em"):
        number /= 100 if unit == "%" else 1
        return (1 if name == "font-size" else 0) <= number <= share
    pixels = _PIXELS if name == "font-size" else _PIXELS | _OF_FONT
    return unit in pixels and least <= number * pixels[unit] <= most


def is_size(name: str, value: str) -> bool:
    """Whether an attribute of HTML holds a size (`width`, `border`, `cellpadding` …) that is bounded."""
    length = re.fullmatch(r"[+-]?([0-9]{1,4})(px|%)?", value)
    if length is None:
        return False
    return int(length[1]) <= (2000 if name in ("width", "height") else 100)


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
