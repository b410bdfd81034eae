from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "firstline.people"

    def ready(self) -> None:
        from firstline.people import portals

        post_migrate.connect(portals.install, sender=self)
