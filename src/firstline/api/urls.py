"""Addresses of the API. What is not there is refused as a problem, not with a page."""

from django.urls import URLPattern, path, re_path

from firstline.api.v1 import docs
from firstline.api.v1.api import api
from firstline.api.v1.door import door, missing

version_1 = api.urls
for address in version_1[0]:
    if isinstance(address, URLPattern):
        address.callback = door(address.callback)

urlpatterns = [
    path("v1/docs", door(docs.page), name="api_docs"),
    path("v1/docs/<str:name>", door(docs.asset)),
    path("v1/", version_1),
    re_path("", door(missing)),
]
