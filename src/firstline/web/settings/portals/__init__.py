"""Portals, as administrators shape them (cap 106)."""
