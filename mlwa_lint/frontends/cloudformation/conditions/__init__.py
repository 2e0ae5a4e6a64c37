"""Conditions of a template, and the scenarios that they allow."""
