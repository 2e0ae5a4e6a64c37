"""Writes a new rule with its examples."""
