from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TicketsConfig(AppConfig):
    name = "firstline.tickets"

    def ready(self) -> None:
        from firstline.tickets import shipped  # models are not there before

        post_migrate.connect(shipped.install, sender=self, dispatch_uid="firstline.tickets.shipped")
