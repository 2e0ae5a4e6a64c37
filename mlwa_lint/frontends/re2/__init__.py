"""Regular expressions as RE2 understands them: in time that grows with the text, whatever the pattern."""
