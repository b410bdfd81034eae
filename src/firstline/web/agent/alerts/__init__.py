"""Alerts: what support tells projects by itself, and whom it reached (product 5.4)."""
