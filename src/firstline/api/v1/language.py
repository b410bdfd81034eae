"""The language of an answer: what `Accept-Language` asks for, else that of the token's person."""

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from firstline.base.languages import CODES


def asked_language(request: HttpRequest) -> str | None:
    """The first language of the desk that the client accepts; None if it asks for none of them."""
    header = request.headers.get("Accept-Language", "")
    for tag, _weight in parse_accept_lang_header(header.lower()):
        short = tag.split("-")[0]
        if short in CODES:
            return short
    return None
