"""Invented clinical prose for rehearsals and measurements: new on every call, the same for the same seed."""

import random

# Of a hundred letters so many have 1, 2, 3, 4, 6 and 10 items: 2.6 on average.
MIX = {1: 38, 2: 24, 3: 16, 4: 10, 6: 8, 10: 4}
# A lighter mix: 2.3 items on average.
LIGHT_MIX = {1: 40, 2: 26, 3: 18, 4: 8, 6: 6, 10: 2}

_SUBJECTS = (
    "The injured worker", "The treating physician", "The progress report", "The physical examination", "The MRI report",
    "The therapy note", "The request for authorization", "The earlier course of treatment", "The functional assessment",
    "The operative report", "The pain questionnaire", "The electrodiagnostic study", "The follow-up visit",
    "The medication list", "The work status report", "The consultation",
)  # fmt: skip
_VERBS = (
    "describes", "documents", "does not describe", "does not measure", "reports", "mentions", "confirms", "notes",
    "leaves open", "does not explain", "lists", "repeats", "sets out", "refers to",
)  # fmt: skip
_OBJECTS = (
    "low back pain that radiates into the left leg", "limited flexion of the lumbar spine", "weakness of grip",
    "tenderness over the rotator cuff", "a positive straight leg raise", "diminished sensation along the outer foot",
    "a disc protrusion without contact to the nerve root", "improvement of sleep under the present medication",
    "a return to modified duty", "numbness of the first three fingers", "failure of conservative care",
    "a home exercise program", "functional gain from the completed sessions", "side effects of the medication",
    "a pain score before and after treatment", "restricted abduction of the right shoulder",
)  # fmt: skip
_ENDS = (
    "at the last examination", "over the past {n} weeks", "after {n} sessions", "since the injury",
    "on a scale on which {n} is the most", "in {n} of the reports in the file", "without a date", "in detail",
    "with a range of {n} degrees", "as the guideline asks", "for the period under review", "on the left side",
)  # fmt: skip
_SERVICES = (
    "Physical therapy for the {part}, {n} sessions", "MRI of the {part} without contrast",
    "Acupuncture for the {part}, {n} sessions",
    "Chiropractic treatment of the {part}, {n} visits", "Transforaminal epidural injection at the {part}",
    "Functional restoration program, {n} days", "Cyclobenzaprine 7.5 mg, {n} tablets",
    "Interferential unit for the {part}, {n} days",
    "Arthroscopy of the {part}", "Orthopedic consultation for the {part}", "Electromyography of the {part}",
)  # fmt: skip
_PARTS = (
    "lumbar spine",
    "cervical spine",
    "right shoulder",
    "left shoulder",
    "right knee",
    "left wrist",
    "thoracic spine",
)
_CHAPTERS = (
    "Low Back Disorders", "Chronic Pain", "Shoulder Disorders", "Knee Disorders",
    "Cervical and Thoracic Spine Disorders",
    "Hand, Wrist, and Forearm Disorders", "Opioids",
)  # fmt: skip


def invented_text(rng: random.Random, *, length: int) -> str:
    """One paragraph of whole sentences, of `length` characters or a little more."""
    sentences: list[str] = []
    while sum(map(len, sentences)) + len(sentences) < length:
        end = rng.choice(_ENDS).format(n=rng.randint(2, 90))
        sentences.append(f"{rng.choice(_SUBJECTS)} {rng.choice(_VERBS)} {rng.choice(_OBJECTS)} {end}.")
    return " ".join(sentences)


def invented_service(rng: random.Random) -> str:
    """The words of a disputed item."""
    return rng.choice(_SERVICES).format(part=rng.choice(_PARTS), n=rng.randint(2, 90))


def invented_citation(rng: random.Random) -> str:
    """The citation of a guideline in the letter's grammar, without the words before it."""
    return f"{rng.choice(_CHAPTERS)} {rng.randint(2009, 2024)}, Section(s): {rng.choice(_OBJECTS).capitalize()}"


def item_counts(rng: random.Random, *, letters: int, mix: dict[int, int] = MIX) -> list[int]:
    """How many items each of `letters` letters has: the shares of `mix` as nearly as whole letters allow, shuffled."""
    total = sum(mix.values())
    exact = {items: letters * share / total for items, share in mix.items()}
    counts = {items: int(number) for items, number in exact.items()}
    for items in sorted(mix, key=lambda items: counts[items] - exact[items])[: letters - sum(counts.values())]:
        counts[items] += 1
    found = [items for items, number in counts.items() for _ in range(number)]
    rng.shuffle(found)
    return found
