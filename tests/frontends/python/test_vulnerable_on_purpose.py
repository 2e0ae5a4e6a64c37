"""READMEs of projects that are vulnerable to be learned from, and of those that only mention such ones."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.readme import is_for_learning


@pytest.mark.parametrize(
    "text",
    [
        "# Bank bot\n\nAn intentionally vulnerable agent on Bedrock.",
        "# Bank bot\n\nThis repository is deliberately insecure. Have fun.",
        "# CloudGoat\n\nScenarios for AWS.",
        "# Claims\n\nClaims is a vulnerable-by-design deployment of agents.",
        "# Victim\n\nVulnerable chatbot application for the prompt injection security demo.",
        "# Flags\n\nThis is the code for a capture the flag.",
        "# Damn Vulnerable LLM Agent\n",
        "# Claims\n\nDo not deploy this stack in production.",
        "# Claims\n\n**Never use it in a production environment!**",
    ],
)
def test_what_is_vulnerable_on_purpose_is_for_learning(tmp_path: Path, text: str) -> None:
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    assert is_for_learning(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "# Scanner\n\nFinds intentionally vulnerable packages in notebooks.",
        "# Detector\n\nThis service distinguishes intentionally vulnerable projects.",
        "# AML/CTF screening\n\nScores transactions.",
        "# Goat farm\n\nCounts goats.",
        "# Claims\n\nDo not deploy to production without a review.",
        "# Claims\n\nDo not use the development key in production.",
        "# Claims\n\nDo not use this parameter file in production.",
        "# Vulnerable customers\n\nVulnerable customer detection application for banks.",
        "# Claims\n\nIt is not vulnerable by design or by accident.",
        "# Triage\n\nRanks vulnerable dependencies.",
    ],
)
def test_what_only_mentions_it_is_not(tmp_path: Path, text: str) -> None:
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    assert not is_for_learning(tmp_path)
