"""Schedules that the SDK writes: `CronExpressionGenerator.daily(hour=5)`."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import PyValue, Site
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.values import Scalar


def schedule(core: Core, name: str, site: Site) -> PyValue | None:
    """The result of a method of the generator; None for one that it does not have."""

    def given(parameter: str, position: int, default: int | None = None) -> PyValue:
        value = site.value(parameter, position)
        if value is None and default is not None:
            return Scalar(default, site.span)
        return core.unknown(f"{parameter} is not known", site.span) if value is None else value

    pieces: list[PyValue | str]
    if name == "hourly":
        pieces = ["cron(0 * ? * * *)"]
    elif name == "daily":
        pieces = ["cron(0 ", given("hour", 0, 0), " ? * * *)"]
    elif name == "daily_every_x_hours":
        pieces = ["cron(0 ", given("starting_hour", 1, 0), "/", given("hour_interval", 0), " ? * * *)"]
    elif name == "now":
        pieces = ["NOW"]
    else:
        return None
    return text_of(
        [Scalar(e, site.span) if isinstance(e, str) else frozen(core, e, site.span) for e in pieces],
        site.span,
    )
