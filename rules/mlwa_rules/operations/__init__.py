"""Rules of the operations pillar."""
