"""The date of a run: dated facts apply from a day on."""

import datetime


def today() -> datetime.date:
    """The current day, in UTC."""
    return datetime.datetime.now(datetime.UTC).date()


def has_passed(day: datetime.date | None) -> bool:
    """Whether a day has come; one that is not known has not."""
    return day is not None and day <= today()


def written(day: datetime.date) -> str:
    """A day as AWS writes it: `July 30, 2026`."""
    return f"{day:%B} {day.day}, {day.year}"
