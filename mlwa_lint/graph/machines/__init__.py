"""Instance types and clusters."""
