"""What an admin says about a file that the file itself does not: its currency, how its dates are meant, its terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class DateOrder(StrEnum):
    """The order in which the parts of a date are written: 31/3/2026, 3/31/2026 or 2026-03-31."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    YEAR_FIRST = "ymd"


class DecimalMark(StrEnum):
    """What stands between major and minor units."""

    POINT = "point"
    COMMA = "comma"


class Mode(StrEnum):
    """Whether a file of invoices tells news, or all that is open: what a snapshot lacks is presumed settled."""

    INCREMENTAL = "incremental"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class UploadSettings:
    """Empty and None: the file must say so itself.

    `currency` is ISO 4217 and used where the file names none; `terms_days` after the issue date an invoice without
    a due date is due; `profile` names the product that wrote the file; `columns` gives the header of a field's
    column, for files that no profile knows; `country` (ISO 3166) is where phone numbers without a country are.
    """

    currency: str = ""
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    terms_days: int | None = None
    profile: str = ""
    mode: Mode | None = None
    country: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
