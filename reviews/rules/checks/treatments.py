"""Kinds of treatment that items are commonly about, and how rationales call them. Pure.

As of 11/23/2026. What is not in the list is known by the words of the item alone.
"""

import re
from functools import lru_cache

from reviews.rules.checks.drugs import CLASS_OF, drugs_in, names_class
from reviews.rules.checks.sentences import CACHED

_FAMILIES: dict[str, str] = {
    "MRI": r"mri|magnetic resonance|imaging|mr arthro\w+|mra",
    "CT": r"ct(?: scan)?|computed tomography|cat scan|imaging",
    "X-ray": r"x-?rays?|radiograph\w*|imaging|films?",
    "ultrasound": r"ultraso\w+|sonogra\w+",
    "nerve test": r"emg|ncv|ncs|electromyogra\w+|nerve conduction|electrodiagnos\w+|electro-diagnos\w+",
    "bone scan": r"bone scans?|dexa|densitometry",
    "physical therapy": r"physical (?:therapy|medicine)|physiotherapy|pt|therapy (?:visits|sessions)"
    r"|occupational therapy|ot"
    r"|exercises?|active therapy|therapeutic",
    "aquatic therapy": r"aqua\w*|pool|hydrotherapy",
    "chiropractic": r"chiropract\w+|manual therapy|manipulat\w+",
    "acupuncture": r"acupunct\w+|needling",
    "massage": r"massages?|myofascial release|soft tissue",
    "epidural injection": r"epidurals?|esis?|tfesis?|lesis?|transforaminal|interlaminar|caudal",
    "facet procedure": r"facets?|medial branch\w*|mbbs?|radiofrequency|rhizotom\w+|rfa|neurotom\w+|ablation",
    "trigger point injection": r"trigger[- ]points?|tpis?",
    "joint injection": r"(?:intra-?articular|steroid|cortisone|corticosteroid|joint|subacromial|knee"
    r"|shoulder|hip) inject\w+"
    r"|viscosuppl\w+|hyaluron\w+|synvisc|orthovisc|inject\w+",
    "stimulator": r"spinal cord stim\w+|scs|neurostim\w+|intrathecal|pain pumps?",
    "surgery": r"surg\w+|arthroscop\w+|fusion|discectom\w+|laminectom\w+|decompress\w+|acdf"
    r"|meniscectom\w+|replacement"
    r"|arthroplast\w+|repair|debridement|reconstruct\w+|release|acromioplast\w+|osteotom\w+|operati\w+|procedure",
    "surgical assistant": r"assistants?|co-surgeons?",
    "pre-operative work-up": r"pre-?op\w*|clearance|ekg|ecg|electrocardiogra\w+|cbc|cmp|labs?"
    r"|laborator\w+|blood|urinalysis"
    r"|medical evaluation|coagulation|testing",
    "cold therapy": r"cold|cryo\w*|ice|cooling|polar care|vascutherm|game ?ready",
    "nerve stimulation unit": r"tens|h-?wave|interferential|if unit|neuromuscular electrical|nmes|electrical stim\w+"
    r"|electrotherapy|stimulator",
    "brace": r"brac\w+|orthos[ei]s|orthotics?|splints?|slings?|corsets?|supports?|lso|collar|boot|immobiliz\w+",
    "equipment": r"dme|durable|wheelchairs?|walkers?|crutch\w*|canes?|commode|mattress\w*|beds?|scooters?"
    r"|chairs?|traction"
    r"|kits?|cpm|continuous passive|pumps?|compression|dvt",
    "urine drug test": r"urine|uds|udts?|drug (?:screen\w*|test\w*)|toxicolog\w+",
    "functional capacity evaluation": r"functional capacity|fces?|work capacity",
    "functional restoration program": r"functional restoration|frps?|multidisciplinary|interdisciplinary"
    r"|work (?:hardening"
    r"|conditioning)",
    "gym": r"gym\w*|health club|trainers?|fitness|weight[- ]loss|weight",
    "psychotherapy": r"psycho\w+|cognitive|cbt|behavioral|counsel\w+|biofeedback|mental",
    "consultation": r"consult\w*|referrals?|specialists?|evaluat\w+|office visits?|follow-?ups?|visits?"
    r"|re-?evaluat\w+|e/m",
    "sleep study": r"sleep|polysomno\w+",
    "home care": r"home (?:health|care|aide)|caregivers?|homemaker|housekeep\w+|nursing",
    "transport": r"transport\w*|rides?|mileage",
    "shock wave": r"shock ?wave|eswt",
    "genetic test": r"genetic\w*|dna|pharmacogen\w+|cytochrome",
    "topical": r"topicals?|creams?|gels?|ointments?|patch\w*|compound\w*",
}
_PATTERNS = {name: re.compile(rf"(?<!-)\b(?:{words})\b", re.IGNORECASE) for name, words in _FAMILIES.items()}
# Said of an item whose name does not fit a drug from the list.
_DRUG_SHAPE = re.compile(r"\b\d+(?:\.\d+)?\s?(?:mg|mcg|ml)\b|#\s?\d+|\btablets?\b|\bcapsules?\b", re.IGNORECASE)
_GENERAL_TEXT = """
    request requested requests treatment treatments service services associated surgical surgery original remaining
    eligible portion authorized claims administrator leaving visit visits session sessions times week weeks month
    months daily twice right left bilateral with without contrast each every unit units rental purchase days hours
    retrospective prospective outpatient inpatient quantity refill refills tablet tablets capsule capsules from that
    this which were part three four five six eight twelve additional continued ongoing lumbar cervical thoracic
    spine shoulder knee wrist ankle elbow hand foot back neck lower upper extremity extremities medical once date
    dispense supply number medication medications drug drugs therapy unspecified provided body
"""
_GENERAL = frozenset(_GENERAL_TEXT.split())
_ANCILLARY_ITEM = re.compile(
    r"\b(?:associated surgical|pre-?op\w*|post-?op\w*|assistant|co-surgeon|clearance|peri-?operative"
    r"|after surgery)\b",
    re.IGNORECASE,
)
_ANCILLARY_WORDS = re.compile(
    r"\b(?:as|since|because|given that|where|inasmuch as|in light of|due to"
    r"|when)\b[^.]{0,160}?\b(?:surg\w+|procedures?"
    r"|operat\w+|interventions?|injections?|primary|arthroscop\w+|fusion|repair|replacement|above|other"
    r"|test|study|program"
    r"|requests?)\b[^.]{0,120}?\b(?:not|non-?certified|no longer|denied|unnecessary|medically necessary"
    r"|certified|approved)\b"
    r"|\b(?:associated|ancillary|accompanying|concurrent|dependent|adjunct\w*"
    r"|related)\b[^.]{0,60}\b(?:not|moot|requests?"
    r"|services?|items?)\b|\bno longer (?:needed|applicable)\b|\bmoot\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=CACHED)
def families_in(text: str) -> frozenset[str]:
    """The kinds of treatment that the text names; drugs each by its own name."""
    found = {name for name, pattern in _PATTERNS.items() if pattern.search(text)}
    return frozenset(found | {f"drug: {substance}" for substance in drugs_in(text)})


@lru_cache(maxsize=CACHED)
def own_words(item: str) -> frozenset[str]:
    """The first letters of the words by which a rationale may call the item, without words that say nothing."""
    words = re.findall(r"[a-z]{4,}", item.lower())
    return frozenset(word[:6] for word in words if word not in _GENERAL)


def names_treatment(rationale: str, item: str) -> bool:
    """Whether the rationale names the item's treatment: its kind, its drug or the drug's class, or its words."""
    if families_in(item) & families_in(rationale):
        return True
    if any(names_class(rationale, drug) for drug in drugs_in(item) if drug in CLASS_OF):
        return True
    if (
        not drugs_in(item)
        and _DRUG_SHAPE.search(item)
        and re.search(r"\b(?:medicat|drug)\w*", rationale, re.IGNORECASE)
    ):
        return True
    starts = {word[:6] for word in re.findall(r"[a-z]{4,}", rationale.lower())}
    return bool(own_words(item) & starts)


def is_ancillary(item: str, rationale: str) -> bool:
    """Whether the item follows another treatment, so that its rationale rightly speaks of that one."""
    return bool(_ANCILLARY_ITEM.search(item) or _ANCILLARY_WORDS.search(rationale))
