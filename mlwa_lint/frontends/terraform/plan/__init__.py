"""Terraform plans as JSON."""
