"""The demo cases: whose they are, what they dispute, and how far they have come. All of it is invented."""

from dataclasses import dataclass
from enum import IntEnum

from reviews.demo.disputes import (
    CHIROPRACTIC,
    INJECTION,
    KNEE_SURGERY,
    NERVE_TEST,
    OPIOID,
    PSYCHOTHERAPY,
    SHOULDER_MRI,
    THERAPY,
    TOPICAL,
    TRAINER,
    Dispute,
)


class Stage(IntEnum):
    """How far a case is carried, in the order of its way."""

    BEGUN = 0
    FILLED = 1
    RECEIVED = 2
    SCREENING = 3
    ASKED = 4
    DEFERRED = 5
    INELIGIBLE = 6
    ELIGIBLE = 7
    AWAITING_RECORDS = 8
    READY = 9
    OFFERED = 10
    ACCEPTED = 11
    HALF_WRITTEN = 12
    WRITTEN = 13
    SIGNED = 14
    PASSED = 15
    ISSUED = 16


@dataclass(frozen=True, slots=True)
class Story:
    """One case. `days` is how long ago it was filed, `reviewer` the e-mail address of who is asked."""

    claim_number: str
    firm: str
    first_name: str
    last_name: str
    sex: str
    age: int
    city: str
    employer: str
    physician: tuple[str, str]
    dispute: Dispute
    stage: Stage
    days: int
    reviewer: str = "reviewer@demo.example"
    attorney: tuple[str, str, str] | None = None
    is_expedited: bool = False
    note: str = ""
    # How many days later than the others' its records came.
    records_late: int = 0
    # It came by fax, and the IMR organization keyed it in.
    is_faxed: bool = False
    # What a second application of the same worker disputes; both are reviewed together.
    also: Dispute | None = None


