"""Commands for the review of a change: the note on a merge request."""
