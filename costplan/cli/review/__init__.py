"""What commands share for the review of a change: the note, policies, files for pipelines."""
