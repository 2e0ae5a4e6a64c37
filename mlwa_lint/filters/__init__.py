"""Which findings are reported: policy, suppressions and baseline."""
