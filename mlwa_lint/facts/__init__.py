"""What AWS documents and no template states: dated tables, each with its source.

    services   services and features that AWS has ended or closed to new customers
    versions   versions and platforms, and until when AWS supports them
    models     Bedrock's models: when they end, and through which profiles they can be invoked
    metrics    the metrics and dimensions that services publish
    defaults   what AWS does where a template sets nothing
    hardware   what instance families are made of
    policies   the statements of AWS managed policies

A table is a TOML file beside its module; each names the source of its facts and when they were last
checked. `scripts/build_managed_policies.py` renews the policies; a person renews the others.
"""
