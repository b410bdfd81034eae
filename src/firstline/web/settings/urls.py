"""Addresses of the settings."""

from django.urls import path
from django.views.generic import RedirectView

from firstline.web.settings import password, profile, sessions
from firstline.web.settings.forms import index as forms
from firstline.web.settings.forms import show as form
from firstline.web.settings.levels import index as levels
from firstline.web.settings.levels import positions, retirements
from firstline.web.settings.levels import show as level
from firstline.web.settings.partners import index as partners
from firstline.web.settings.partners import show as partner
from firstline.web.settings.portals import hosts
from firstline.web.settings.portals import index as portals
from firstline.web.settings.portals import show as portal

app_name = "settings"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="settings:profile"), name="settings"),
    path("profile/", profile.Profile.as_view(), name="profile"),
    path("forms/", forms.Index.as_view(), name="forms"),
    path("forms/new/", form.New.as_view(), name="new_form"),
    path("forms/<int:pk>/", form.Show.as_view(), name="form"),
    path("levels/", levels.Index.as_view(), name="levels"),
    path("levels/new/", level.New.as_view(), name="new_level"),
    path("levels/<slug:key>/", level.Show.as_view(), name="level"),
    path("levels/<slug:key>/positions/", positions.Create.as_view(), name="level_positions"),
    path("levels/<slug:key>/retirements/", retirements.Create.as_view(), name="level_retirements"),
    path("levels/<slug:key>/restorations/", retirements.Undo.as_view(), name="level_restorations"),
    path("partners/", partners.Index.as_view(), name="partners"),
    path("partners/<int:pk>/", partner.Show.as_view(), name="partner"),
    path("password/", password.Password.as_view(), name="password"),
    path("portals/", portals.Index.as_view(), name="portals"),
    path("portals/<int:pk>/", portal.Show.as_view(), name="portal"),
    path("portals/<int:pk>/hosts/", hosts.Create.as_view(), name="portal_hosts"),
    path(
        "portals/<int:pk>/hosts/<int:host>/removals/",
        hosts.Remove.as_view(),
        name="portal_host_removals",
    ),
    path("sessions/", sessions.Index.as_view(), name="sessions"),
    path("sessions/endings/", sessions.EndOthers.as_view(), name="endings"),
    path("sessions/<int:pk>/endings/", sessions.End.as_view(), name="ending"),
]
