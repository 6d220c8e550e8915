"""Random letters in the proportions in which published ones were seen. Every word is invented; a seed is a letter."""

import random
from datetime import date, timedelta

from reviews.letters.exchange import ExchangedDetermination, ExchangedItem
from tests.reviews.letters.reader.published import Look

ITEMS_PER_LETTER = {1: 115, 2: 34, 3: 12, 4: 7, 5: 7, 6: 8, 7: 2, 8: 5, 9: 1, 10: 1, 15: 1, 21: 1}
SHAPES = {"plain": 369, "associated": 23, "remaining": 40, "original": 7}
BASES = {"mtus": 289, "both": 52, "non_mtus": 69, "none": 29}
CLAIMS_BASES = {"mtus": 164, "both": 109, "non_mtus": 87, "none": 79}

PLAIN = [
    "MRI of the {side} {part} without contrast",
    "MRI of the {part}",
    "Physical therapy for the {part}, {n} times a week for {m} weeks",
    "Acupuncture, {n} sessions, {part}",
    "Norco 10/325mg, QTY: {q}",
    "Hydrocodone/APAP 10-325mg, one tablet every 6 hours as needed, day supply: 30, QTY: {q}, refills: {m}",
    "Lidoderm 5% patches #{q}",
    "EMG/NCV of the bilateral upper extremities",
    "Pre-op labs: CBC",
    "Urine drug screen, DOS: 11/11/2016",
    (
        "{side} {part} arthroscopy with possible debridement, decompression, distal clavicle resection and repair of "
        "any tear found, to be done in an outpatient surgery center"
    ),
    "Interferential unit with supplies, {m} month rental",
    "Retrospective compounded cream: Flurbiprofen 20%, Cyclobenzaprine 4%, Lidocaine 5%, {q} grams (DOS: 10-13-16)",
    "Follow-up visit with Dr. [redacted], {n} visits",
    "Lumbar Spine , {n} times per week for {m} weeks of work-hardening",
    "Transforaminal epidural steroid injection at L4-5 and L5-S1 under fluoroscopic guidance with conscious sedation",
    "physiotherapy x {q} visits",
    "Functional capacity evaluation",
    "TENS unit purchase w/ electrodes & batteries",
]
SURGERY = [
    "Assistant surgeon",
    "Sling",
    "Pre-op labs: CBC: BMP",
    "Post-operative physical therapy, {q} sessions",
    "Cold therapy unit, 7 day rental",
    "Medical clearance: History and physical, EKG",
]
PARTS = ["lumbar spine", "cervical spine", "shoulder", "knee", "wrist and hand", "ankle"]
SIDES = ["right", "left", "bilateral"]
SENTENCES = [
    "The injured worker reported constant pain rated 7/10 that radiates to the left leg.",
    "On {date} the treating physician noted spasm, tenderness and a positive straight leg raise at 45° on the right.",
    "He was prescribed diazempam and self-directed home exercise, with partial relief.",
    "The guidelines recommend a trial of conservative care before advanced imaging is considered.",
    "There is no documentation of functional improvement, return to work or a decrease in medication use.",
    "Per the report dated {date}, the applicant was seen by Dr. Example for a follow-up.",
    "The prior request was non-certified; the appeal was denied as well.",
    "A “red flag” such as fever, weight loss or progressive neurologic deficit was not found.",
    "The lo9w back was treated with six sessions of chiropractic care.",
    "Range of motion was limited to 30 degrees of flexion, and 5/5 strength was recorded throughout.",
    "ODG states: a home program should be tried and reassessed first.",
    "Medications include Norco 320.5/30/16mg, then 30.5/30/16mg, ibuprofen and omeprazole (20 mg b.i.d.).",
    "MRI dated {date} showed a 3 × 4 mm protrusion at L4-5 without nerve root contact.",
    "It is not clear how the treatment would change the plan of care.",
    "The patient has been off work since {date}.",
    "Long-term use is not supported because of dose-dependent side effects.",
    "The claimant underwent a left knee arthroscopy in July of 2014, with well-documented physical therapy thereafter.",
    "Diagnoses were lumbar radiculopathy (M54.16), sprain and strain.",
    "The requested number of visits exceeds what is recommended.",
    "In this case, neither criterion was met.",
]
VERDICTS = {
    "Upheld": [
        "Therefore, the request is not medically necessary.",
        "The request is not-medically necessary.",
        "As such, the requested treatment does not appear medically necessary.",
        "As the requested surgical intervention is not medically necessary, the associated service is not either.",
        "Medical necessity is not established.",
        "The request cannot be deemed medically necessary at this time",
        "It is not a medical necessity.",
        (
            "The request is not medically necessary. Opioids should be tapered slowly, by 10% every two to four weeks, "
            "and never stopped at once."
        ),
    ],
    "Overturned": [
        "Therefore, the request is medically necessary.",
        "The criteria are met, and the request is medically necessary and appropriate.",
    ],
}
CHAPTERS = [
    (
        "Chronic Pain Medical Treatment 2016",
        [
            "NSAIDs, GI symptoms & cardiovascular risk",
            "Opioids, criteria for use",
            "Physical Medicine",
            "Weaning of Medications",
        ],
    ),
    ("Low Back Complaints 2004", ["Special Studies", "Summary", "326"]),
    ("Neck and Upper Back Complaints 2004", ["Special Studies", "Physical Methods"]),
    ("Forearm, Wrist, and Hand Complaints 2004", ["Special Studies", "Surgical Considerations"]),
    ("Opioid Treatment 2016", ["4: Opioids/Medication, 4.2 Chronic, (a)", "Summary"]),
    ("Postsurgical 2009", []),
    ("Shoulder Complaints 2004", ["Initial Care", "Summary"]),
]
OUTSIDE = [
    "ODG, Low Back Chapter, Magnetic resonance imaging",
    "Official Disability Guidelines (ODG): Pain (Chronic) - Compound drugs",
    "ODG",
    "Official Disability Guidelines, Knee & Leg Chapter: Continuous-flow cryotherapy",
    (
        "UpToDate, Treatment of acute low back pain, 2016. http://www.uptodate.example/contents/treatment-of-acute-low-"
        "back-pain?source=search_result&selectedTitle=1~150"
    ),
    "American College of Occupational and Environmental Medicine (ACOEM), 3rd Edition (2011), pages 46-47",
    "Campbell's Operative Orthopaedics, 12th ed., chapter 38",
    "http://www.drugs.example/pro/lidoderm.html",
]
STATES = ["California", "Texas", "New York", "Florida", "North Carolina", "Arizona", "Ohio"]
SPECIALTIES = [
    "Occupational Medicine",
    "Public Health & General Preventive Medicine",
    "Family Practice",
    "Physical Medicine & Rehabilitation",
    "Pain Management",
    "Internal Medicine",
    "Sports Medicinea",
]


