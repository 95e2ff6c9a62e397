"""Put a note on a merge request, once, and bring it up to date later."""
