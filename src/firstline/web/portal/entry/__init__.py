"""The ways into the portal: registering, an invitation, the first password of one's own."""