def random_letter(seed: int, *, unended: float = 0.02) -> tuple[ExchangedDetermination, Look]:
    """A letter and the look to set it in; `unended` is the share of rationales without a final full stop."""
    chance = random.Random(seed)
    return _letter(chance, seed, unended), Look(
        size=chance.choice([11, 12, 12]),
        font=chance.choice(["'Liberation Serif'", "'Liberation Serif'", "'Liberation Sans'"]),
        align=chance.choice(["left", "left", "justify"]),
        tight=chance.random() < 0.56,
        tight_items=chance.random() < 0.05,
    )


def _letter(chance: random.Random, seed: int, unended: float) -> ExchangedDetermination:
    received = date(2016, 9, 1) + timedelta(days=chance.randrange(90))
    assigned = received + timedelta(days=chance.randrange(10, 60))
    return ExchangedDetermination(
        case_number=f"CM16-{seed:07d}",
        priority="Standard",
        date_assigned=assigned,
        date_of_injury=date(2005, 1, 1) + timedelta(days=chance.randrange(4_000)),
        decision_date=assigned + timedelta(days=chance.randrange(21, 40)),
        ur_denial_date=received - timedelta(days=chance.randrange(38)),
        application_received=received,
        states_of_licensure=tuple(chance.sample(STATES, _pick(chance, {1: 95, 2: 56, 3: 43}))),
        certifications=tuple(chance.sample(SPECIALTIES, _pick(chance, {1: 84, 2: 88, 3: 22}))),
        clinical_case_summary=_prose(chance, chance.randrange(4, 30)),
        items=tuple(_item(chance, unended) for _ in range(_pick(chance, ITEMS_PER_LETTER))),
    )


