"""The secrets of a target: which literals count, and what messages show instead of them."""

import pytest

from mlwa_lint.model.secrets import (
    MARKS,
    Marks,
    Secrets,
    collecting,
    marks_in,
    names_secret,
    secrets,
    suspicious,
    without_formats,
)
from tests.support.small_values import HERE

TOKEN = "hf_" + "abcdefghijklmnopqrstuvwxyzabcdefghij"


def holding(*texts: str) -> Secrets:
    own = Secrets()
    for text in texts:
        own.certain(text)
    return own


@pytest.mark.parametrize("mark", [*MARKS.words, *MARKS.keys])
def test_each_mark_makes_a_text_suspicious_in_any_case(mark: str) -> None:
    assert suspicious(f"My-{mark.upper()}: x")
    assert not suspicious(f"My-{mark[:-1]}: x")
    assert marks_in(f"a {mark.title()} b") != Marks((), ())


def test_the_marks_of_a_source_are_those_that_it_has() -> None:
    assert marks_in("HF_TOKEN: x\nApiKey: y\n") == Marks(("token",), ("apikey",))
    assert marks_in("plain") == Marks((), ())
    assert marks_in("Key: x\nTaskKey: y\nLicenseKey: z\n") == Marks((), ("licensekey",))
    assert marks_in("pass\\u0077ord") == MARKS
    assert suspicious("TOKEN", Marks(("token",), ()))
    assert not suspicious("ApiKey", Marks(("token",), ()))
    assert suspicious("ApiKey", Marks((), ("apikey",)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("HF_TOKEN", True), ("Passwords", True), ("Endpoints", False), ("Address", False), ("s", False)],
)
def test_names_in_the_plural_promise_secrets_too(name: str, expected: bool) -> None:
    assert names_secret(name) is expected


def test_a_literal_that_is_a_placeholder_is_no_secret_unless_it_is_declared_to_be() -> None:
    own = Secrets()
    own.add("CHANGE_ME", HERE)
    own.add("hunter22", HERE)
    assert (own.texts, own.size, list(own.places)) == (frozenset({"hunter22"}), 1, [HERE])
    own.certain("CHANGE_ME")
    assert own.size == 2
    assert list(own.places) == [HERE]


@pytest.mark.parametrize("text", ["abc", " ab ", "token", "Password", "SECRET", "credential"])
def test_short_literals_and_words_of_messages_are_hidden_in_excerpts_alone(text: str) -> None:
    own = Secrets()
    own.certain(text, HERE)
    assert (own.texts, list(own.places)) == (frozenset(), [HERE])


def test_the_shortest_literal_has_four_characters_without_the_space_around_it() -> None:
    assert holding("  abcd\n").texts == {"abcd"}


def test_long_lines_of_a_literal_are_secret_by_themselves() -> None:
    assert holding("first line\n short  \n12345678\n1234567").texts == {
        "first line\n short  \n12345678\n1234567",
        "first line",
        "12345678",
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("xyzzy is it", "*** is it"),
        ("it is xyzzy", "it is ***"),
        ("'xyzzy', xyzzy", "'***', ***"),
        ("-xyzzy-", "-***-"),
        ("xyzzyx", "xyzzyx"),
        ("is xyzzyx", "is xyzzyx"),
        ("it is axyzzy", "it is axyzzy"),
        ("axyzzy", "axyzzy"),
        ("1xyzzy", "1xyzzy"),
        ("xyzz", "xyzz"),
        ("", ""),
        ("XYZZY", "XYZZY"),
    ],
)
def test_a_short_literal_is_hidden_where_it_stands_alone(text: str, shown: str) -> None:
    assert holding("xyzzy").scrub(text) == shown


def test_a_literal_of_twelve_characters_is_hidden_within_words_too() -> None:
    assert holding("abcdefghijkl").scrub("xabcdefghijklx") == "x***x"
    assert holding("abcdefghijk").scrub("xabcdefghijkx") == "xabcdefghijkx"


