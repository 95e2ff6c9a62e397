"""The note on a merge request, and what its pipeline takes besides."""
