"""Measure what one request really costs: targets, load, statistics, verdicts."""
