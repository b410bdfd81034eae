"""Departments and the public addresses that lead to them, as administrators make them (cap 140-151)."""
