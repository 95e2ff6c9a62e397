"""Designs as they were at a revision of git, read without changing anything of the repository."""
