"""What is disputed in the demo cases, and how a reviewer decides it. All of it is invented."""

from dataclasses import dataclass, field

from cases.enums import GuidelineBasis, Outcome, UROutcome


@dataclass(frozen=True, slots=True)
class DemoItem:
    """A disputed item with the reviewer's answer. `cites` are (source code, chapter, section title)."""

    description: str
    category: str
    claims_text: str
    outcome: Outcome
    rationale: str
    cites: tuple[tuple[str, str, str], ...]
    claims_basis: GuidelineBasis = GuidelineBasis.MTUS
    basis: GuidelineBasis = GuidelineBasis.MTUS
    why_not_mtus: str = ""
    authorized: str = ""
    remaining: str = ""
    quantity: str = ""
    frequency: str = ""
    duration: str = ""

    @property
    def ur_outcome(self) -> UROutcome:
        return UROutcome.MODIFIED if self.authorized else UROutcome.DENIED


@dataclass(frozen=True, slots=True)
class Dispute:
    """A medical question: diagnosis, what the physician found, and the items."""

    diagnosis: str
    icd: str
    physician_specialty: str
    findings: str
    items: tuple[DemoItem, ...] = field(default=())


_LOW_BACK = ("mtus-acoem-low-back-disorders", "", "")
_SHOULDER = ("mtus-acoem-shoulder-disorders", "", "")
_KNEE = ("mtus-acoem-knee-disorders", "", "")
_PAIN = ("mtus-acoem-chronic-pain", "", "")
_OPIOIDS = ("mtus-acoem-opioids", "", "")
_NECK = ("mtus-acoem-cervical-and-thoracic-spine-disorders", "", "")
_HAND = ("mtus-acoem-hand-wrist-and-forearm-disorders", "", "")

TRAINER = Dispute(
    diagnosis="Lumbago with left leg sciatica",
    icd="M54.42",
    physician_specialty="Physical Medicine & Rehabilitation",
    findings="pain in the lower back that goes into the left buttock and knee; strength 4/5 in both legs; "
    "a home exercise program was taught and has not been tried for four weeks",
    items=(
        DemoItem(
            "6 sessions with personal trainer for the lumbar spine, 3 times a week for 2 weeks, as an outpatient",
            "rehabilitation-other-rehabilitation",
            "ACOEM, Low Back Disorders",
            Outcome.UPHELD,
            "The schedule recommends exercise for low back pain and prefers no one form of it. Nothing in the records "
            "shows why a personal trainer is needed beyond the home program that a physical therapist taught, or what "
            "training the trainer has in treating this condition. The sessions are not medically necessary.",
            (_LOW_BACK, ("odg", "Low Back Chapter", "Gym Memberships")),
            claims_basis=GuidelineBasis.NON_MTUS,
            basis=GuidelineBasis.BOTH,
            why_not_mtus="The schedule does not speak of personal trainers; gym membership is the nearest question.",
            quantity="6 sessions",
            frequency="3 times a week",
            duration="2 weeks",
        ),
    ),
)

SHOULDER_MRI = Dispute(
    diagnosis="Right shoulder impingement syndrome, suspected rotator cuff tear",
    icd="M75.41",
    physician_specialty="Orthopedic Surgery",
    findings="weakness in abduction, a positive drop-arm test, and no gain after six weeks of therapy and one "
    "injection",
    items=(
        DemoItem(
            "MRI of the right shoulder without contrast",
            "diagnostic-testing-imaging-and-radiology",
            "Shoulder Disorders",
            Outcome.OVERTURNED,
            "Six weeks of therapy and an injection have failed and the drop-arm test is positive, so a full tear has "
            "to be looked for before surgery is considered. The schedule supports imaging at this point. The MRI is "
            "medically necessary.",
            (_SHOULDER,),
            quantity="1",
        ),
        DemoItem(
            "Physical therapy for the right shoulder, 12 visits",
            "rehabilitation-physical-and-occupational-therapy",
            "Shoulder Disorders",
            Outcome.UPHELD,
            "Six visits were authorized and their result is not yet recorded. Further visits depend on measured gain "
            "in function, which is not documented. The remaining 6 visits are not medically necessary.",
            (_SHOULDER,),
            authorized="Physical therapy for the right shoulder, 6 visits",
            remaining="physical therapy for the right shoulder, 6 visits",
            quantity="12 visits",
        ),
    ),
)

