"""mlwa-lint: checks ML workloads on AWS against the Well-Architected Machine Learning Lens.

    discovery → frontends → graph → engine (with the rules of catalogue) → filters → reporters

`run/pipeline.py` puts these stages together, and `cli` is one of its callers; `server`, `mcp`, `fleet` and
`review` are others. Every stage uses `model`; `lint-imports` keeps the order of imports.
"""

__version__ = "0.1.0"
