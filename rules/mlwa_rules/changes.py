"""The changes of several rules, and the risks of making them unseen."""

from mlwa_lint.rule import Data

# What the configuration states as `subnets` and `security-groups`.
IN_VPC: Data = {"Subnets": "${subnets}", "SecurityGroupIds": "${security-groups}"}
VPC_RISK = "the subnets have to lead to what it needs"
ISOLATION_RISK = "the containers lose all network access"
