"""The document that people hand on: one content, written as HTML or as Markdown."""