def test_the_longest_literal_is_hidden_first() -> None:
    own = holding("plugh", "plugh-xyzzy")
    assert own.scrub("plugh-xyzzy plugh") == "*** ***"
    assert own.found_in("plugh-xyzzy plugh") == [(0, 11), (12, 17)]


def test_a_literal_is_hidden_as_messages_quote_it() -> None:
    own = holding('say "ho"\tnow', "two  words", "schön\tgrün")
    assert own.scrub("x schön\\tgrün y") == "x *** y"
    assert own.scrub("x sch\\u00f6n\\tgr\\u00fcn y") == "x *** y"
    assert own.scrub('x say \\"ho\\"\\tnow y') == "x *** y"
    assert own.scrub("x two words y") == "x *** y"


def test_a_literal_that_a_message_shortens_is_hidden_as_far_as_it_goes() -> None:
    secret = "abcdefghijklmnopqrst-uvwxyz"
    assert holding(secret).scrub("is abcdefghijklmnopqrst-uv… here") == "is ***… here"
    assert holding(secret).scrub("is abcdefghijklmnopqrst") == "is ***"
    assert holding(secret).scrub("is abcdefghijklmnopqrs") == "is abcdefghijklmnopqrs"


def test_literals_noted_after_a_text_was_scrubbed_are_hidden_in_the_next() -> None:
    own = holding("plugh")
    assert own.scrub("plugh xyzzy") == "*** xyzzy"
    own.certain("xyzzy")
    assert own.scrub("plugh xyzzy") == "*** ***"


def test_credentials_of_a_known_format_are_hidden_in_any_text() -> None:
    assert without_formats(f"a {TOKEN} b {TOKEN}") == "a *** b ***"
    assert Secrets().scrub(f"a {TOKEN} b") == "a *** b"
    assert without_formats("hf_" + "x" * 20 + " is shortened") == "*** is shortened"
    assert without_formats("hf_" + "x" * 20 + "… is shortened") == "***… is shortened"
    assert without_formats("postgres://me:plugh@db/ml") == "postgres://me:***@db/ml"


@pytest.mark.parametrize("name", ["hf_endpoint_config", "hf_text-generation", "npm_install_dependencies"])
def test_a_name_that_begins_like_a_credential_is_shown(name: str) -> None:
    assert (
        without_formats(f"aws_sagemaker_endpoint.{name} is fine") == f"aws_sagemaker_endpoint.{name} is fine"
    )


def test_what_a_variable_is_compared_with_is_secret_if_the_variable_is() -> None:
    own = Secrets()
    own.compared("DB_PASSWORD", "plugh", HERE)
    own.compared("Region", "xyzzy")
    own.compared("Declared", "frotz")
    assert own.texts == frozenset()
    own.names.add("Declared")
    own.settle()
    assert own.texts == {"plugh", "frotz"}
    assert list(own.places) == [HERE]
    own.names.add("Region")
    own.settle()
    assert own.texts == {"plugh", "frotz"}


def test_stated_values_of_secret_variables_are_secret_with_all_that_they_contain() -> None:
    own = Secrets()
    own.names.add("Declared")
    own.given(
        {
            "DB_PASSWORD": "plugh",
            "Declared": {"a": ["xyzzy", {"b": 123456}], "c": True, "d": None, "e": 0.125},
            "Region": "eu-west-1",
        }
    )
    assert own.texts == {"plugh", "xyzzy", "123456", "0.125"}


def test_secrets_are_collected_for_the_target_at_hand_alone() -> None:
    with collecting() as outer:
        secrets().certain("plugh")
        with collecting() as inner:
            secrets().certain("xyzzy")
        secrets().certain("frotz")
    secrets().certain("nowhere")
    assert outer.texts == {"plugh", "frotz"}
    assert inner.texts == {"xyzzy"}
    assert secrets().texts == frozenset()
    assert not outer.found
