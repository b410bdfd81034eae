"""A new ticket (cap 9-19, product 6.1)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from firstline.files.upload import MOST_FILES
from firstline.people.roles import Permission
from firstline.records import access as records
from firstline.tickets import details
from firstline.tickets.actions.open import Fields, check, open_ticket
from firstline.tickets.messages import Draft
from firstline.web.portal.tickets.choices import Choices, Typed
from firstline.web.ui import once
from firstline.web.ui.saying import Problem, draft_of, problems_of
from firstline.web.ui.views import PortalPage

# The fields as they stand on the page; the type's own questions stand behind it.
CHOSEN = ("department", "type", "object", "equipment", "project")
ORDER = (
    *("department", "type", "object", "equipment", "contract", "callback_name", "callback_phone"),
    *("project", "subject", "text", "files"),
)
QUESTION = details.NAME.format("")
DRAFT = "new-ticket"  # under which the browser keeps what was typed and not sent
NEEDED = frozenset({"callback_name", "callback_phone", "subject"})


class FormPage(PortalPage):
    """The form as a page, or as the fragment that htmx puts in its place."""

    def form(
        self,
        choices: Choices,
        typed: Typed,
        problems: Sequence[Problem] = (),
        *,
        had_files: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """Show the form with what was typed; `problems` stand on top and at their fields."""
        context = {
            "choices": choices,
            "typed": typed,
            "questions": choices.questions(typed),
            "problems": sorted(problems, key=_place),
            "wrong": {problem.field for problem in problems},
            "had_files": had_files,
            "needs_contract": bool(choices.contracts),
            "most_files": MOST_FILES,
            "submission": once.fresh_key(),
            "draft": DRAFT,
        }
        template = "form.html" if self.is_htmx else "page.html"
        return self.answer(f"portal/tickets/new/{template}", context, status=status)


class New(FormPage):
    """GET: the form; what an address names is chosen already. POST: open the ticket."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.TICKET_OPEN)
        choices = Choices.of(self.actor)
        named = {name: request.GET[name] for name in CHOSEN if name in request.GET}
        return self.form(choices, choices.defaults(self.actor) | named)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.actor.demand(Permission.TICKET_OPEN)
        choices, typed = Choices.of(self.actor), _typed(request.POST)
        fields, unknown = self._fields(choices, typed)
        try:
            draft = draft_of(request)
        except ValidationError as problem:
            draft, unknown = Draft(typed.get("text", "")), unknown | problem.message_dict
        try:
            if unknown:
                check(self.actor, fields, draft, via="portal")
                raise ValidationError(unknown)
            ticket = once.perform(
                request, lambda: open_ticket(self.actor, fields, draft, via="portal")
            )
        except ValidationError as problem:
            found = problems_of(ValidationError({**problem.message_dict, **unknown}))
            had_files = bool(request.FILES)
            return self.form(choices, typed, found, had_files=had_files, status=422)
        return self._sent(request, ticket.number if ticket else "")

    def _fields(self, choices: Choices, typed: Typed) -> tuple[Fields, dict[str, Any]]:
        """What was filled in as the action takes it, and what was chosen that is not offered."""
        lists: dict[str, Any] = {
            "department": choices.departments,
            "type": choices.types,
            "project": choices.projects,
        }
        rows = {name: _one_of(typed.get(name, ""), lists[name]) for name in lists}
        rows["object"] = records.one_of(records.objects_for(self.actor), typed.get("object", ""))
        rows["equipment"] = records.one_of(
            records.equipment_for(self.actor), typed.get("equipment", "")
        )
        gone = _("This can't be chosen. Choose one of the list.")
        unknown = {name: [gone] for name in rows if typed.get(name) and rows[name] is None}
        answers = {
            name.removeprefix(QUESTION): text
            for name, text in typed.items()
            if name.startswith(QUESTION)
        }
        fields = Fields(
            subject=typed.get("subject", ""),
            requester=self.actor.person,
            callback_name=typed.get("callback_name", ""),
            callback_phone=typed.get("callback_phone", ""),
            contract_text=typed.get("contract", ""),
            details=answers,
            needed=NEEDED | ({"contract"} if choices.contracts else set()),
            **rows,
        )
        return fields, unknown

    def _sent(self, request: HttpRequest, number: str) -> HttpResponse:
        """Go to the list, where the new ticket is marked (cap 19)."""
        if number:
            done = _("Ticket %(number)s is with the support team.") % {"number": number}
            messages.success(request, done, extra_tags=DRAFT)
        else:
            again = _("This had been sent already, so it was not sent again.")
            messages.info(request, again, extra_tags=DRAFT)
        where = resolve_url("portal:tickets") + (f"?{urlencode({'new': number})}" if number else "")
        if self.is_htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": where})
        return redirect(where)


class Questions(FormPage):
    """GET: what the chosen type asks, for htmx. POST: the same without JavaScript, as a page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.is_htmx:
            return redirect("portal:new_ticket")
        asked = Choices.of(self.actor).questions(_typed(request.GET))
        return self.answer("portal/tickets/new/questions.html", {"questions": asked})

    def post(self, request: HttpRequest) -> HttpResponse:
        had_files = bool(request.FILES)
        return self.form(Choices.of(self.actor), _typed(request.POST), had_files=had_files)


def _typed(data: QueryDict) -> Typed:
    """What stands in the fields that we asked for; all else is left alone (C39)."""
    return {
        name: str(data[name]).replace("\r\n", "\n")
        for name in data
        if name in ORDER or name.startswith(QUESTION)
    }


def _one_of(key: str, rows: Sequence[Any]) -> Any:
    return next((row for row in rows if str(row.pk) == key), None)


def _place(problem: Problem) -> int:
    """Where on the page a problem's field stands."""
    name = "type" if problem.field.startswith(QUESTION) else problem.field
    return ORDER.index(name) if name in ORDER else len(ORDER)
