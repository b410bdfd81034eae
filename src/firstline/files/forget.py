"""Forgetting files whose owner is gone."""

from collections.abc import Iterable

from django.db.models import ManyToOneRel

from firstline.files.models import File


def forget(ids: Iterable[int]) -> None:
    """Delete the rows of these files, except those that anything else still points to.

    The bytes stay in the store: another row, or a mail as it came, may have the same.
    """
    left = set(ids)
    for relation in File._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            pointing = relation.related_model._default_manager
            name = relation.field.attname
            left -= set(pointing.filter(**{f"{name}__in": left}).values_list(name, flat=True))
    File.objects.filter(pk__in=left).delete()
