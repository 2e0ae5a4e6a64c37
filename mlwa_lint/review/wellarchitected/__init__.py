"""The way into the AWS Well-Architected Tool and back; only `client` needs boto3."""
