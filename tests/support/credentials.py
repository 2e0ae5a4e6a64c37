"""Credentials of every known format, none of them real.

Put together from pieces, so that no scanner takes this file for a leak.
"""

LETTERS = "abcdefghijklmnopqrstuvwxyzabcdefghij"
DIGITS = "0123456789abcdef0123456789abcdef"

SAMPLES: tuple[tuple[str, str], ...] = (
    ("AKIA" + "IOSFODNN7EXAMPLE", "an AWS access key"),
    ("key=ASIA" + "IOSFODNN7EXAMPLE;", "an AWS access key"),
    ("ABSK" + LETTERS + LETTERS, "an Amazon Bedrock API key"),
    ("bedrock-api-" + "key-" + LETTERS + LETTERS, "an Amazon Bedrock API key"),
    ("IQoJb3JpZ2lu" + LETTERS * 3, "AWS session credentials"),
    ("-----BEGIN " + "RSA PRIVATE KEY-----\nMII", "a private key"),
    ("AGE-SECRET-" + "KEY-1" + (LETTERS + LETTERS)[:58].upper(), "an age secret key"),
    ("ghp_" + LETTERS, "a GitHub token"),
    ("github_" + "pat_" + LETTERS + LETTERS, "a GitHub token"),
    ("glpat-" + LETTERS, "a GitLab token"),
    ("glrt-" + LETTERS, "a GitLab token"),
    ("hf_" + LETTERS, "a Hugging Face token"),
    ("sk-" + LETTERS + "T3BlbkFJ" + LETTERS, "an OpenAI key"),
    ("sk-" + "proj-" + LETTERS, "an OpenAI key"),
    ("sk-" + "or-v1-" + DIGITS * 2, "an OpenRouter key"),
    ("sk-" + "ant-api03-" + LETTERS * 3, "an Anthropic key"),
    ("sk-" + "lf-01234567-89ab-cdef-0123-456789abcdef", "a Langfuse key"),
    ("lsv2_" + "pt_" + DIGITS + "_0123456789", "a LangSmith key"),
    ("pcsk_" + LETTERS + LETTERS, "a Pinecone key"),
    ("gsk_" + LETTERS + LETTERS, "a Groq key"),
    ("xai-" + LETTERS + LETTERS, "an xAI key"),
    ("pplx-" + LETTERS + LETTERS, "a Perplexity key"),
    ("r8_" + LETTERS + "0", "a Replicate token"),
    ("nvapi-" + LETTERS + LETTERS, "an NVIDIA key"),
    ("tvly-" + LETTERS, "a Tavily key"),
    ("wandb_v1_" + LETTERS + LETTERS, "a Weights & Biases key"),
    ("xoxb-" + "12345678-" + LETTERS, "a Slack token"),
    ("xapp-" + "1-A0123-456-" + DIGITS, "a Slack token"),
    ("https://hooks.slack.com/" + "services/T012/B345/" + LETTERS, "a Slack webhook"),
    ("sk_" + "live_" + LETTERS, "a Stripe key"),
    ("SG." + LETTERS[:22] + "." + (LETTERS + LETTERS)[:43], "a SendGrid key"),
    ("SK" + DIGITS, "a Twilio key"),
    ("AIza" + LETTERS[:35], "a Google API key"),
    ("GOCSPX-" + LETTERS[:28], "a Google client secret"),
    ("npm_" + LETTERS, "an npm token"),
    ("pypi-" + "AgE" + LETTERS + LETTERS, "a PyPI token"),
    ("dckr_" + "pat_" + LETTERS, "a Docker Hub token"),
    ("dop_v1_" + DIGITS + DIGITS, "a DigitalOcean token"),
    ("hvs." + LETTERS * 3, "a HashiCorp Vault token"),
    ("glsa_" + LETTERS, "a Grafana token"),
    ("NRAK-" + LETTERS[:27].upper(), "a New Relic key"),
    ("ATATT3x" + LETTERS * 3, "an Atlassian token"),
    ("dapi" + DIGITS, "a Databricks token"),
    ("AccountKey=" + (LETTERS * 3)[:86] + "==", "an Azure storage key"),
    ("eyJ" + LETTERS + ".eyJ" + LETTERS + "." + LETTERS, "a JSON web token"),
    ("postgres://user:kettle42@db.example.com/ml", "a password in a URL"),
    ("jdbc:postgresql://db.example.com/ml?user=ml&password=kettle42", "a password in a URL"),
    ("redis://:kettle42@cache.example.com", "a password in a URL"),
)


def secret_of(sample: str) -> str:
    """The part of a sample that no report may show."""
    if "kettle42" in sample:
        return "kettle42"
    return sample.removeprefix("key=").removesuffix(";").rpartition("\n")[2]
