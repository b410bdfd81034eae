"""What customers own and what was agreed with them: contracts, service objects, equipment (product 2.4)."""

from django.db import models
from django.utils import timezone

from firstline.people.models import Company


class Contract(models.Model):
    """An agreement with a company, known by its number."""

    number = models.CharField(max_length=60, unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="contracts")
    title = models.CharField(max_length=200, blank=True)
    covers = models.TextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return self.number

    @property
    def is_over(self) -> bool:
        """Whether its last day lies behind us."""
        return self.ends_on is not None and self.ends_on < timezone.localdate()


class ServiceObject(models.Model):
    """A site that is served, with its address."""

    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="objects_served")

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return f"{self.name}, {self.address}" if self.address else self.name


class Equipment(models.Model):
    """A machine with its serial number, at a site, under a contract."""

    model = models.CharField(max_length=200)
    serial = models.CharField(max_length=100, blank=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="equipment")
    site = models.ForeignKey(
        ServiceObject, null=True, blank=True, on_delete=models.PROTECT, related_name="equipment"
    )
    contract = models.ForeignKey(
        Contract, null=True, blank=True, on_delete=models.PROTECT, related_name="equipment"
    )

    class Meta:
        ordering = ("model", "serial", "id")
        verbose_name_plural = "equipment"

    def __str__(self) -> str:
        return f"{self.model}, № {self.serial}" if self.serial else self.model
