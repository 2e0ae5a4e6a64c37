"""Terraform's names in the canonical vocabulary: data tables, folds, labels."""

from mlwa_lint.frontends.terraform.vocabulary.labels import VOCABULARY, TerraformVocabulary
from mlwa_lint.frontends.terraform.vocabulary.normalise import normalise

__all__ = ["VOCABULARY", "TerraformVocabulary", "normalise"]
