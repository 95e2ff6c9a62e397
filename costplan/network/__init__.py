"""Addresses that may be spoken to, and single HTTP exchanges with them."""
