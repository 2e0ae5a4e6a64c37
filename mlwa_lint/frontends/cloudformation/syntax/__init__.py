"""Reads YAML and JSON templates into nodes with positions."""
