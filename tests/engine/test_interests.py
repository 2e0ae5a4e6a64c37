"""A rule runs on the resources of the types that it names, exactly or by a prefix."""

from mlwa_lint.engine.interests import Interests, interests_of
from mlwa_lint.rule import Rule
from tests.support.rule_examples import all_rules

KEY, BUCKET, POLICY = "AWS::KMS::Key", "AWS::S3::Bucket", "AWS::S3::BucketPolicy"


def looking_at(*patterns: str) -> Rule:
    return all_rules()[0]._replace(on=patterns)


def test_a_rule_gets_exactly_its_types() -> None:
    rule = looking_at(BUCKET)
    assert Interests((rule,)).among([KEY, BUCKET, POLICY]) == [(rule, [BUCKET])]


def test_a_prefix_stands_for_every_type_that_begins_so() -> None:
    rule = looking_at("AWS::S3::*")
    assert Interests((rule,)).among([KEY, BUCKET, POLICY]) == [(rule, [BUCKET, POLICY])]


def test_a_type_that_two_patterns_fit_is_there_once() -> None:
    rule = looking_at("AWS::S3::*", BUCKET, "AWS::*")
    assert Interests((rule,)).among([BUCKET, KEY]) == [(rule, [BUCKET, KEY])]


def test_rules_without_any_of_the_types_are_left_out_and_the_others_keep_their_order() -> None:
    first, second, third = looking_at(KEY), looking_at(BUCKET), looking_at("AWS::K*")
    assert [rule.on for rule, _ in Interests((first, second, third)).among([KEY])] == [first.on, third.on]


def test_every_type_of_interest_has_a_rule() -> None:
    assert Interests((looking_at("*"),)).among([]) == []


def test_the_interests_of_the_same_rules_are_made_once() -> None:
    rules, others = (looking_at(KEY),), (looking_at(BUCKET),)
    made = interests_of(rules)
    assert interests_of(rules) is made
    assert interests_of(others).among([KEY]) == []
    assert interests_of(rules).among([KEY]) == [(rules[0], [KEY])]
