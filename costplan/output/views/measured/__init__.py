"""What a measurement answers first, before its tables."""
