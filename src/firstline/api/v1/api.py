"""The API, version 1: its routes, its documentation, its refusals."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from firstline.api.v1 import (
    acknowledgements,
    agents,
    alerts,
    assignments,
    between_comments,
    boxes,
    broadcasts,
    bulk,
    claims,
    closures,
    comments,
    contracts,
    departments,
    equipment,
    escalations,
    files,
    forwards,
    hand_backs,
    hand_overs,
    hidden_comments,
    hooks,
    invitations,
    levels,
    links,
    mailboxes,
    mails,
    me,
    merges,
    moves,
    notes,
    objects,
    partners,
    people,
    projects,
    ratings,
    refusals,
    releases,
    reopenings,
    replies,
    resolutions,
    splits,
    staff,
    tickets,
    timeline,
    tokens,
    types,
    workflows,
)
from firstline.api.v1.bearer import Bearer
from firstline.api.v1.problems import MEDIA_TYPE

DESCRIPTION = """
Everything goes by a token: `Authorization: Bearer fl_…`. A token may what its person may, and no
more than its scopes; what is not for you is answered with 404, as if it were not there.

Lists are `{"items": […], "next": "…"}`: `next` is the address of the next page, null at the end.
A POST may carry an `Idempotency-Key`; sent again with the same key it changes nothing twice.
Refusals are problem details (RFC 9457) whose `type` never changes; `errors` names the fields.
Names and refusals come in the language that `Accept-Language` asks for: ru, bg or en.
Wrong tokens are braked: ten a minute from one address, then 429.
"""


# In the order of the documentation.
RESOURCES = (
    tickets,
    timeline,
    files,
    replies,
    comments,
    between_comments,
    hidden_comments,
    resolutions,
    forwards,
    claims,
    hand_overs,
    hand_backs,
    moves,
    escalations,
    notes,
    closures,
    reopenings,
    ratings,
    agents,
    assignments,
    links,
    merges,
    splits,
    releases,
    bulk,
    departments,
    boxes,
    hooks,
    levels,
    types,
    workflows,
    contracts,
    objects,
    equipment,
    mailboxes,
    mails,
    partners,
    people,
    staff,
    projects,
    alerts,
    broadcasts,
    acknowledgements,
    me,
    tokens,
    invitations,
)


class Api(NinjaAPI):
    """NinjaAPI with readable names of operations, and with problems documented as what they are."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        module = operation.view_func.__module__.rpartition(".")[2]
        return f"{module}_{operation.view_func.__name__}"

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        for methods in schema["paths"].values():
            for operation in methods.values():
                for status, response in operation["responses"].items():
                    if status >= 400:
                        response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
        return schema


def _build() -> Api:
    api = Api(
        title="Firstline",
        version="1",
        description=DESCRIPTION.strip(),
        docs_url=None,
        urls_namespace="api-1",
        auth=Bearer(),
    )
    refusals.install(api)
    for resource in RESOURCES:
        api.add_router("", resource.router)
    return api


api = _build()
