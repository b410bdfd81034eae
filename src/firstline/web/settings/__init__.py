"""Settings: everybody's own, staff and customers alike; what administrators set for all beside them."""
