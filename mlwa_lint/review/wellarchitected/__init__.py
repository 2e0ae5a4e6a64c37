"""Exchange with the AWS Well-Architected Tool; only `client` needs boto3."""
