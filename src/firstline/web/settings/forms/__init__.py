"""Public forms, as administrators make them (cap 151)."""
