"""How fast the desk is, and whether that stays so: a maker of desks, a driver, and budgets."""
