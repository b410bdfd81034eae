"""Every address of the desk."""

from django.urls import include, path

urlpatterns = [
    path("", include("firstline.web.ui.urls")),
    path("", include("firstline.web.agent.urls")),
    path("", include("firstline.web.portal.entry.urls")),
    path("portal/", include("firstline.web.portal.urls")),
    path("forms/", include("firstline.web.portal.forms.urls")),
    path("ticket-links/", include("firstline.web.portal.linked.urls")),
    path("hooks/", include("firstline.web.hooks.urls")),
    path("settings/", include("firstline.web.settings.urls")),
    path("api/", include("firstline.api.urls")),
]

handler400 = "firstline.web.ui.refusals.bad_request"
handler403 = "firstline.web.ui.refusals.forbidden"
handler404 = "firstline.web.ui.refusals.not_found"
handler429 = "firstline.web.ui.refusals.too_many"
handler500 = "firstline.web.ui.refusals.server_error"
