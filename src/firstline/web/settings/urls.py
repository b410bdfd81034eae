"""Addresses of the settings."""

from django.urls import path
from django.views.generic import RedirectView

from firstline.web.settings import password, profile, sessions
from firstline.web.settings.departments import boxes as department_boxes
from firstline.web.settings.departments import checks as department_checks
from firstline.web.settings.departments import form_senders
from firstline.web.settings.departments import hooks as department_hooks
from firstline.web.settings.departments import index as departments
from firstline.web.settings.departments import positions as department_positions
from firstline.web.settings.departments import retirements as department_retirements
from firstline.web.settings.departments import server as department_server
from firstline.web.settings.departments import show as department
from firstline.web.settings.forms import index as forms
from firstline.web.settings.forms import show as form
from firstline.web.settings.levels import index as levels
from firstline.web.settings.levels import positions, retirements
from firstline.web.settings.levels import show as level
from firstline.web.settings.mailboxes import index as mailboxes
from firstline.web.settings.mailboxes import pauses, sign_ins, trials
from firstline.web.settings.mailboxes import show as mailbox
from firstline.web.settings.partners import index as partners
from firstline.web.settings.partners import show as partner
from firstline.web.settings.portals import hosts
from firstline.web.settings.portals import index as portals
from firstline.web.settings.portals import show as portal
from firstline.web.settings.staff import deactivations
from firstline.web.settings.staff import index as staff
from firstline.web.settings.staff import invitations as staff_invitations
from firstline.web.settings.staff import new as new_staff
from firstline.web.settings.staff import show as member

app_name = "settings"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="settings:profile"), name="settings"),
    path("profile/", profile.Profile.as_view(), name="profile"),
    path("departments/", departments.Index.as_view(), name="departments"),
    path("departments/new/", department.New.as_view(), name="new_department"),
    path("departments/<int:pk>/", department.Show.as_view(), name="department"),
    path(
        "departments/<int:pk>/positions/",
        department_positions.Create.as_view(),
        name="department_positions",
    ),
    path(
        "departments/<int:pk>/retirements/",
        department_retirements.Create.as_view(),
        name="department_retirements",
    ),
    path(
        "departments/<int:pk>/restorations/",
        department_retirements.Undo.as_view(),
        name="department_restorations",
    ),
    path(
        "departments/<int:pk>/form-senders/",
        form_senders.Create.as_view(),
        name="department_form_senders",
    ),
    path(
        "departments/<int:pk>/form-senders/<int:sender>/removals/",
        form_senders.Remove.as_view(),
        name="department_form_sender_removals",
    ),
    path("departments/<int:pk>/boxes/", department_boxes.Create.as_view(), name="department_boxes"),
    path(
        "departments/<int:pk>/boxes/<int:box>/",
        department_boxes.Show.as_view(),
        name="department_box",
    ),
    path(
        "departments/<int:pk>/boxes/<int:box>/moves/",
        department_boxes.Move.as_view(),
        name="department_box_moves",
    ),
    path(
        "departments/<int:pk>/boxes/<int:box>/removals/",
        department_boxes.Remove.as_view(),
        name="department_box_removals",
    ),
    path(
        "departments/<int:pk>/boxes/<int:box>/checks/",
        department_checks.Create.as_view(),
        name="department_box_checks",
    ),
    path(
        "departments/<int:pk>/boxes/<int:box>/checks/<int:check>/",
        department_checks.Show.as_view(),
        name="department_box_check",
    ),
    path("departments/<int:pk>/hooks/", department_hooks.Hooks.as_view(), name="department_hooks"),
    path(
        "departments/<int:pk>/hooks/<int:hook>/removals/",
        department_hooks.Remove.as_view(),
        name="department_hook_removals",
    ),
    path(
        "departments/<int:pk>/server/", department_server.Show.as_view(), name="department_server"
    ),
    path(
        "departments/<int:pk>/server/trials/",
        department_server.Trials.as_view(),
        name="department_server_trials",
    ),
    path(
        "departments/<int:pk>/server/removals/",
        department_server.Removals.as_view(),
        name="department_server_removals",
    ),
    path(
        "departments/<int:pk>/server/keys/",
        department_server.Keys.as_view(),
        name="department_keys",
    ),
    path(
        "departments/<int:pk>/server/keys/lookups/",
        department_server.Lookups.as_view(),
        name="department_key_lookups",
    ),
    path("forms/", forms.Index.as_view(), name="forms"),
    path("forms/new/", form.New.as_view(), name="new_form"),
    path("forms/<int:pk>/", form.Show.as_view(), name="form"),
    path("levels/", levels.Index.as_view(), name="levels"),
    path("levels/new/", level.New.as_view(), name="new_level"),
    path("levels/<slug:key>/", level.Show.as_view(), name="level"),
    path("levels/<slug:key>/positions/", positions.Create.as_view(), name="level_positions"),
    path("levels/<slug:key>/retirements/", retirements.Create.as_view(), name="level_retirements"),
    path("levels/<slug:key>/restorations/", retirements.Undo.as_view(), name="level_restorations"),
    path("mailboxes/", mailboxes.Index.as_view(), name="mailboxes"),
    path("mailboxes/new/", mailbox.New.as_view(), name="new_mailbox"),
    path("mailboxes/new/trials/", trials.CreateNew.as_view(), name="new_mailbox_trials"),
    path("mailboxes/<int:pk>/", mailbox.Show.as_view(), name="mailbox"),
    path("mailboxes/oauth/", sign_ins.Callback.as_view(), name="mailbox_oauth"),
    path("mailboxes/<int:pk>/sign-ins/", sign_ins.Create.as_view(), name="mailbox_sign_ins"),
    path("mailboxes/<int:pk>/trials/", trials.Create.as_view(), name="mailbox_trials"),
    path("mailboxes/<int:pk>/pauses/", pauses.Create.as_view(), name="mailbox_pauses"),
    path("mailboxes/<int:pk>/pauses/ends/", pauses.End.as_view(), name="mailbox_pause_ends"),
    path("mailboxes/<int:pk>/removals/", pauses.Remove.as_view(), name="mailbox_removals"),
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
    path("staff/", staff.Index.as_view(), name="staff"),
    path("staff/new/", new_staff.New.as_view(), name="new_staff"),
    path("staff/<int:pk>/", member.Show.as_view(), name="member"),
    path("staff/<int:pk>/resendings/", staff_invitations.Resend.as_view(), name="staff_resendings"),
    path(
        "staff/<int:pk>/withdrawals/",
        staff_invitations.Withdraw.as_view(),
        name="staff_withdrawals",
    ),
    path(
        "staff/<int:pk>/deactivations/", deactivations.Create.as_view(), name="staff_deactivations"
    ),
    path("staff/<int:pk>/restorations/", deactivations.Undo.as_view(), name="staff_restorations"),
]
