"""Reads HCL and JSON configurations into expressions and blocks."""
