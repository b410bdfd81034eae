"""One colour of a brand made into the accents of the design, readable in light and dark.

The hue and as much of the lightness as can stay do stay: lightness moves only until text in the
accent, and text on it, has the contrast that WCAG 2.2 asks of text (1.4.3) on every surface.
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

HEX = re.compile(r"#[0-9a-f]{6}")
ENOUGH = 4.5
STEP = 0.005
# The surfaces that the accent is written on, and the quietest ink that is written on the accent's
# own soft surfaces; from static/firstline.css.
LIGHT_SURFACES = ("#eaeff0", "#f4f7f7", "#ffffff", "#e9eff0")
DARK_SURFACES = ("#0b1316", "#0f181b", "#131d21", "#1a262b", "#1e2b31")
LIGHT_INK, DARK_INK = "#566870", "#8fa1a8"


@dataclass(frozen=True, slots=True)
class Oklch:
    """A colour as the eye sees it: lightness 0 to 1, chroma, hue in radians."""

    lightness: float
    chroma: float
    hue: float


@dataclass(frozen=True, slots=True)
class Accents:
    """The five accents of one theme."""

    accent: str
    strong: str
    soft: str
    faint: str
    on_accent: str


def is_colour(text: str) -> bool:
    """Whether this is a colour such as `#0a6074`."""
    return HEX.fullmatch(text.lower()) is not None


@lru_cache(maxsize=256)
def accents(colour: str) -> tuple[Accents, Accents]:
    """The accents for the light and for the dark theme. Raises ValueError for what is no colour."""
    if not is_colour(colour):
        raise ValueError(f"not a colour: {colour!r}")
    brand = _oklch(colour.lower())
    return _light(brand), _dark(brand)


def stylesheet(colour: str) -> str:
    """The accents of the design, replaced; it is linked after static/firstline.css."""
    light, dark = accents(colour)
    pairs = (
        ("accent", light.accent, dark.accent),
        ("accent-strong", light.strong, dark.strong),
        ("accent-soft", light.soft, dark.soft),
        ("accent-faint", light.faint, dark.faint),
        ("on-accent", light.on_accent, dark.on_accent),
    )
    lines = "".join(f"--{name}:light-dark({one},{other});" for name, one, other in pairs)
    return f"@layer tokens{{:root{{{lines}}}}}\n"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, from 0 to 1 (WCAG 2.2)."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _light(brand: Oklch) -> Accents:
    soft = _readable(brand, 0.945, 0.03, LIGHT_INK, towards=1)
    faint = _readable(brand, 0.977, 0.012, LIGHT_INK, towards=1)
    accent = _against((*LIGHT_SURFACES, soft, faint), brand, towards=0)
    strong = _stronger(accent, -0.08)
    return Accents(_hex(accent), strong, soft, faint, "#ffffff")


def _dark(brand: Oklch) -> Accents:
    soft = _readable(brand, 0.30, 0.045, DARK_INK, towards=0)
    faint = _readable(brand, 0.25, 0.025, DARK_INK, towards=0)
    accent = _against((*DARK_SURFACES, soft, faint), brand, towards=1)
    strong = _stronger(accent, 0.09)
    on_accent = _hex(Oklch(0.22, min(brand.chroma, 0.04), brand.hue))
    return Accents(_hex(accent), strong, soft, faint, on_accent)


def _against(surfaces: tuple[str, ...], brand: Oklch, *, towards: int) -> Oklch:
    """The brand's colour, darker (0) or lighter (1) only until it can be read on all surfaces."""
    lightness = brand.lightness
    while True:
        tried = Oklch(lightness, brand.chroma, brand.hue)
        if all(contrast(_hex(tried), surface) >= ENOUGH for surface in surfaces):
            return tried
        lightness += STEP if towards else -STEP


def _readable(brand: Oklch, lightness: float, chroma: float, ink: str, *, towards: int) -> str:
    """A surface with a breath of the brand, on which the quietest ink can still be read."""
    while True:
        tried = _hex(Oklch(lightness, min(brand.chroma, chroma), brand.hue))
        if contrast(tried, ink) >= ENOUGH:
            return tried
        lightness += STEP if towards else -STEP


def _stronger(accent: Oklch, step: float) -> str:
    """The accent under the pointer: further from the page, or back where there is no further."""
    lightness = accent.lightness + step
    if not 0.12 <= lightness <= 0.97:
        lightness = accent.lightness - step
    return _hex(Oklch(lightness, accent.chroma, accent.hue))


def _hex(colour: Oklch) -> str:
    """The nearest colour that screens can show: chroma gives way, lightness and hue stay."""
    lightness = min(max(colour.lightness, 0.0), 1.0)
    low, high, rgb = 0.0, colour.chroma, _rgb(lightness, colour.chroma, colour.hue)
    if not _is_shown(rgb):
        for _ in range(20):
            middle = (low + high) / 2
            rgb = _rgb(lightness, middle, colour.hue)
            low, high = (middle, high) if _is_shown(rgb) else (low, middle)
        rgb = _rgb(lightness, low, colour.hue)
    return "#" + "".join(f"{round(_gamma(min(max(part, 0.0), 1.0)) * 255):02x}" for part in rgb)


def _is_shown(rgb: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in rgb)


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _ungamma(red), _ungamma(green), _ungamma(blue)


def _ungamma(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _oklch(colour: str) -> Oklch:
    """From sRGB by the matrices of Björn Ottosson's Oklab."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b), math.atan2(b, a))


def _rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Linear sRGB, perhaps outside of what screens can show."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