def _item(chance: random.Random, unended: float) -> ExchangedItem:
    outcome = _pick(chance, {"Upheld": 390, "Overturned": 49})
    sentences = _prose(chance, chance.randrange(3, 22))
    if chance.random() < 0.15:
        middle = sentences.find(". ", len(sentences) // 2)
        if middle > 0:
            sentences = sentences[: middle + 1] + "\n\n" + sentences[middle + 2 :]
    rationale = f"{sentences} {chance.choice(VERDICTS[outcome])}"
    return ExchangedItem(
        item=_item_text(chance),
        decision=outcome,
        claims_administrator_guideline=_block(chance, "Claims Administrator", _pick(chance, CLAIMS_BASES)),
        reviewer_guideline=_block(chance, "Expert Reviewer", _pick(chance, BASES)),
        decision_rationale=rationale.rstrip(".") if chance.random() < unended else rationale,
    )


def _item_text(chance: random.Random) -> str:
    shape = _pick(chance, SHAPES)
    plain = _filled(chance, chance.choice(PLAIN))
    if shape == "plain":
        return plain[:1].upper() + plain[1:] if chance.random() < 0.95 else plain
    if shape == "associated":
        return "Associated surgical service: " + _filled(chance, chance.choice(SURGERY))
    rest = _filled(chance, chance.choice(PLAIN))
    if shape == "remaining":
        end = "" if chance.random() < 0.07 else " is"
        return (
            f"{plain} was the original request. {rest} was authorized by the Claims Administrator. The remaining IMR "
            f"eligible portion of the original request, {_filled(chance, chance.choice(PLAIN))}{end}"
        )
    return (
        f"{plain} was the original request. The Claims Administrator authorized {rest}, leaving the original request "
        f"IMR eligible. The original request, {plain} is"
    )


def _block(chance: random.Random, subject: str, basis: str) -> str:
    if basis == "none":
        return f"The {subject} did not cite any medical evidence for its decision."
    chapters = ", and ".join(_chapter(chance) for _ in range(_pick(chance, {1: 70, 2: 25, 3: 5})))
    outside = "Decision based on Non-MTUS Citation " + chance.choice(OUTSIDE) + chance.choice([".", ".", ""])
    if basis == "mtus":
        return f"Decision based on MTUS {chapters}."
    if basis == "both":
        return f"Decision based on MTUS {chapters}. {outside}"
    return f"The {subject} based their decision on recommendation(s) outside of the MTUS Guidelines. {outside}"


def _chapter(chance: random.Random) -> str:
    name, sections = chance.choice(CHAPTERS)
    if not sections:
        return name
    return f"{name}, Section(s): " + ", ".join(chance.sample(sections, chance.randint(1, min(2, len(sections)))))


def _prose(chance: random.Random, count: int) -> str:
    return " ".join(_filled(chance, chance.choice(SENTENCES)) for _ in range(count))


def _filled(chance: random.Random, text: str) -> str:
    day = date(2016, 1, 1) + timedelta(days=chance.randrange(300))
    shown = chance.choice(
        [f"{day:%m/%d/%Y}", f"{day.month}/{day.day}/{day.year}", f"{day:%m-%d-%y}", f"{day:%m-%d-%Y}"]
    )
    return text.format(
        side=chance.choice(SIDES),
        part=chance.choice(PARTS),
        n=chance.randint(1, 6),
        m=chance.randint(2, 8),
        q=chance.choice([12, 24, 30, 60, 90, 120]),
        date=shown,
    )


def _pick[T](chance: random.Random, weights: dict[T, int]) -> T:
    return chance.choices(list(weights), list(weights.values()))[0]
