"""The sign-in page: allauth's, which also says what to do after too many tries."""

from typing import Any

from allauth.account.views import LoginView
from django.http import HttpResponse

from firstline.web.ui.accounts import LIMITED


class SignIn(LoginView):
    """GET: the form. POST: sign in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        errors = context["form"].errors.as_data().get("__all__", [])
        context["is_limited"] = any(error.code == LIMITED for error in errors)
        return context

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if context["is_limited"]:
            kwargs |= {"status": 429, "headers": {"Retry-After": "300"}}
        response: HttpResponse = super().render_to_response(context, **kwargs)
        return response
