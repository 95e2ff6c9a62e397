"""Kinds of smaller services: most are billed by a few amounts that a scenario states."""
