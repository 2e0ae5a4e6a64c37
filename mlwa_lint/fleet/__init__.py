"""Many repositories: scanned on one machine or many, kept as Parquet, queried with SQL.

    sources → plan → engine → (fetch → lint, in a process of its own) → journal → dataset → states → reports

`scan.py` lists these stages in order; read it first.
"""
