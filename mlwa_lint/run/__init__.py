"""From paths and settings to a result."""
