"""What reports look like, on record."""
