"""Reading requests strictly: JSON or forms, no unknown fields, no silent conversions (C39)."""

import base64
import binascii
import hashlib
import json
from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.params.models import BodyModel, Param, QueryModel
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from firstline.api.v1.problems import FieldError, Refusal, nothing_changed
from firstline.api.v1.refusals import too_large
from firstline.base.ids import read_number
from firstline.files import upload

FORM = "multipart/form-data"
LISTS = ("projects", "tags")
INSIDE = "details."  # a form has no fields inside fields: they are written with a dot
FILES_A_REQUEST = 5  # of the largest size; more small ones fit


class Strict(BaseModel):
    """What a client sends: nothing but the documented fields, each of its own type."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _storable(text: str) -> str:
    """Refuse NUL, which PostgreSQL can't hold, and half characters, which nothing can encode."""
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise PydanticCustomError("control_character", "not storable")
    return text


def _decoded(content: object) -> object:
    """The bytes of a file: a form brings them as they are, JSON in Base64."""
    if not isinstance(content, str):
        return content
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise PydanticCustomError("not_base64", "not Base64") from problem


def _written(day: object) -> object:
    """Refuse a number, which would be read as seconds since 1970."""
    if isinstance(day, str | date):
        return day
    raise PydanticCustomError("date_type", "not a day")


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as problem:  # the first or the last day of the calendar
        raise PydanticCustomError("datetime_parsing", "beyond the calendar") from problem


Moment = Annotated[AwareDatetime, Field(strict=False), AfterValidator(_in_utc)]
Day = Annotated[date, Field(strict=False), BeforeValidator(_written)]
Text = Annotated[str, AfterValidator(_storable)]
Content = Annotated[
    bytes,
    BeforeValidator(_decoded),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]


class _SentModel(BodyModel):
    @classmethod
    def get_request_data(
        cls, request: HttpRequest, api: NinjaAPI, path_params: dict[str, Any]
    ) -> dict[str, Any]:
        return {cls.__read_from_single_attr__: read(request)}


class Sent(Param):  # type: ignore[misc]  # as ninja makes its own
    """Marks the parameter that holds what the client sent, whether as JSON or as a form."""

    _model = _SentModel

    @classmethod
    def _param_source(cls) -> str:
        return "body"


class _AskedModel(QueryModel):
    __ninja_flatten_map__: dict[str, Any]

    @classmethod
    def get_request_data(
        cls, request: HttpRequest, api: NinjaAPI, path_params: dict[str, Any]
    ) -> dict[str, Any] | None:
        unknown = [name for name in request.GET if name not in cls.__ninja_flatten_map__]
        if unknown:
            text = _("There is no such field.")
            errors = [FieldError(field=name, message=text) for name in unknown]
            raise Refusal(422, "invalid", nothing_changed(), errors=errors)
        return super().get_request_data(request, api, path_params)


class Asked(Param):  # type: ignore[misc]  # as ninja makes its own
    """Marks the parameter that holds the query of the address: an unknown filter is not ignored."""

    _model = _AskedModel

    @classmethod
    def _param_source(cls) -> str:
        return "query"


def read(request: HttpRequest) -> Any:
    """The body as plain data; a file is `{"name": …, "content": bytes or Base64}`. Raises Refusal."""
    most = settings.FILE_LIMIT * FILES_A_REQUEST
    if (read_number(request.META.get("CONTENT_LENGTH")) or 0) > most:
        raise too_large(most)
    kind = request.content_type or ""
    if kind == FORM:
        return _form(request)
    if not request.body:
        return {}
    if kind != "application/json":
        detail = _("Send application/json, or multipart/form-data where there are files.")
        raise Refusal(415, "unsupported-media-type", detail)
    try:
        return json.loads(request.body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        raise Refusal(400, "malformed", _("The body is not valid JSON.")) from problem


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _form(request: HttpRequest) -> dict[str, Any]:
    data: dict[str, Any] = {
        name: request.POST.getlist(name) if name in LISTS else request.POST[name]
        for name in request.POST
    }
    inner = [name for name in data if name.startswith(INSIDE)]
    if inner:
        data["details"] = {name.removeprefix(INSIDE): data.pop(name) for name in inner}
    data |= {name: None for name in request.FILES if name != "files"}  # refused as unknown
    files = request.FILES.getlist("files")
    try:
        upload.check_sizes([(file.name or "", file.size or 0) for file in files])
    except ValidationError as problem:
        raise ValidationError({"files": problem.messages}) from problem
    for file in files:
        file.seek(0)
    if files:
        data["files"] = [{"name": file.name, "content": file.read()} for file in files]
    return data


def fingerprint(request: HttpRequest) -> str:
    """A hash that two requests share when they ask for the same, however their bodies are written."""
    parts = [request.method, request.path, read(request)]
    text = json.dumps(parts, sort_keys=True, default=lambda file: hashlib.sha256(file).hexdigest())
    return hashlib.sha256(text.encode()).hexdigest()
