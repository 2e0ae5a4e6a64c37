"""Rules of the security pillar."""
