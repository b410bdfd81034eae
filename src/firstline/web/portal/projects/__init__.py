"""A customer's projects, each with its Support section: tickets and alerts (product 6.6)."""

from firstline.web.portal.projects import index, show

__all__ = ["index", "show"]
