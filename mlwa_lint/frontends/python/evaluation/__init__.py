"""Gives Python's statements and expressions their meaning before they run, as far as that is known."""
