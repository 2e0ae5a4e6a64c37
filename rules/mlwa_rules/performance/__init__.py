"""Rules of the performance pillar."""
