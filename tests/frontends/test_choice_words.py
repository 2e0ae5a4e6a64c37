"""How comments state choices: their subjects, with and without the line of code that they are about."""

import pytest

from mlwa_lint.frontends.choice_words import subjects_of


@pytest.mark.parametrize(
    ("comment", "code", "subjects"),
    [
        ("No KMS encryption for cost savings", "", {"key"}),
        ("AWS owned key, no KMS charges", "", {"key"}),
        ("since this is just for a sandbox env", "force_destroy = true", {"retention"}),
        ("since this is just for a sandbox env", "bucket = x", set()),
        ("access is still gated by the data access policy", "AllowFromPublic = true", {"network"}),
        ("tighten to VPC endpoints for production", "AllowFromPublic = true", set()),
        ("intentional violation", "initial_instance_count = 1", {"scaling"}),
        ("BUG: only 1 instance, to save cost", "initial_instance_count = 1", set()),
        ("Only one instance, 本番では 2", "initial_instance_count = 1", set()),
        ("VULNERABILITY: it may read every bucket", "", {"vulnerable"}),
        ("Vulnerability scanners read it", "", set()),
        ("Public access is not required for replication.", "", set()),
        ("It is private, so that there is no route for the public", "", set()),
        ("Loss scaling is unnecessary", "", set()),
        ("Scaling is not needed. It is a test. The name is short.", "", set()),
        ("Install dependencies if needed", "image = x", set()),
    ],
)
def test_the_subjects_of_a_comment(comment: str, code: str, subjects: set[str]) -> None:
    assert subjects_of(comment, code) == subjects
