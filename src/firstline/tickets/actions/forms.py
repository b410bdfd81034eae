"""Public forms as administrators make them: name, department, portal, on or off (cap 151)."""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.base.languages import CODES
from firstline.base.lines import one_line
from firstline.events import log
from firstline.people.access import Actor
from firstline.people.models import Portal
from firstline.people.roles import Permission
from firstline.tickets.models import Department, WebForm

NAME_LIMIT, INTRO_LIMIT = 100, 1000


@dataclass(frozen=True, slots=True)
class Shape:
    """All of a form that is typed or chosen. Without a portal it is the installation's own."""

    names: dict[str, str] = field(default_factory=dict)
    intros: dict[str, str] = field(default_factory=dict)
    department_id: int | None = None
    portal_id: int | None = None
    is_active: bool = True


def make_form(actor: Actor, shape: Shape, *, via: str) -> WebForm:
    """Make a form under a key that nobody guesses. Raises Forbidden, ValidationError."""
    actor.demand(Permission.FORM_EDIT)
    values = asdict(_checked(shape))
    with atomic():
        form = WebForm.objects.create(key=secrets.token_hex(8), **values)
        _record(actor, form, "form.made", via, **values)
    return form


def change_form(actor: Actor, form: WebForm, shape: Shape, *, via: str) -> WebForm:
    """Give the form another shape; its address stays. Raises Forbidden, ValidationError."""
    actor.demand(Permission.FORM_EDIT)
    values = asdict(_checked(shape))
    with atomic():
        row = WebForm.objects.get(pk=form.pk)
        changes = {
            name: [getattr(row, name), value]
            for name, value in values.items()
            if getattr(row, name) != value
        }
        if changes:
            WebForm.objects.filter(pk=row.pk).update(**{name: values[name] for name in changes})
            _record(actor, row, "form.changed", via, **changes)
    return WebForm.objects.get(pk=form.pk)


def _checked(shape: Shape) -> Shape:
    """The same, cleaned. Raises ValidationError with a message for each wrong field."""
    problems: dict[str, str] = {}
    names = {code: one_line(shape.names.get(code, ""), NAME_LIMIT + 1) for code in CODES}
    intros = {code: shape.intros.get(code, "").replace("\r\n", "\n").strip() for code in CODES}
    for code in CODES:
        if len(names[code]) > NAME_LIMIT:
            problems[f"name_{code}"] = _("At most %(number)s characters.") % {"number": NAME_LIMIT}
        if len(intros[code]) > INTRO_LIMIT:
            most = {"number": INTRO_LIMIT}
            problems[f"intro_{code}"] = _("At most %(number)s characters.") % most
    if not any(names.values()):
        problems["name_ru"] = _("Write the name in at least one language.")
    departments = Department.objects.filter(is_active=True)
    if not departments.filter(pk=shape.department_id or 0).exists():
        problems["department"] = _("Choose where the tickets go.")
    if shape.portal_id is not None and not Portal.objects.filter(pk=shape.portal_id).exists():
        problems["portal"] = _("There is no such portal.")
    if problems:
        raise ValidationError(problems)
    return Shape(
        {code: text for code, text in names.items() if text},
        {code: text for code, text in intros.items() if text},
        shape.department_id,
        shape.portal_id,
        shape.is_active,
    )


def _record(actor: Actor, form: WebForm, kind: str, via: str, **data: Any) -> None:
    log.record(
        kind,
        subject_kind="form",
        subject_id=form.pk,
        **actor.signature,
        via=via,
        data=data,
    )
