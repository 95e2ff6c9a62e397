"""Answers of the provider's price API, saved to a file, as prices of a catalog."""
