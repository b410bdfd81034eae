"""Relations between tables point down, as imports do; foreign keys by name escape the linter."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model
from django.db.models.fields.reverse_related import ForeignObjectRel

from tests.architecture.house import layers


def area(model: type[Model]) -> str | None:
    """The package below firstline that a model belongs to; None for a library's model."""
    root, _, rest = model.__module__.partition(".")
    return rest.split(".")[0] if root == "firstline" else None


def points_down(source: str, target: str) -> bool:
    """Whether a table of `source` may refer to one of `target`: the same or a lower layer."""
    heights = {name: height for height, row in enumerate(reversed(layers())) for name in row}
    return source == target or heights[target] < heights[source]


def complaint(model: type[Model], field: "Field[Any, Any] | ForeignObjectRel") -> str | None:
    """Why a relation must not be there; None if it may."""
    target, source = field.related_model, area(model)
    name = f"{model.__module__}.{model.__name__}.{field.name}"
    if target is None:
        return f"{name} may point anywhere, which nothing can check"
    assert isinstance(target, type)
    if target._meta.label == settings.AUTH_USER_MODEL or source is None:
        return None
    there = area(target)
    if there is None or points_down(source, there):
        return None
    return f"{name} points up or across, to {target._meta.label}"


def test_relations_point_down() -> None:
    relations = [
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        if area(model)
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
    ]
    complaints = [complaint(model, field) for model, field in relations]
    assert [text for text in complaints if text] == []


@pytest.mark.parametrize(
    ("source", "target", "allowed"),
    [
        ("tickets", "tickets", True),
        ("tickets", "people", True),
        ("mail", "files", True),
        ("people", "tickets", False),
        ("search", "live", False),
        ("files", "events", False),
        ("base", "wiring", False),
    ],
)
def test_the_layers_are_read_as_drawn(source: str, target: str, allowed: bool) -> None:
    assert points_down(source, target) is allowed
