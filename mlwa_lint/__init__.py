"""mlwa-lint: checks ML workloads on AWS against the Well-Architected Machine Learning Lens."""

__version__ = "0.1.0"
