"""What is other between two bills."""
