"""Partners' desks: what partners hold, seen from the platform."""
