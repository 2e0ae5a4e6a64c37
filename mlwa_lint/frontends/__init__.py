"""Readers of infrastructure as code: text in, resources in the canonical vocabulary out."""
