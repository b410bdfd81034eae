"""What may be done with contracts, objects and equipment."""
