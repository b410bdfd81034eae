"""Levels of support, as administrators make them (cap 76)."""