_S = Stage
STORIES = (
    Story("SC-2026-01044", "sierra", "Rosa María", "Ibarra Núñez", "female", 54, "Stockton", "Blue Heron Freight",
          ("Calvin", "Oyelaran"), TRAINER, _S.HALF_WRITTEN, 20),
    Story("SC-2026-01102", "sierra", "Seán", "O'Rourke", "male", 47, "Redding", "Granite Bay Roofing",
          ("Hana", "Vlahović"), SHOULDER_MRI, _S.BEGUN, 0),
    Story("SC-2026-01107", "sierra", "Đặng Thu", "Hương", "female", 39, "San Jose", "Lakeshore Electronics",
          ("Ana Lucía", "Brunetti"), TOPICAL, _S.FILLED, 0),
    Story("SC-2026-01090", "sierra", "Marcus", "Delacroix-Webb", "male", 61, "Fresno", "Valley Almond Growers",
          ("Calvin", "Oyelaran"), OPIOID, _S.RECEIVED, 1),
    # The same form once more, by fax: a duplicate to be found and merged at intake.
    Story("sc-2026-01090", "sierra", "Marcus", "Delacroix Webb", "male", 61, "Fresno", "Valley Almond Growers",
          ("Calvin", "Oyelaran"), OPIOID, _S.RECEIVED, 1, is_faxed=True),
    Story("HL-26-55012", "harbor", "Yolanda", "Quiñones", "female", 44, "Long Beach", "Pacific Terminal Services",
          ("Ludmila", "Hrycenko"), NERVE_TEST, _S.RECEIVED, 3),
    Story("RV-0926-118", "schools", "Joaquín", "Peñaloza", "male", 58, "Ukiah", "Redwood Valley Unified",
          ("Wendell", "Asante"), KNEE_SURGERY, _S.RECEIVED, 0, is_expedited=True),
    Story("SC-2026-01071", "sierra", "Lê Văn", "Thịnh", "male", 35, "Elk Grove", "Blue Heron Freight",
          ("Hana", "Vlahović"), INJECTION, _S.SCREENING, 2),
    Story("HL-26-54977", "harbor", "Bernadette", "D'Souza", "female", 50, "Carson", "Harbor Linen Supply",
          ("Ludmila", "Hrycenko"), CHIROPRACTIC, _S.SCREENING, 6),
    Story("SC-2026-01063", "sierra", "Temperance", "Adeyemi-Ross", "female", 43, "Merced", "Valley Almond Growers",
          ("Calvin", "Oyelaran"), NERVE_TEST, _S.ASKED, 5),
    Story("SC-2026-00988", "sierra", "Graciela", "Muñoz-Tovar", "female", 42, "Lodi", "Valley Almond Growers",
          ("Ana Lucía", "Brunetti"), PSYCHOTHERAPY, _S.DEFERRED, 12,
          note="Liability for the psychiatric claim is disputed."),
    Story("HL-26-54801", "harbor", "Øystein", "Kvamme", "male", 66, "San Pedro", "Pacific Terminal Services",
          ("Wendell", "Asante"), TOPICAL, _S.INELIGIBLE, 15, note="INE-SIG"),
    Story("SC-2026-00954", "sierra", "Precious", "Nwachukwu", "female", 31, "Vallejo", "Lakeshore Electronics",
          ("Hana", "Vlahović"), OPIOID, _S.INELIGIBLE, 18, note="INE-CNC"),
    Story("RV-0926-097", "schools", "Ellen", "Van der Meer", "female", 57, "Willits", "Redwood Valley Unified",
          ("Wendell", "Asante"), SHOULDER_MRI, _S.ELIGIBLE, 5, also=THERAPY),
    Story("HL-26-54790", "harbor", "Tomás", "Echeverría", "male", 49, "Wilmington", "Harbor Linen Supply",
          ("Ludmila", "Hrycenko"), NERVE_TEST, _S.ELIGIBLE, 9),
    Story("SC-2026-00931", "sierra", "Kalolaine", "Fifita", "female", 46, "Hayward", "Bayside Hotel Group",
          ("Calvin", "Oyelaran"), CHIROPRACTIC, _S.AWAITING_RECORDS, 8),
    Story("SC-2026-00917", "sierra", "Ambrose", "St. Clair", "male", 63, "Chico", "Granite Bay Roofing",
          ("Hana", "Vlahović"), KNEE_SURGERY, _S.AWAITING_RECORDS, 16,
          attorney=("Imogen", "Castellanos", "Castellanos & Reyes LLP")),
    Story("HL-26-54655", "harbor", "Zofia", "Wiśniewska", "female", 52, "Torrance", "Pacific Terminal Services",
          ("Ludmila", "Hrycenko"), INJECTION, _S.AWAITING_RECORDS, 21),
    Story("SC-2026-00890", "sierra", "Phạm Quốc", "Dũng", "male", 40, "Milpitas", "Lakeshore Electronics",
          ("Ana Lucía", "Brunetti"), TOPICAL, _S.READY, 19, records_late=2),
    Story("HL-26-54610", "harbor", "Hortensia", "Alcalá", "female", 60, "Lomita", "Harbor Linen Supply",
          ("Wendell", "Asante"), OPIOID, _S.READY, 24),
    Story("SC-2026-00871", "sierra", "Isaac", "N'Diaye", "male", 37, "Davis", "Blue Heron Freight",
          ("Calvin", "Oyelaran"), SHOULDER_MRI, _S.OFFERED, 22),
    Story("RV-0826-061", "schools", "Maëlle", "Chouinard", "female", 33, "Fort Bragg", "Redwood Valley Unified",
          ("Wendell", "Asante"), PSYCHOTHERAPY, _S.ACCEPTED, 23, reviewer="reviewer4@demo.example"),
    Story("SC-2026-00842", "sierra", "Guillermo", "Iñíguez", "male", 55, "Turlock", "Valley Almond Growers",
          ("Hana", "Vlahović"), OPIOID, _S.WRITTEN, 27),
    Story("HL-26-54420", "harbor", "Adaeze", "Okwuosa", "female", 48, "Gardena", "Pacific Terminal Services",
          ("Ludmila", "Hrycenko"), CHIROPRACTIC, _S.WRITTEN, 30, reviewer="reviewer5@demo.example"),
    Story("SC-2026-00800", "sierra", "Trịnh Ngọc", "Ánh", "female", 29, "Oakland", "Bayside Hotel Group",
          ("Ana Lucía", "Brunetti"), NERVE_TEST, _S.SIGNED, 29),
    Story("SC-2026-00777", "sierra", "Fergus", "Mac Aodha", "male", 59, "Auburn", "Granite Bay Roofing",
          ("Hana", "Vlahović"), INJECTION, _S.PASSED, 31),
    Story("SC-2026-00750", "sierra", "Consuelo", "Ybáñez", "female", 51, "Modesto", "Valley Almond Growers",
          ("Calvin", "Oyelaran"), TRAINER, _S.ISSUED, 33),
    Story("HL-26-54302", "harbor", "Dmitri", "Anghelescu", "male", 45, "Signal Hill", "Harbor Linen Supply",
          ("Wendell", "Asante"), SHOULDER_MRI, _S.ISSUED, 35, reviewer="reviewer2@demo.example"),
    Story("SC-2026-00733", "sierra", "Nguyễn Hoàng", "Yến", "female", 36, "Fremont", "Lakeshore Electronics",
          ("Hana", "Vlahović"), INJECTION, _S.ISSUED, 36,
          attorney=("Imogen", "Castellanos", "Castellanos & Reyes LLP")),
    Story("HL-26-54391", "harbor", "Wanjirũ", "Kĩmani", "female", 43, "San Pedro", "Pacific Terminal Services",
          ("Ludmila", "Hrycenko"), THERAPY, _S.SIGNED, 28),
    Story("SC-2026-00866", "sierra", "Þórunn", "Ásgeirsdóttir", "female", 53, "Napa", "Bayside Hotel Group",
          ("Calvin", "Oyelaran"), INJECTION, _S.WRITTEN, 25),
)  # fmt: skip
