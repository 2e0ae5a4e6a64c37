"""Functions on points in time."""

import re
from datetime import UTC, datetime, timedelta, timezone

from mlwa_lint.frontends.terraform.functions.data import CannotError
from mlwa_lint.frontends.terraform.functions.kinds import Function, PlainFunction
from mlwa_lint.startup.patterns import lazy

_TIME = lazy(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))\Z", re.ASCII
)
_STEP = lazy(r"(\d*(?:\.\d*)?)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_MICROSECONDS = {
    "ns": 0.001,
    "us": 1,
    "µs": 1,
    "μs": 1,
    "ms": 1_000,
    "s": 1_000_000,
    "m": 60_000_000,
    "h": 3_600_000_000,
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_TOKEN = lazy(r"'((?:[^']|'')*)'|([A-Za-z])\2*|'|[^A-Za-z']+")


def _parsed(text: str) -> datetime:
    found = _TIME.match(text)
    if found is None:
        raise CannotError(f"read {text!r} as a time")
    zone = UTC
    if found[8]:
        offset = timedelta(hours=int(found[9]), minutes=int(found[10]))
        zone = timezone(-offset if found[8] == "-" else offset)
    year, month, day, hour, minute, second = (int(found[number]) for number in range(1, 7))
    fraction = int((found[7] or "").ljust(6, "0")[:6])
    try:
        return datetime(year, month, day, hour, minute, second, fraction, zone)
    except ValueError:
        raise CannotError(f"read {text!r} as a time") from None


def _offset(time: datetime, colon: str) -> str:
    minutes = round((time.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}{colon}{rest:02d}"


def _token(token: str, time: datetime) -> str:
    hour = time.hour % 12 or 12
    is_utc = not time.utcoffset()
    written = {
        "YYYY": f"{time.year:04d}",
        "YY": f"{time.year % 100:02d}",
        "MMMM": _MONTHS[time.month - 1],
        "MMM": _MONTHS[time.month - 1][:3],
        "MM": f"{time.month:02d}",
        "M": str(time.month),
        "DD": f"{time.day:02d}",
        "D": str(time.day),
        "EEEE": _DAYS[time.weekday()],
        "EEE": _DAYS[time.weekday()][:3],
        "hh": f"{time.hour:02d}",
        "h": str(time.hour),
        "HH": f"{hour:02d}",
        "H": str(hour),
        "AA": "AM" if time.hour < 12 else "PM",
        "aa": "am" if time.hour < 12 else "pm",
        "mm": f"{time.minute:02d}",
        "m": str(time.minute),
        "ss": f"{time.second:02d}",
        "s": str(time.second),
        "ZZZZZ": _offset(time, ":"),
        "ZZZZ": _offset(time, ""),
        "ZZZ": "UTC" if is_utc else _offset(time, ""),
        "Z": "Z" if is_utc else _offset(time, ":"),
    }
    if token not in written:
        raise CannotError(f"read {token} in the format of a date")
    return written[token]


def _formatdate(form: str, text: str) -> str:
    time = _parsed(text)
    pieces: list[str] = []
    for found in _TOKEN.finditer(form):
        if found[1] is not None:
            pieces.append(found[1].replace("''", "'"))
        elif found[0] == "'":
            raise CannotError("find the closing quote in the format of a date")
        elif found[2]:
            pieces.append(_token(found[0], time))
        else:
            pieces.append(found[0])
    return "".join(pieces)


def _timeadd(text: str, duration: str) -> str:
    time = _parsed(text)
    sign = -1 if duration.startswith("-") else 1
    rest = duration.lstrip("+-") if len(duration) - len(duration.lstrip("+-")) <= 1 else ""
    microseconds = 0.0
    if rest != "0":
        if not rest:
            raise CannotError(f"read {duration!r} as a duration")
        while rest:
            found = _STEP.match(rest)
            if found is None or not any(c.isdigit() for c in found[1]) or len(found[1]) > 20:
                raise CannotError(f"read {duration!r} as a duration")
            microseconds += float(found[1]) * _MICROSECONDS[found[2]]
            rest = rest[found.end() :]
    try:
        moved = time + sign * timedelta(microseconds=microseconds)
    except OverflowError:
        raise CannotError("calculate so distant a time") from None
    zone = "Z" if not moved.utcoffset() else _offset(moved, ":")
    return f"{moved:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + zone


def _timecmp(left: str, right: str) -> int:
    first, second = _parsed(left), _parsed(right)
    return (first > second) - (first < second)


FUNCTIONS: dict[str, Function] = {
    "formatdate": PlainFunction("ss", _formatdate),
    "timeadd": PlainFunction("ss", _timeadd),
    "timecmp": PlainFunction("ss", _timecmp),
}
