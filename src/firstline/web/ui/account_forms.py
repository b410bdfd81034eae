"""Forms of allauth whose address may have letters beyond ASCII, before and after the sign."""

from typing import Any

from allauth.account import fields, forms
from django.forms import CharField

from firstline.base import emails


class EmailField(fields.EmailField):
    """An address in the spelling that we keep."""

    default_validators = ()  # Django's know ASCII alone before the sign

    def clean(self, value: Any) -> str:
        """Raises ValidationError."""
        address = emails.normal(str(CharField.clean(self, value)))
        emails.check(address)
        return address


class SignInForm(forms.LoginForm):
    """The form of allauth with that field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField()
