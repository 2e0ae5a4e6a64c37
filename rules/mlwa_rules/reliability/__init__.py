"""Rules of the reliability pillar."""
