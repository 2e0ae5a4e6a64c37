"""The review of a Well-Architected lens, from the rules' evidence and people's answers."""
