"""Apache Airflow: which of its operators and hooks make what, and what its templates and XComs give."""
