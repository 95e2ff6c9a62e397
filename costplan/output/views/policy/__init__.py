"""Views of what policies and `check` say."""
