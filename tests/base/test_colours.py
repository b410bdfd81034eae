"""Any brand's colour becomes accents that can be read, changed no more than that needs."""

import colorsys
import re

import pytest

from firstline.base import colours
from firstline.base.colours import accents, contrast, stylesheet
from tests.architecture.house import PACKAGE


def wheel() -> list[str]:
    """Colours all around the wheel, from pale to deep and from dull to bright."""
    found = ["#000000", "#ffffff", "#808080", "#ffff00", "#00ff00", "#0000ff", "#ff0000"]
    for hue in range(0, 360, 10):
        for lightness in (0.05, 0.3, 0.5, 0.7, 0.95):
            for saturation in (0.2, 1.0):
                parts = colorsys.hls_to_rgb(hue / 360, lightness, saturation)
                found.append("#" + "".join(f"{round(part * 255):02x}" for part in parts))
    return found


@pytest.mark.parametrize("theme", [0, 1])
def test_every_colour_can_be_read(theme: int) -> None:
    surfaces = (colours.LIGHT_SURFACES, colours.DARK_SURFACES)[theme]
    ink = (colours.LIGHT_INK, colours.DARK_INK)[theme]
    for colour in wheel():
        made = accents(colour)[theme]
        grounds = (*surfaces, made.soft, made.faint)
        lowest = min(contrast(made.accent, ground) for ground in grounds)
        assert lowest >= 4.5, colour
        assert min(contrast(made.strong, ground) for ground in grounds) >= 4.5, colour
        assert contrast(made.on_accent, made.accent) >= 4.5, colour
        assert contrast(made.on_accent, made.strong) >= 4.5, colour
        assert min(contrast(ink, ground) for ground in (made.soft, made.faint)) >= 4.5, colour
        assert made.strong != made.accent, colour


def test_a_colour_that_is_fine_stays_as_it_is() -> None:
    light, _dark = accents("#0a6074")
    assert light.accent == "#0a6074"
    _light, dark = accents("#5cc3d8")
    assert dark.accent == "#5cc3d8"


def test_a_colour_moves_no_further_than_needed_and_keeps_its_hue() -> None:
    light, _dark = accents("#ffcc00")
    grounds = (*colours.LIGHT_SURFACES, light.soft, light.faint)
    assert min(contrast(light.accent, ground) for ground in grounds) < 4.8
    red, green, blue = (int(light.accent[place : place + 2], 16) / 255 for place in (1, 3, 5))
    hue, _lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    assert 40 <= hue * 360 <= 60
    assert saturation > 0.8


@pytest.mark.parametrize(
    "text", ["", "#fff", "red", "#12345g", "#1234567", "#000;}*{", "#0a6074\n"]
)
def test_what_is_no_colour_makes_no_stylesheet(text: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        stylesheet(text)


def test_the_stylesheet_replaces_tokens_that_the_design_has() -> None:
    design = (PACKAGE / "static" / "firstline.css").read_text(encoding="utf-8")
    replaced = re.findall(r"(--[a-z-]+):light-dark", stylesheet("#AA3300"))
    assert len(replaced) == 5
    assert all(f"{name}: light-dark(" in design for name in replaced)


def test_the_surfaces_are_those_of_the_design() -> None:
    design = (PACKAGE / "static" / "firstline.css").read_text(encoding="utf-8")
    for name in ("canvas", "sunken", "surface", "raised", "hover"):
        pair = re.search(rf"--{name}: light-dark\((\S+), (\S+)\);", design)
        assert pair is not None
        assert pair[1] in colours.LIGHT_SURFACES
        assert pair[2] in colours.DARK_SURFACES
