"""Forms in which somebody says something: their text and files, and what was wrong with them."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from firstline.files import upload
from firstline.tickets.messages import Draft, Enclosure


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right, with the field it stands at."""

    field: str
    text: str


def draft_of(request: HttpRequest) -> Draft:
    """The draft in a posted form. Raises ValidationError for files over the limit, before reading them."""
    files = [file for file in request.FILES.getlist("files") if file]
    try:
        upload.check_sizes([(file.name or "", file.size or 0) for file in files])
    except ValidationError as problem:
        raise ValidationError({"files": problem.messages}) from problem
    text = request.POST.get("text", "").replace("\r\n", "\n")
    return Draft(text=text, files=[Enclosure(file.name or "", file.read()) for file in files])


def problems_of(problem: ValidationError) -> list[Problem]:
    """The problems in a ValidationError, each with its field."""
    if not hasattr(problem, "error_dict"):
        return [Problem("text", text) for text in problem.messages]
    return [Problem(name, text) for name, texts in problem.message_dict.items() for text in texts]
