"""Web hooks as administrators see them."""

from django.conf import settings

from firstline.mail.models import Hook
from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets.models import Department

PROVIDERS = {
    "mailgun": "Mailgun",
    "postal": "Postal",
    "postmark": "Postmark",
    "sendgrid": "SendGrid",
    "ses": "Amazon SES",
    "sparkpost": "SparkPost",
    "mime": "message/rfc822",
}
SIGNERS = ("mailgun", "postal")  # whose signature is checked once its key is given


def address_of(provider: str, secret: str) -> str:
    """The address to give to the provider. Mailgun posts whole mails where its end says “mime”."""
    end = "mime" if provider == "mailgun" else ""
    return f"{settings.PUBLIC_URL}/hooks/mail/{provider}/{secret}/{end}"


def hooks_for(actor: Actor, department: Department) -> list[Hook]:
    """The hooks of a department. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    return list(Hook.objects.filter(department=department))


def get_for(actor: Actor, department: Department, pk: int) -> Hook:
    """One hook, to be changed. Raises Forbidden, NotFound."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    found = Hook.objects.filter(department=department, pk=pk).first()
    if found is None:
        raise NotFound(str(pk))
    return found
