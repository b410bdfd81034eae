"""What open screens ask for when the live stream tells them that something is new (product 5.7)."""
