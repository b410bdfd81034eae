"""The counter behind ticket numbers (product 3.2)."""

from django.db import models

from firstline.base.numbers import DEFAULT_MASK, check_mask


class Numbering(models.Model):
    """One row: the mask that the administrator sets, and the last number given."""

    mask = models.CharField(max_length=40, default=DEFAULT_MASK, validators=[check_mask])
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.mask
