"""What policies allow.

`policies` collects those of a role, `statements` reads them, and `evaluate` decides a request from all of
them, as IAM does.
"""
