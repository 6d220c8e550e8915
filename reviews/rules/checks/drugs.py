"""Names of drugs that are commonly disputed, as brand and as substance, with their class. Pure.

As of 11/23/2026. A drug that is not in the list is not compared.
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from reviews.rules.checks.sentences import CACHED

# Substances, then brands; the first name stands for all of them. A combination is named by its main substance.
_DRUGS: dict[str, str] = {
    "opioid": """
        hydrocodone norco vicodin lortab lorcet hysingla zohydro xodol
        oxycodone percocet oxycontin roxicodone endocet xtampza roxicet
        tramadol ultram ultracet conzip
        morphine kadian avinza mscontin embeda
        fentanyl duragesic subsys
        hydromorphone dilaudid exalgo
        oxymorphone opana
        methadone dolophine
        tapentadol nucynta
        buprenorphine butrans suboxone belbuca subutex
        codeine tylenol-3""",
    "anti-inflammatory": """
        ibuprofen motrin advil duexis
        naproxen naprosyn anaprox aleve vimovo
        diclofenac voltaren cataflam pennsaid flector arthrotec
        meloxicam mobic
        celecoxib celebrex
        etodolac lodine
        nabumetone relafen
        ketoprofen orudis
        indomethacin indocin
        ketorolac toradol sprix
        flurbiprofen
        fenoprofen nalfon
        oxaprozin daypro
        piroxicam feldene""",
    "muscle relaxant": """
        cyclobenzaprine flexeril fexmid amrix
        carisoprodol soma
        tizanidine zanaflex
        methocarbamol robaxin
        orphenadrine norflex
        metaxalone skelaxin
        baclofen lioresal
        chlorzoxazone lorzone parafon""",
    "proton pump": """
        omeprazole prilosec
        pantoprazole protonix
        esomeprazole nexium
        lansoprazole prevacid
        rabeprazole aciphex
        dexlansoprazole dexilant
        ranitidine zantac
        famotidine pepcid""",
    "anticonvulsant": """
        gabapentin neurontin gralise horizant
        pregabalin lyrica
        topiramate topamax
        lamotrigine lamictal
        levetiracetam keppra""",
    "antidepressant": """
        duloxetine cymbalta
        amitriptyline elavil
        nortriptyline pamelor
        trazodone desyrel
        venlafaxine effexor
        bupropion wellbutrin
        sertraline zoloft
        fluoxetine prozac
        escitalopram lexapro
        citalopram celexa
        paroxetine paxil
        mirtazapine remeron
        milnacipran savella
        quetiapine seroquel
        aripiprazole abilify
        buspirone buspar""",
    "sedative": """
        diazepam valium
        alprazolam xanax
        clonazepam klonopin
        lorazepam ativan
        temazepam restoril
        zolpidem ambien
        eszopiclone lunesta
        zaleplon sonata
        suvorexant belsomra
        ramelteon rozerem""",
    "topical": """
        lidocaine lidoderm terocin lidopro
        capsaicin
        menthol menthoderm biofreeze
        camphor""",
    "antiemetic": """
        ondansetron zofran
        promethazine phenergan
        metoclopramide reglan""",
    "other": """
        acetaminophen tylenol
        sumatriptan imitrex
        rizatriptan maxalt
        docusate colace
        senna senokot
        polyethylene-glycol miralax
        sildenafil viagra
        tadalafil cialis
        testosterone androgel
        modafinil provigil
        armodafinil nuvigil
        naloxone narcan evzio
        prednisone
        methylprednisolone medrol
        glucosamine
        theramine sentra gabadone trepadone
        alendronate fosamax
        metformin glucophage
        lisinopril zestril
        atorvastatin lipitor
        levothyroxine synthroid
        sucralfate carafate
        misoprostol cytotec
        cephalexin keflex
        ciprofloxacin cipro
        botulinum botox
        hyaluronate synvisc orthovisc euflexxa supartz hyalgan""",
}
_CLASS_WORDS: dict[str, str] = {
    "opioid": r"opioids?|opiates?|narcotics?|morphine equivalent",
    "anti-inflammatory": r"nsaids?|anti-?inflammator\w+",
    "muscle relaxant": r"muscle relax\w+|antispas\w+|spasm\w*",
    "proton pump": r"proton[- ]pump|ppis?|h2|gastro\w+|gi (?:risk|complaint|side effect|event|symptom|protect)\w*",
    "anticonvulsant": r"anti-?(?:convulsant|epilep\w+|seizure)\w*|aeds?",
    "antidepressant": r"anti-?depress\w+|ssris?|snris?|tricyclics?|anti-?psychotics?|anxiolytics?",
    "sedative": r"benzodiazepines?|sedativ\w+|hypnotics?|sleep\w*|insomnia|anxiolytics?",
    "topical": r"topicals?|compound\w*|creams?|gels?|patch\w*|ointments?",
    "antiemetic": r"anti-?emetic\w*|nausea|vomiting",
    "other": r"laxatives?|constipation|triptans?|supplements?|medical foods?|erectile|antibiotics?"
    r"|steroids?|viscosuppl\w+|toxin",
}
_ENTRIES = [
    (line.split()[0], name, group)
    for group, block in _DRUGS.items()
    for line in block.strip().splitlines()
    for name in line.split()
]
SUBSTANCE_OF: dict[str, str] = {name: substance for substance, name, _ in _ENTRIES}
CLASS_OF: dict[str, str] = {substance: group for substance, _, group in _ENTRIES}
# A substance that a combination holds besides its main one: naming it is no other drug.
_COMPANIONS = frozenset({"acetaminophen", "naloxone"})
_NAME = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, SUBSTANCE_OF), key=len, reverse=True)) + r")\b", re.IGNORECASE
)
# A guideline's example or something tried before is not the drug that is decided.
_EXAMPLE = re.compile(
    r"\b(?:such as|e\.g\.?|like|including|for example|instead of|rather than|or other|versus|vs\.?)\b[^.;]*",
    re.IGNORECASE,
)
# Brands of two words, and combinations under the name of a part.
_RESPELLED = (
    (
        re.compile(
            r"\btylenol\s*(?:#|no\.?|number|with codeine)?\s*[34]?\b(?=\W*(?:#\s?[34]|codeine))"
            r"|\btylenol\s*#?\s?[34]\b",
            re.IGNORECASE,
        ),
        "codeine",
    ),
    (re.compile(r"\bms[ -]contin\b", re.IGNORECASE), "morphine"),
)
_ALIKE = 0.8
_SHORTEST = 6


@lru_cache(maxsize=CACHED)
def drugs_in(text: str) -> frozenset[str]:
    """The substances that the text names, by brand or substance."""
    for pattern, substance in _RESPELLED:
        text = pattern.sub(substance, text)
    return frozenset(SUBSTANCE_OF[match.group().lower()] for match in _NAME.finditer(text))


@lru_cache(maxsize=CACHED)
def subject_drugs_in(text: str) -> frozenset[str]:
    """The substances named in earnest: without examples, alternatives and the usual companions."""
    return drugs_in(_EXAMPLE.sub(" ", text)) - _COMPANIONS


def names_class(text: str, substance: str) -> bool:
    """Whether the text names the class of the substance ("opioids", "NSAIDs")."""
    return re.search(rf"\b(?:{_CLASS_WORDS[CLASS_OF[substance]]})\b", text, re.IGNORECASE) is not None


@lru_cache(maxsize=CACHED)
def names_misspelled(text: str, substances: frozenset[str]) -> bool:
    """Whether a word of the text is nearly the name of one of the substances ("diazempam")."""
    names = [name for name, substance in SUBSTANCE_OF.items() if substance in substances and len(name) >= _SHORTEST]
    words = {word for word in re.findall(r"[a-z]{5,}", text.lower()) if word not in SUBSTANCE_OF}
    return any(_is_alike(word, name) for word in words for name in names)


def first_use(text: str, substances: Iterable[str]) -> str:
    """The name, as written, under which one of the substances first appears; empty when none does."""
    wanted = set(substances)
    return next((match.group() for match in _NAME.finditer(text) if SUBSTANCE_OF[match.group().lower()] in wanted), "")


def _is_alike(word: str, name: str) -> bool:
    if abs(len(word) - len(name)) > 2:
        return False
    return SequenceMatcher(None, word, name).ratio() >= _ALIKE