OPIOID = Dispute(
    diagnosis="Chronic pain syndrome after lumbar fusion",
    icd="G89.4",
    physician_specialty="Pain Management",
    findings="pain 8/10 without and 7/10 with the drug, no change in function in six months, "
    "and no urine drug test in the records",
    items=(
        DemoItem(
            "Hydrocodone-acetaminophen 10/325 mg, #120",
            "pharmaceuticals-opioids",
            "Opioids",
            Outcome.UPHELD,
            "Continued use asks for measured improvement in pain and function and for monitoring of misuse. The "
            "records show one point on the pain scale, no gain in function and no drug test. The request is not "
            "medically necessary. The dose should be lowered step by step, not stopped at once.",
            (_OPIOIDS,),
            quantity="#120",
        ),
        DemoItem(
            "Omeprazole 20 mg, #60",
            "pharmaceuticals-proton-pump-inhibitors",
            "",
            Outcome.UPHELD,
            "The worker is younger than 65, takes no anti-inflammatory drug and has no history of ulcer or bleeding, "
            "so there is no risk that the drug would answer. The request is not medically necessary.",
            (("odg", "Pain Chapter", "Proton pump inhibitors (PPIs)"),),
            claims_basis=GuidelineBasis.NONE,
            basis=GuidelineBasis.NON_MTUS,
            why_not_mtus="The current chapters of the schedule do not address this drug for this indication.",
            quantity="#60",
        ),
    ),
)

KNEE_SURGERY = Dispute(
    diagnosis="Tear of the medial meniscus, left knee",
    icd="S83.242A",
    physician_specialty="Orthopedic Surgery",
    findings="locking twice a week, joint line tenderness, a positive McMurray test, and a displaced tear on MRI",
    items=(
        DemoItem(
            "Left knee arthroscopy with partial medial meniscectomy",
            "surgery-arthroscopic-surgery",
            "Knee Disorders",
            Outcome.OVERTURNED,
            "Mechanical locking with a displaced tear on imaging that agrees with the examination, after therapy has "
            "failed, is the situation for which the schedule supports surgery. The procedure is medically necessary.",
            (_KNEE,),
        ),
        DemoItem(
            "Associated surgical service: cold therapy unit, 30-day rental",
            "surgery-adjunct-surgical-services",
            "Official Disability Guidelines (ODG), Knee & Leg Chapter, Continuous-flow cryotherapy",
            Outcome.UPHELD,
            "The evidence supports cooling for up to seven days after surgery. Thirty days are requested, and no "
            "reason for more is given. The rental as requested is not medically necessary.",
            (("odg", "Knee & Leg Chapter", "Continuous-flow cryotherapy"),),
            claims_basis=GuidelineBasis.NON_MTUS,
            basis=GuidelineBasis.NON_MTUS,
            why_not_mtus="The schedule does not address cold therapy units after arthroscopy.",
            duration="30 days",
        ),
    ),
)

NERVE_TEST = Dispute(
    diagnosis="Cervical radiculopathy",
    icd="M54.12",
    physician_specialty="Neurology",
    findings="numbness in the right thumb and index finger for five months, a reduced biceps reflex, "
    "and an MRI that does not explain it",
    items=(
        DemoItem(
            "EMG/NCV of both upper extremities",
            "diagnostic-testing-emg-ncv-and-ncs",
            "Cervical and Thoracic Spine Disorders",
            Outcome.OVERTURNED,
            "Symptoms and a changed reflex have lasted more than four weeks and imaging does not explain them; the "
            "test can tell a pinched root from a nerve caught at the wrist. It is medically necessary.",
            (_NECK,),
        ),
    ),
)

CHIROPRACTIC = Dispute(
    diagnosis="Strain of the neck",
    icd="S16.1XXA",
    physician_specialty="Chiropractic",
    findings="rotation of 60 degrees to both sides after 12 visits, unchanged since the sixth",
    items=(
        DemoItem(
            "Chiropractic treatment of the cervical spine, 8 visits",
            "rehabilitation-chiropractic",
            "Cervical and Thoracic Spine Disorders",
            Outcome.UPHELD,
            "Twelve visits were given and motion has not changed since the sixth. Further manual treatment asks for "
            "measured gain. The visits are not medically necessary.",
            (_NECK,),
            frequency="2 times a week",
            duration="4 weeks",
        ),
    ),
)

