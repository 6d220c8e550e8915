"""Database expressions for "no two rows hold at once", with what every PostgreSQL has built in.

An exclusion constraint compares scalars for equality only with the `btree_gist` extension, which is not installed
everywhere. A range of one value overlaps exactly its equals, so ranges do the same without an extension.
"""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db.models import BaseConstraint, CheckConstraint, F, Func, Q


class DateRange(Func):
    """The half-open range from the first day up to the second; no second day means without end."""

    function = "DATERANGE"
    output_field = DateRangeField()


class _UsedTwice(Func):
    """A function whose template names its expression twice; so its parameters are passed twice."""

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = super().as_sql(*args, **kwargs)
        return sql, (*params, *params)


class SameNumber(_UsedTwice):
    """A whole number as a range of one."""

    template = "INT8RANGE(%(expressions)s::bigint, %(expressions)s::bigint, '[]')"
    output_field = BigIntegerRangeField()


class SameText(_UsedTwice):
    """A text, by its hash, as a range of one. Two names with one hash would exclude each other, never overlap."""

    template = "INT8RANGE(HASHTEXT(%(expressions)s)::bigint, HASHTEXT(%(expressions)s)::bigint, '[]')"
    output_field = BigIntegerRangeField()


def one_at_a_time(name: str, *same: Func) -> list[BaseConstraint]:
    """A row's last day comes after its first, and no two rows alike in `same` are in force on one day.

    For models with `in_force_from` and `in_force_until`; the constraints are called after `name`.
    """
    return [
        CheckConstraint(
            name=f"{name}_span", condition=Q(in_force_until__isnull=True) | Q(in_force_until__gt=F("in_force_from"))
        ),
        ExclusionConstraint(
            name=f"{name}_no_overlap",
            expressions=[
                *((one, RangeOperators.OVERLAPS) for one in same),
                (DateRange("in_force_from", "in_force_until"), RangeOperators.OVERLAPS),
            ],
        ),
    ]
