"""Rules of the sustainability pillar."""
