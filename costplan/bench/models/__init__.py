"""The model under test: opened under guard, fed with made-up or given inputs, its answers checked."""
