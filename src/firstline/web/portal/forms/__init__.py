"""Public forms: anybody may fill them in, on our page or inside another site (cap 151)."""
