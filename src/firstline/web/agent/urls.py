"""Addresses of the agents' workspace."""

from django.urls import URLPattern, URLResolver, include, path

from firstline.web.agent import desk, folds, handed_over, palette, register, visits, waiting
from firstline.web.agent.live import desk_news, presences, ticket_news
from firstline.web.agent.mail import replays
from firstline.web.agent.mail import show as mail
from firstline.web.agent.partners import index as partners
from firstline.web.agent.partners import show as partner
from firstline.web.agent.tickets import (
    between_comments,
    claims,
    comments,
    drafts,
    escalations,
    files,
    hand_backs,
    hand_overs,
    hidden_comments,
    letters,
    moves,
    notes,
    pending,
    previews,
    replies,
    resolutions,
    show,
)

app_name = "agent"
ticket: list[URLPattern | URLResolver] = [
    path("", show.Show.as_view(), name="ticket"),
    path("", include("firstline.web.agent.tickets.together")),
    path("between-comments/", between_comments.Create.as_view(), name="between_comments"),
    path("claims/", claims.Create.as_view(), name="claims"),
    path("comments/", comments.Create.as_view(), name="comments"),
    path("escalations/", escalations.Escalations.as_view(), name="escalations"),
    path("hand-backs/", hand_backs.Create.as_view(), name="hand_backs"),
    path("hand-overs/", hand_overs.Create.as_view(), name="hand_overs"),
    path("hidden-comments/", hidden_comments.Create.as_view(), name="hidden_comments"),
    path("drafts/", drafts.Create.as_view(), name="drafts"),
    path("pending/<int:pk>/departures/", pending.Depart.as_view(), name="departures"),
    path("pending/<int:pk>/withdrawals/", pending.Withdraw.as_view(), name="withdrawals"),
    path("moves/", moves.Create.as_view(), name="moves"),
    path("news/", ticket_news.Show.as_view(), name="ticket_news"),
    path("notes/", notes.Notes.as_view(), name="notes"),
    path("presences/", presences.Create.as_view(), name="presences"),
    path("replies/", replies.Create.as_view(), name="replies"),
    path("resolutions/", resolutions.Create.as_view(), name="resolutions"),
    path("files/<int:pk>/", files.Download.as_view(), name="file"),
    path("files/<int:pk>/preview/", previews.Picture.as_view(), name="preview"),
    path("files/<int:pk>/viewer/", previews.Show.as_view(), name="viewer"),
    path("visits/", visits.OfTicket.as_view(), name="visits"),
    path("messages/<int:pk>/letter/", letters.Show.as_view(), name="letter"),
    path("messages/<int:pk>/letter/pictures/", letters.Pictures.as_view(), name="pictures"),
    path("messages/<int:pk>/replays/", replays.OfMessage.as_view(), name="replays"),
    path("messages/<int:pk>/source/", letters.Source.as_view(), name="source"),
    path("messages/<int:pk>/text/", letters.Text.as_view(), name="text"),
    path("messages/<int:pk>/trace/", mail.OfMessage.as_view(), name="trace"),
]
urlpatterns = [
    path("alerts/", include("firstline.web.agent.alerts.urls")),
    path("bulk/", include("firstline.web.agent.bulk.urls")),
    path("customers/", include("firstline.web.agent.customers.urls")),
    path("desk/", desk.Desk.as_view(), name="desk"),
    path("desk/folds/", folds.Create.as_view(), name="folds"),
    path("desk/news/", desk_news.Show.as_view(), name="desk_news"),
    path("desk/groups/<slug:key>/<slug:level>/", desk.Group.as_view(), name="group"),
    path("handed-over/", handed_over.Index.as_view(), name="handed_over"),
    path("inbox/", include("firstline.web.agent.inbox.urls")),
    path("mail/", include("firstline.web.agent.mail.urls")),
    path("palette/", palette.Palette.as_view(), name="palette"),
    path("partners/", partners.Index.as_view(), name="partners"),
    path("partners/<int:pk>/", partner.Show.as_view(), name="partner"),
    path("waiting/", waiting.Index.as_view(), name="waiting"),
    path("waiting/<slug:name>/", waiting.List.as_view(), name="waiting_list"),
    path("waiting/<slug:name>/news/", waiting.News.as_view(), name="waiting_news"),
    path("tickets/", register.Register.as_view(), name="register"),
    path("tickets/<str:number>/", include(ticket)),
]
