"""mlwa-lint inside other tools."""
