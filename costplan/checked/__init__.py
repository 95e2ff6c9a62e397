"""Models of what is read: their base, the marks on their fields, and how what is right is read at once."""
