"""What a bill of the provider, or its price API, says beside the catalog."""
