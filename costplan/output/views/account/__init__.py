"""Views of what only an account has."""
