"""Words that the workspace offers as a start. Pure."""

from collections.abc import Sequence
from datetime import date


def age_on(born_on: date, day: date) -> int:
    """Whole years of life on `day`; 0 before the birth."""
    years = day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
    return max(0, years)


def summary_starter(
    *, age: int | None, sex: str, date_of_injury: date | None, diagnosis: str, body_parts: Sequence[str] = ()
) -> str:
    """The first sentences of a clinical case summary from the facts of the case; never a name.

    What is not known is left out, so that nothing has to be deleted.
    """
    worker = "The injured worker"
    described = " ".join(part for part in (f"{age}-year-old" if age else "", sex.strip().lower()) if part)
    if described:
        article = "an" if described.startswith(("8", "11", "18")) else "a"
        worker += f" is {article} {described}"
    injury = f"sustained an industrial injury on {date_of_injury:%m/%d/%Y}" if date_of_injury else ""
    if injury:
        worker += f" who {injury}" if described else f" {injury}"
    sentences = [f"{worker}."] if described or injury else []
    named = diagnosis.strip().rstrip(".")
    if named:
        sentences.append(f"The diagnosis is {named}.")
    if body_parts:
        *first, last = body_parts
        listed = f"{', '.join(first)} and {last}" if first else last
        sentences.append(f"The treatment in dispute concerns the {listed}.")
    return " ".join(sentences)
