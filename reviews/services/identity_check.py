"""Whether a reviewer's own words give the reviewer away (LC 4610.6(f)).

The register of identities is read here and nothing of it goes out: the answer says which kind of fact was found in
which text, never the fact.
"""

import re
from collections.abc import Mapping

from reviews.models import License, Reviewer
from reviews.models.identity import ReviewerIdentity

SHORTEST_NUMBER = 5
SHORTEST_NAME = 3
SHORTEST_PRACTICE = 5


def find_own_identity(*, reviewer_id: int, texts: Mapping[str, str]) -> dict[str, list[str]]:
    """For each key of `texts` in which the reviewer can be recognized, the kinds of fact: "your name" and so on.

    A family name counts where it stands as a word with its capital letters, alone or with the first name; numbers
    count however they are spaced.
    """
    patterns = _patterns(reviewer_id)
    found = {
        key: sorted({kind for kind, pattern in patterns if pattern.search(text)}) for key, text in texts.items() if text
    }
    return {key: kinds for key, kinds in found.items() if kinds}


def _patterns(reviewer_id: int) -> list[tuple[str, re.Pattern[str]]]:
    reviewer = Reviewer.objects.select_related("user").get(pk=reviewer_id)
    patterns = [("your e-mail address", _phrase(reviewer.user.email))]
    numbers = [("your license number", number) for number in _license_numbers(reviewer_id)]
    identity = ReviewerIdentity.objects.filter(pk=reviewer_id).first()
    if identity is not None:
        numbers += [("your NPI", identity.npi), ("your telephone number", identity.phone)]
        if len(identity.practice_name) >= SHORTEST_PRACTICE:
            patterns.append(("your practice", _phrase(identity.practice_name)))
        patterns += [("your name", pattern) for pattern in _names(identity.first_name, identity.last_name)]
    patterns += [(kind, _number(number)) for kind, number in numbers if len(_bare(number)) >= SHORTEST_NUMBER]
    return patterns


def _license_numbers(reviewer_id: int) -> list[str]:
    return list(License.objects.filter(reviewer_id=reviewer_id).values_list("number", flat=True))


def _names(first: str, last: str) -> list[re.Pattern[str]]:
    patterns = []
    if first and last:
        both = rf"{_spaced(first)}(?:\s+\S+)?\s+{_spaced(last)}|{_spaced(last)}\s*,\s*{_spaced(first)}"
        patterns.append(re.compile(rf"(?<!\w)(?:{both})(?!\w)", re.IGNORECASE))
    if len(last) >= SHORTEST_NAME:
        spellings = {last, last.upper(), last[:1].upper() + last[1:]}
        alone = "|".join(_spaced(spelling) for spelling in sorted(spellings))
        # A hyphen joins the name to a term of medicine, as in an eponym.
        patterns.append(re.compile(rf"(?<![\w-])(?:{alone})(?![\w-])"))
    return patterns


def _phrase(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_spaced(words)}(?!\w)", re.IGNORECASE)


def _spaced(words: str) -> str:
    return r"\s+".join(re.escape(word) for word in words.split())


def _bare(number: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", number)


def _number(number: str) -> re.Pattern[str]:
    loose = r"[\s().-]*".join(re.escape(character) for character in _bare(number))
    return re.compile(rf"(?<![0-9A-Za-z]){loose}(?![0-9A-Za-z])", re.IGNORECASE)
