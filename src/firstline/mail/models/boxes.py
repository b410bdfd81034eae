"""Where mail comes from and goes out: public addresses, mailboxes that are read, servers that send."""

from typing import Any

from django.db import models
from django.utils import timezone

from firstline.mail import reasons
from firstline.tickets.models import Department


class Box(models.Model):
    """A public address whose mail is forwarded to a department's own (product 7.2, cap 147)."""

    address = models.EmailField(max_length=254, unique=True)
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="boxes")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("address",)

    def __str__(self) -> str:
        return self.address


class BoxCheck(models.Model):
    """A coded mail sent to a public address, and what was found out about its way back; without a
    box, to the system address of the department itself.

    `findings` is a list of [step, detail], in the order of the way; `arrived_at` None: on its way,
    or lost once `created_at` is long ago.
    """

    box = models.ForeignKey(Box, null=True, on_delete=models.CASCADE, related_name="checks")
    department = models.ForeignKey(
        Department, null=True, on_delete=models.CASCADE, related_name="+"
    )  # of a system address that is checked
    code = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    findings: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(box=None) ^ models.Q(department=None),
                name="check_of_one_address",
            ),
        )
        ordering = ("-id",)

    @property
    def target(self) -> Department:
        """The department that its mail is to come to."""
        found = self.box.department if self.box else self.department
        if found is None:  # the constraint keeps such a row out
            raise Department.DoesNotExist
        return found

    @property
    def address(self) -> str:
        """The address that is checked."""
        return self.box.address if self.box else self.target.address


class Mailbox(models.Model):
    """A mailbox that is read by IMAP; its mail goes to one department. Nothing in it is changed."""

    class Security(models.TextChoices):
        TLS = "tls"
        STARTTLS = "starttls"
        NONE = "none"

    address = models.EmailField(max_length=254, unique=True)
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="mailboxes")
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=8, choices=Security, default=Security.TLS)
    user = models.CharField(max_length=254)
    # A password, or what OAuth 2 needs; base/secrets.py closes and opens it.
    secret = models.TextField(blank=True)
    uses_oauth = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    takes_old = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    # The one reader at a time, and until when it is theirs (see base/work.py).
    reader = models.CharField(max_length=40, blank=True)
    leased_until = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True)

    class Meta:
        ordering = ("address",)

    def __str__(self) -> str:
        return self.address


class Folder(models.Model):
    """A folder of a mailbox, and up to which UID it has been taken in (RFC 9051, 2.3.1.1)."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(max_length=500, default="INBOX")
    uid_validity = models.PositiveBigIntegerField(default=0)
    last_uid = models.PositiveBigIntegerField(default=0)
    # The moment of joining: what lay there before is old mail. It is told by its UID, or, where the
    # UIDs of that moment are not known (any more), by the date at which the server got it.
    joined_at = models.DateTimeField(default=timezone.now)
    old_uid = models.PositiveBigIntegerField(default=0)
    is_told_by_date = models.BooleanField(default=True)
    # Mails that the server would not hand out, with the number of tries: {"17": 2}.
    later: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("mailbox", "name"), name="folder_once"),)


class MailServer(models.Model):
    """The server that carries a department's mails away, where it is not the installation's."""

    class Security(models.TextChoices):
        TLS = "tls"
        STARTTLS = "starttls"
        NONE = "none"

    department = models.OneToOneField(
        Department, on_delete=models.CASCADE, related_name="mail_server"
    )
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=465)
    security = models.CharField(max_length=8, choices=Security, default=Security.TLS)
    user = models.CharField(max_length=254, blank=True)
    secret = models.TextField(blank=True)


class DkimKey(models.Model):
    """The key that signs the mails of a domain (RFC 6376)."""

    domain = models.CharField(max_length=253, unique=True)
    selector = models.CharField(max_length=63)
    secret = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    # When the DNS was seen to publish it; until then nothing is signed with it.
    found_at = models.DateTimeField(null=True)


class Suppression(models.Model):
    """An address that nothing is sent to any more: a bounce of our own mail proved it (product 7.6)."""

    address = models.EmailField(max_length=254, unique=True)
    reason = models.TextField()
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.address

    @property
    def why(self) -> str:
        """The reason in plain words."""
        return reasons.plain(self.reason)
