"""The leak test finds what is known of a case in every shape, and leaves ordinary words alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from reviews.rules.leaks import FactForm, KnownFact, LeakHit, find_leaks, redact

WORKER = KnownFact("the worker's name", FactForm.PERSON, first="Ottiwell", middle="J", last="Marblethwaite")
BIRTH = KnownFact("the worker's date of birth", FactForm.DAY, "1957-04-09")
MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
CLEAN = (
    "The patient is a 58 year old male who sustained an industrial injury on 3/12/2012. MRI of the lumbar spine dated "
    "05/14/2015 showed a disc bulge at L4-L5. Patrick's and Spurling's tests were negative; Phalen test was positive "
    "on the right. He may walk a long mile with short rests; the back pain is 7/10. Norco 10/325 mg #60, CPT 97110 "
    "x 12. MTUS 2009, page(s) 46-47 of 127. Low back complaints 2004, Summary. Chronic pain in May 2015 was best "
    "treated at home. See https://www.ncbi.nlm.nih.gov/pubmed/1234567 for the young adult and the grace of hope."
)


def found(text: str, *facts: KnownFact, certain: bool | None = True) -> list[str]:
    hits = find_leaks({"Summary": text}, facts)
    return [hit.found for hit in hits if certain is None or hit.is_certain == certain]


@pytest.mark.parametrize(
    "text",
    [
        "Ottiwell Marblethwaite",
        "OTTIWELL J. MARBLETHWAITE",
        "Mr. Marblethwaite reports",
        "Marblethwaite, Ottiwell",
        "O. Marblethwaite",
        "of marblethwaite's back",
        "Ottiwell reports pain",
        "Marble-\nthwaite",
        "Ottiwell\nMarblethwaite",
        "Marble\u00adthwaite",
        "M\u00e1rblethwaite",
        "\uff2darblethwaite",
        "M a r b l e t h w a i t e",
        "Marble\u2010thwaite",
        "Ottiwell\u00a0Marblethwaite",
        "Marble\u200bthwaite",
    ],
)
def test_name_is_found_in_every_spelling(text: str) -> None:
    assert found(f"On that day {text} was seen.", WORKER)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("Mary", "O'Brien", "Mary O\u2019Brien"),
        ("Mary", "O'Brien", "OBrien"),
        ("Mary", "O\u2019Brien", "O'BRIEN"),
        ("Jos\u00e9", "Mu\u00f1oz Garc\u00eda", "Jose Munoz"),
        ("Jose", "Munoz", "Mu\u00f1oz"),
        ("Anne-Marie", "Smith-Kowalczyk", "Kowalczyk"),
        ("Anne-Marie", "Smith-Kowalczyk", "Anne Marie Smith Kowalczyk"),
        ("Juan", "de la Cruz", "de la Cruz"),
        ("J\u00f8rgen", "\u0141ukasz", "Jorgen Lukasz"),
        ("Wei", "Li", "Wei Li"),
        ("Rob", "Stra\u00dfer", "Strasser"),
        ("Robert", "Quint Jr.", "Quint"),
    ],
)
def test_unusual_names_are_found(first: str, last: str, text: str) -> None:
    assert found(f"Seen: {text}.", KnownFact("name", FactForm.PERSON, first=first, last=last))


def test_ordinary_word_that_is_a_name_needs_a_person() -> None:
    name = KnownFact("name", FactForm.PERSON, first="May", last="Long")

    assert found("The long way in may; May 5, 2015 and Long QT.", name, certain=None) == ["Long"]
    assert found("Long QT.", name) == []
    assert found("Seen by May Long.", name) == ["May Long"]
    assert found("Initials M.L. were used.", name, certain=False) == ["M.L."]


@pytest.mark.parametrize(
    ("fact", "texts"),
    [
        (
            KnownFact("claim number", FactForm.NUMBER, "WCX-7731-QQ"),
            ["WCX-7731-QQ", "wcx7731qq", "WCX 7731 QQ", "WCX\u20117731\u2011QQ", "WCX-7731-\nQQ", "claim WCX/7731/QQ,"],
        ),
        (
            KnownFact("WCIS number", FactForm.NUMBER, "JCN 20150012345"),
            ["20150012345", "2015-0012345", "jcn20150012345"],
        ),
        (
            KnownFact("telephone", FactForm.PHONE, "(916) 555-0198"),
            ["916-555-0198", "(916)555-0198", "+1 916.555.0198", "9165550198", "555-0198", "916\n555 0198"],
        ),
        (
            KnownFact("e-mail", FactForm.EMAIL, "ottiwell.m@example.org"),
            [
                "Ottiwell.M@example.org",
                "ottiwell.m @ example.org",
                "ottiwell.m (at) example.org",
                "ottiwell.m at example dot org",
            ],
        ),
        (
            KnownFact("address", FactForm.STREET, "1234 North Quillfeather Street, Apt 5"),
            [
                "1234 North Quillfeather Street",
                "1234 N. Quillfeather St.",
                "1234 n quillfeather",
                "1234 NORTH\nQUILLFEATHER",
            ],
        ),
        (KnownFact("ZIP code", FactForm.ZIP_CODE, "95814-2210"), ["95814-2210", "958142210"]),
        (
            KnownFact("employer", FactForm.FIRM, "Wrenfallow & Sons Packing, Inc."),
            ["Wrenfallow & Sons Packing", "Wrenfallow and Sons Packing Inc", "WRENFALLOW SONS PACKING"],
        ),
    ],
)
def test_numbers_and_addresses_are_found_however_they_are_spaced(fact: KnownFact, texts: list[str]) -> None:
    for text in texts:
        assert found(f"According to {text} it was so.", fact), text
    assert found(CLEAN, fact, certain=None) == []


def test_firm_city_and_zip_code_by_halves_need_a_person() -> None:
    facts = [
        KnownFact("employer", FactForm.FIRM, "Wrenfallow Valley Packing Company"),
        KnownFact("city", FactForm.CITY, "Rancho Cordova"),
        KnownFact("ZIP code", FactForm.ZIP_CODE, "95814"),
    ]
    text = "He works for Wrenfallow in Rancho Cordova (95814); WVPC sent him."

    assert found(text, *facts, certain=False) == ["Wrenfallow", "Rancho Cordova", "95814", "WVPC"]
    assert found(text, *facts) == []


DAYS = st.dates(min_value=date(1930, 1, 1), max_value=date(2009, 12, 31))


def shapes(day: date) -> list[str]:
    name = MONTHS[day.month - 1]
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day not in {11, 12, 13} else 0, "th")
    joined = [
        f"{first}{joint}{second}{joint}{third}"
        for joint in ("/", "-", ".", " / ", "\u2013", "\n/")
        for first, second, third in (
            (f"{day:%m}", f"{day:%d}", f"{day:%Y}"),
            (str(day.month), str(day.day), str(day.year)),
            (f"{day:%m}", f"{day:%d}", f"{day:%y}"),
            (f"{day:%Y}", f"{day:%m}", f"{day:%d}"),
        )
    ]
    return [
        *joined,
        f"{name} {day.day}, {day.year}",
        f"{name} {day.day}{suffix}, {day.year}",
        f"{name.upper()}\n{day.day:02} {day.year}",
        f"{name[:3]}. {day.day}, {day.year}",
        f"{name[:3]} {day.day} {day:%y}",
        f"{day.day} {name} {day.year}",
        f"{day.day:02}-{name[:3]}-{day.year}",
        f"{day.day}{suffix} of {name}, {day.year}",
        f"{day.day}{suffix} day of {name} {day.year}",
        f"{day:%m%d%Y}",
        f"{day:%Y%m%d}",
    ]


@examples(max_examples=60, derandomize=True, deadline=None)
@given(day=DAYS)
def test_date_of_birth_is_found_in_every_shape(day: date) -> None:
    fact = KnownFact("date of birth", FactForm.DAY, day.isoformat())
    for shape in shapes(day):
        assert found(f"The worker (b {shape}) was seen.", fact), shape


@examples(max_examples=60, derandomize=True, deadline=None)
@given(day=DAYS, other=DAYS)
def test_another_date_is_no_date_of_birth(day: date, other: date) -> None:
    fact = KnownFact("date of birth", FactForm.DAY, day.isoformat())
    # The day and month may be written the other way round; the year's last two digits may be those of another one.
    if {day.day, day.month} != {other.day, other.month} and other.year % 100 not in {
        day.day,
        day.month,
        day.year % 100,
    }:
        for text in (f"{other:%m/%d/%Y}", f"{other:%Y-%m-%d}", f"{MONTHS[other.month - 1]} {other.day}, {other.year}"):
            assert found(f"Seen {text}.", fact) == [], text


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("SSN 123-45-6789", True),
        ("123\u201145\u20116789", True),
        ("MRN: 00812A", True),
        ("write to somebody@example.org", True),
        ("DOB 3/4/1961", True),
        ("call (916) 555-0123", False),
        ("claim no. 77-812", False),
        ("Dr. Wallingsham requested", False),
        ("Ann Wallingsham, M.D. requested", False),
    ],
)
def test_what_looks_like_an_identity_is_found_unknown(text: str, certain: bool) -> None:
    (hit,) = find_leaks({"Item 1": text}, [])
    assert hit.is_certain is certain


def test_clean_letter_has_no_hit() -> None:
    facts = [WORKER, BIRTH, KnownFact("telephone", FactForm.PHONE, "555-0198")]
    assert find_leaks({"Summary": CLEAN}, facts) == ()


def test_hit_says_where_and_fixed_words_are_no_certain_hit() -> None:
    texts = {"Summary": "Nothing here.", "Item 2": "It was said of Marblethwaite twice."}
    (hit,) = find_leaks(texts, [WORKER])

    assert (hit.place, hit.found, texts["Item 2"][hit.start : hit.end]) == ("Item 2", "Marblethwaite", "Marblethwaite")
    assert hit.before.endswith("said of ")
    assert hit.after.startswith(" twice.")
    assert LeakHit.from_data(hit.to_data()) == hit
    (weaker,) = find_leaks(texts, [WORKER], ordinary=frozenset({"marblethwaite"}))
    assert not weaker.is_certain


def test_longest_certain_hit_wins_where_several_overlap() -> None:
    assert found("Mr. Ottiwell Marblethwaite.", WORKER, certain=None) == ["Ottiwell Marblethwaite"]


def test_redaction_takes_out_every_occurrence_and_nothing_else() -> None:
    text = "Marblethwaite said; MARBLE\u00adTHWAITE\u2019s back. Marblethwaites stay. Ottiwell\n Marblethwaite."

    out = redact(text, "marblethwaite")
    assert out == "[redacted] said; [redacted]\u2019s back. Marblethwaites stay. Ottiwell\n [redacted]."
    assert redact(text, "Ottiwell Marblethwaite").endswith("stay. [redacted].")
    assert redact(text, "  ") == text
    assert redact("(916) 555-0198.", "(916) 555-0198") == "[redacted]."


@examples(max_examples=80, derandomize=True, deadline=None)
@given(before=st.text(max_size=20), after=st.text(max_size=20))
def test_redacting_what_was_found_leaves_no_hit(before: str, after: str) -> None:
    text = f"{before} Ottiwell Marblethwaite 04/09/1957 {after}"
    hits = [hit for hit in find_leaks({"x": text}, [WORKER, BIRTH]) if hit.is_certain]
    for hit in hits:
        text = redact(text, hit.found)
    assert hits
    assert [hit for hit in find_leaks({"x": text}, [WORKER, BIRTH]) if hit.is_certain] == []