PSYCHOTHERAPY = Dispute(
    diagnosis="Major depressive disorder after an industrial injury",
    icd="F32.1",
    physician_specialty="Psychiatry",
    findings="a depression score that fell from 21 to 14 in six sessions, and a return to part-time work",
    items=(
        DemoItem(
            "Cognitive behavioral therapy, 10 sessions",
            "psychological-services-psychological-therapies",
            "Official Disability Guidelines (ODG), Mental Illness & Stress Chapter",
            Outcome.OVERTURNED,
            "Six sessions brought measured improvement and part-time work. The guideline supports up to 20 sessions "
            "while progress is shown. The sessions are medically necessary.",
            (("odg", "Mental Illness & Stress Chapter", "Cognitive therapy for depression"),),
            claims_basis=GuidelineBasis.NON_MTUS,
            basis=GuidelineBasis.NON_MTUS,
            why_not_mtus="No chapter of the schedule addresses this treatment of depression.",
            quantity="10 sessions",
        ),
    ),
)

TOPICAL = Dispute(
    diagnosis="Sprain of the right wrist",
    icd="S63.501A",
    physician_specialty="Occupational Medicine",
    findings="tenderness over the back of the wrist, full motion, and no trial of a first-line drug by mouth",
    items=(
        DemoItem(
            "Compounded cream: ketoprofen 10%, cyclobenzaprine 3%, lidocaine 5%, 120 g",
            "pharmaceuticals-topical-compounds",
            "Chronic Pain",
            Outcome.UPHELD,
            "Two parts of the compound have no support for use on the skin, and no first-line drug was tried. The "
            "cream is not medically necessary.",
            (_PAIN, _HAND),
            quantity="120 g",
        ),
    ),
)

INJECTION = Dispute(
    diagnosis="Lumbar radiculopathy, left L5",
    icd="M54.16",
    physician_specialty="Pain Management",
    findings="weakness of the left great toe, a positive straight-leg raise, and an L5 root compressed on MRI",
    items=(
        DemoItem(
            "Left L5 transforaminal epidural steroid injection under fluoroscopy",
            "injection-other-injection",
            "Low Back Disorders",
            Outcome.OVERTURNED,
            "Examination and imaging agree on the root, and eight weeks of conservative care have not helped. The "
            "schedule supports one injection in this situation. It is medically necessary.",
            (_LOW_BACK,),
        ),
    ),
)

_ONE_REASON = (
    "The schedule supports more therapy when a trial shows gains in function. Twelve visits were given, and the "
    "records measure no gain in motion, strength or work since the sixth. Neither more visits in the pool nor more "
    "visits on land are medically necessary."
)

THERAPY = Dispute(
    diagnosis="Lumbar strain with low back pain",
    icd="S39.012A",
    physician_specialty="Physical Medicine & Rehabilitation",
    findings="flexion of 60 degrees and strength of 5/5, both unchanged since the sixth of twelve therapy visits",
    items=(
        DemoItem(
            "Aquatic therapy for the low back, 6 visits",
            "rehabilitation-physical-and-occupational-therapy",
            "Low Back Disorders",
            Outcome.UPHELD,
            _ONE_REASON,
            (_LOW_BACK,),
            quantity="6 visits",
        ),
        DemoItem(
            "Physical therapy on land for the low back, 6 visits",
            "rehabilitation-physical-and-occupational-therapy",
            "Low Back Disorders",
            Outcome.UPHELD,
            _ONE_REASON,
            (_LOW_BACK,),
            quantity="6 visits",
        ),
    ),
)

DISPUTES = (
    TRAINER,
    SHOULDER_MRI,
    OPIOID,
    KNEE_SURGERY,
    NERVE_TEST,
    CHIROPRACTIC,
    PSYCHOTHERAPY,
    TOPICAL,
    INJECTION,
    THERAPY,
)
