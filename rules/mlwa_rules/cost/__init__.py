"""Rules of the cost pillar."""
