"""One load from several machines: workers that each send a part of it, and their samples joined."""
