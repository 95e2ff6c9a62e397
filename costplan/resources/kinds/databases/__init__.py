"""Kinds of managed databases."""
