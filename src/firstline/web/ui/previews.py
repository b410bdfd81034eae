"""Pictures of files for the pages of agents and customers alike; the rights were checked before."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from firstline.base.ids import read_number
from firstline.files.previews import SIZES, Preview, preview
from firstline.people.access import NotFound
from firstline.web.ui.downloads import SHIELD

if TYPE_CHECKING:
    from firstline.tickets.models import Attachment

# Asked for again each time, so that it never outlives the right to see it; unchanged, nothing travels.
CACHING = {"Cache-Control": "private, no-cache", "Vary": "Cookie"}


def picture(request: HttpRequest, attachment: "Attachment") -> HttpResponseBase:
    """The picture of a page of the file, `?page=1&size=s` or `l`. Raises NotFound where there is none."""
    page, size = page_of(request), request.GET.get("size", "l")
    drawn = preview(attachment.file, page, size) if size in SIZES else None
    if drawn is None:
        raise NotFound(request.path)
    etag = f'"{attachment.file.sha256[:32]}-{page}{size}"'
    response = HttpResponse(drawn.content, content_type="image/webp")
    for name, value in {**SHIELD, **CACHING, "ETag": etag}.items():
        response.headers[name] = value
    return get_conditional_response(request, etag=etag, response=response) or response


def shown(request: HttpRequest, attachment: "Attachment", file_url: str) -> dict[str, Any]:
    """What the page with a large picture shows: the file, its page, and the pages beside that.

    `file_url` is where the file itself is. Without a picture the page says so and offers the file.
    Raises NotFound for a page that there is not.
    """
    page = page_of(request)
    drawn: Preview | None = preview(attachment.file, page)
    if drawn is None and page != 1:
        raise NotFound(request.path)
    pages = drawn.pages if drawn else 1
    return {
        "file": attachment.file,
        "file_url": file_url,
        "drawn": drawn,
        "page": page,
        "pages": pages,
        "before": page - 1 if page > 1 else None,
        "after": page + 1 if page < pages else None,
    }


def page_of(request: HttpRequest) -> int:
    """The page asked for, the first one by default; 0, which no file has, for nonsense."""
    return read_number(request.GET.get("page", "1"), most=999) or 0
