"""Many repositories: scanned on one machine or many, kept as Parquet, asked with SQL.

    sources → plan → engine → (fetch → lint, in a process of its own) → journal → dataset → states → reports

`scan.py` says these stages in order; read it first.
"""
