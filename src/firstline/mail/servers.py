"""The server and the signature of a department's mail, as administrators see them."""

from firstline.base.secrets import Unreadable
from firstline.mail.models import DkimKey, MailServer
from firstline.mail.outbound import signing
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets.models import Department


def server_for(actor: Actor, department: Department) -> MailServer | None:
    """The department's own server; None where the installation's carries its mail. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    return MailServer.objects.filter(department=department).first()


def domain_of(department: Department) -> str:
    """The domain that its letters come from, and that signs them."""
    return department.address.rpartition("@")[2].lower()


def key_for(actor: Actor, department: Department) -> DkimKey | None:
    """The key that signs them; None where none was made. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    return DkimKey.objects.filter(domain=domain_of(department)).first()


def record_of(key: DkimKey) -> tuple[str, str]:
    """The name and the text that the domain's DNS is to publish; no text where the key can't be read."""
    try:
        return signing.record_name(key), signing.record(key)
    except Unreadable:
        return signing.record_name(key), ""
