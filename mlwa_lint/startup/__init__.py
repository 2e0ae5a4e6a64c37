"""What the cold start needs; each module gives its measured reason."""
