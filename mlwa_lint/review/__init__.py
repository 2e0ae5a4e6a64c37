"""The review of a Well-Architected lens, which the rules' evidence and people's answers make together."""
