"""Languages: one translator, the closed vocabularies, and a catalog of messages for each language."""
