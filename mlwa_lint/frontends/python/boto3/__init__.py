"""boto3: which call makes what, and what its parameters mean."""
