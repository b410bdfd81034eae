"""The order of the departments in lists."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from firstline.tickets import departments
from firstline.tickets.actions.departments import place_department
from firstline.web.settings.departments.show import DepartmentSettings, number_of, shape_of
from firstline.web.ui.saying import problems_of


class Create(DepartmentSettings):
    """POST: let the department stand at `place`, counted from 1."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        department = departments.get_for(self.actor, pk)
        place = number_of(request.POST.get("place", ""))
        try:
            place_department(self.actor, department, place, via="web")
        except ValidationError as problem:
            return self.show(department, shape_of(department), problems_of(problem), status=422)
        return redirect("settings:department", pk)
