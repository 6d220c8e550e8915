"""What a rationale concludes, read from its words. Pure.

A pattern, not a reading. It says nothing where it is not sure: conditions, quotations, what others said, general
sentences of a guideline and the text on tapering a drug are no verdicts.
"""

import re
from dataclasses import dataclass

from cases.enums import Outcome
from reviews.rules.checks.sentences import Sentence, necessity_mentions, sentences

_CLAUSE = re.compile(
    r"[;:]\s*|\s[-–—]+\s|,\s+(?=(?:but|and|so|however|therefore|thus|hence|yet|while|whereas|although|though|which|as"
    r"|since|because|the|this|these|those|it|that|such|a|an|continued|ongoing|further|additional|any"
    r"|there|we|I|he|she"
    r"|they|use|treatment|surgery|medical|none|neither|no|nor)\b)|\b(?=(?:but|however|therefore|thus"
    r"|hence|whereas)\b)",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|being|isn|aren|wasn|has|have|had|do|does|did|can|could|cannot|may|might|appears?"
    r"|seems?|remains?|(?:deem|consider|find|found|felt|feel|establish|support|demonstrat|meet|show"
    r"|confirm|certif|lack"
    r"|fail|determin|prov|conclud|question|agree|concur|not)\w*)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r",\s*(?:in my (?:professional )?opinion|as (?:written|requested|submitted|prescribed|stated|noted|such|above)"
    r"|at (?:this|the present) (?:time|point)|however|therefore|thus|in this case|for this (?:patient"
    r"|worker)|currently"
    r"|based on [^,]{3,60}|given [^,]{3,60}|as a result|accordingly|unfortunately|at present)\s*,",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|cannot|no|none|neither|nor|never|without|fail(?:s|ed|ure)?|lack(?:s|ed|ing)?|insufficient(?:ly)?"
    r"|inadequate(?:ly)?|absent|absence|unable|unclear|unsupported|unestablished|unproven|unsubstantiated|nothing"
    r"|questionable|doubtful|beyond|exceeds?)\b|n['’]t\b|\bnon(?=-)",
    re.IGNORECASE,
)
_NEGATIVE_WORDS_TEXT = """
    not non cannot never neither nor no isn't aren't wasn't weren't can't couldn't doesn't don't didn't hasn't
    haven't without unlikely hardly notbe isnt
"""
_NEGATIVE_WORDS = frozenset(_NEGATIVE_WORDS_TEXT.split())
# Words that may stand between a negation and the verdict without changing what is meant.
_BETWEEN_TEXT = """
    is are was were be been being am appear appears appeared seem seems seemed deemed considered found felt judged
    believed thought to a an as of both clearly reasonably currently still also therefore thus hence presently truly
    either reasonable appropriate indicated warranted supported clinically and or at this time point in my opinion
    it they has have had established determined shown proven demonstrated certified any longer yet justified the
    further quite definitely then such can could be would will may might do does did become becomes remain remains
    per se seen regarded viewed well very fully entirely sufficiently consistent with so again now considered
    supportable documented i find medically recommended approved overall therapeutically industrially
"""
_BETWEEN = frozenset(_BETWEEN_TEXT.split())
_AUXILIARY_TEXT = """
    is are was were be been being appear appears appeared seem seems seemed deemed considered found felt remain
    remains becomes become as
"""
_AUXILIARY = frozenset(_AUXILIARY_TEXT.split())
_GOVERNED = re.compile(
    r"\b(?:no|not|insufficient|lack of|lacking|without|absence of|fails? to|failed to|cannot|unable to"
    r"|unclear|doubt\w*"
    r"|nothing|neither|nor|unlikely|questionable|\w+n't)\b[^,;]*\b(?:that|why|how|whether|to (?:support"
    r"|show|suggest|indicate|establish|conclude"
    r"|demonstrate|justify|say|state|believe|consider|deem))\b"
    r"|\b(?:cannot|not|never|\w+n't|unable to)\s+(?:say|find|agree|see|conclude|believe|state|support|feel|accept)\b",
    re.IGNORECASE,
)
# "None of the services are", "no further visits are": the subject itself is denied.
_TAPERING = re.compile(r"\b(?:taper|wean|withdraw|detox|discontinu)\w*", re.IGNORECASE)
_NO_SUBJECT = re.compile(r"^\W*(?:(?:and|so|therefore|thus|as such)\W+)*(?:none|neither|no)\b[^,;]*$", re.IGNORECASE)
_AFTER_DENIED = re.compile(
    r"^[^.;]{0,110}?\b(?:(?:is|are|was|were|has|have|had|can|could|does|do|did|would|may)\s*(?:not\b"
    r"|n['’]t\b)|cannot\b"
    r"|never\b|(?:is|are|remains?|seems?)\s+(?:\w+\s+)?(?:lacking|absent|unclear|questionable|doubtful|in doubt"
    r"|unsupported|unestablished|unproven|insufficient\w*|in question|missing|denied|refuted|rejected)"
    r"|lacks\b|fails\b)",
    re.IGNORECASE,
)
_AFTER_GRANTED = re.compile(
    r"^[^.;]{0,110}?\b(?:is|are|was|were|(?:has|have"
    r"|can)\s+(?:\w+\s+)?be(?:en)?)\s+(?:\w+\s+)?(?:established|supported|demonstrated"
    r"|documented|met|shown|confirmed|apparent|evident|clear|substantiated|present|satisfied|proven|justified)\b",
    re.IGNORECASE,
)
_GRANTING = re.compile(
    r"\b(?:supports?|supported|supporting|establish(?:es|ed)|demonstrat(?:es|ed)|confirm(?:s|ed)|meets?"
    r"|met|shows?|shown"
    r"|substantiat(?:es|ed)|justif(?:y|ies|ied)|sufficient|adequate|enough|concur|agree)\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"\b(?:in order to|to) (?:be|establish|determine|support|demonstrate|prove|show|justify|warrant|substantiate"
    r"|document|assess|evaluate|consider|meet)\b(?:\s+[\w-]+){0,6}\s*$",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:find|finds|found|deem|deems|deemed|consider|considers|considered|appear|appears|seem|seems"
    r"|felt|feel|believe"
    r"|believed|determined|judged|thought|shown|proven|established|held)\b[^,;]{0,80}$",
    re.IGNORECASE,
)
_HYPOTHETICAL = re.compile(
    r"\b(?:if|whether|when|where|unless|until|in order|must|needs? to|required|requires?|criteria for|definition|once"
    r"|provided that|in cases?|question of|should (?:the|there|it|he|she|these)|had (?:the|there)|assum\w+|were to"
    r"|for (?:it|this|the \w+) to be)\b",
    re.IGNORECASE,
)
_CONDITION_AFTER = re.compile(
    r"^[\s,]*(?:only\b|if\b|when\b|unless\b|until\b|provided\b|in (?:the )?(?:cases?|patients|presence)"
    r"|for patients|where\b"
    r"|once\b|as long as\b|but only\b)",
    re.IGNORECASE,
)
_CONDITIONAL_MOOD = re.compile(r"\b(?:would|could|might|may|should)\b(?!\s+(?:not|n['’]t))", re.IGNORECASE)
# "Although the surgery is necessary, the brace is not"; "as the surgery is necessary, ...": the conclusion comes after.
_CONCEDED = re.compile(
    r"^\W*(?:(?:and|so|but)\W+)?(?:although|though|while|even (?:if|though)|whereas|granted)\b", re.IGNORECASE
)
_GROUND = re.compile(
    r"^\W*(?:(?:and|so|but)\W+)?(?:as(?! such)|since|because|given that|inasmuch as|now that|in that)\b", re.IGNORECASE
)
_RETRACTED = re.compile(
    r"\b(?:but|however|though|although|except|yet|while|whereas|remaining|remainder|rest|beyond|exceed\w*)\b",
    re.IGNORECASE,
)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:utilization review\w*|UR|claims administrators?|physician advis[eo]r|reviewers?"
    r"|reviewing physician|peer review\w*"
    r"|adjuster|carrier|insurer|(?:treating|requesting|primary|prescribing"
    r"|attending) (?:\w+ )?(?:physician|provider|doctor"
    r"|surgeon)|PTP|provider|surgeon|AME|QME|attorney|appeal letter|letter of appeal|denial|non-?certification)\b"
    r"(?:(?!\b(?:not|never|fail\w*)\b)[^,;.]){0,60}?\b(?:stat\w+|opin\w+|believ\w+|fe(?:el|els|lt)"
    r"|not(?:es|ed)|indicat\w+"
    r"|argu\w+|report\w*|determin\w+|find\w*|found|conclud\w+|denied|non-?certified|modified|wr\w+|says?|said"
    r"|consider\w*|judg\w+|deem\w*|contend\w*|h[eo]ld\w*|assert\w*|claims|cited|maintain\w*"
    r"|on the (?:basis|ground)s?)\b",
    re.IGNORECASE,
)
_NOUN_AFTER = re.compile(
    r"^\s+(?:treatments?|care|services?|goods|equipment|procedures?|medications?|interventions?|medical)\b",
    re.IGNORECASE,
)
_IS_A = re.compile(r"\b(?:is|are|was|were|as|be|not|constitutes?|represents?)\s+(?:not\s+)?(?:an?\s+)?$", re.IGNORECASE)
_THIS_CASE = re.compile(
    r"\b(?:request\w*|this|these|it|therefore|thus|hence|such|here|accordingly|consequently|case|patient"
    r"|worker|claimant"
    r"|applicant|employee|IW|I|his|her|currently|remaining|additional|continued|ongoing|further|proposed"
    r"|prescribed)\b",
    re.IGNORECASE,
)
_GUIDELINE_SAYS = re.compile(
    r"^\W*(?:(?:the|per|according to|under)\s+)?(?:[\w-]+\s+){0,4}?(?:guidelines?|MTUS|ODG|ACOEM)\b", re.IGNORECASE
)
_WEAK = re.compile(
    r"\b(?P<verb>is|are|was|were|be|been|being|am|has been|have been|cannot be"
    r"|can be)\s+(?P<mid>(?:[\w’']+\s+){0,3}?)"
    r"(?P<word>non-?certified|certified|approved|authorized|supported|indicated|warranted|established"
    r"|appropriate|justified"
    r"|recommended|reasonable|allowed|granted|denied|upheld|overturned|reversed|substantiated"
    r"|inappropriate|unwarranted"
    r"|unsupported|unreasonable|refused|needed|sustained)\b",
    re.IGNORECASE,
)
_DENYING_WORDS_TEXT = """
    non-certified noncertified denied upheld inappropriate unwarranted unsupported unreasonable refused sustained
"""
_DENYING_WORDS = frozenset(_DENYING_WORDS_TEXT.split())
_CONCLUDING = re.compile(
    r"\b(?:therefore|thus|hence|as such|accordingly|consequently|in summary|in conclusion"
    r"|for these reasons|as a result"
    r"|requests?|requested)\b",
    re.IGNORECASE,
)
_OVERTURNED_OBJECT = re.compile(
    r"\b(?:denial|decision|determination|non-?certification|utilization review)\b[^,;]*$", re.IGNORECASE
)
_WEAK_SENTENCES = 3
_MODAL_NEGATION = re.compile(r"\b(?:not|cannot|never|no|neither|nor)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a sentence concludes. `is_firm` is unset for one that is conditional or speaks in general."""

    outcome: Outcome
    sentence: str
    is_firm: bool


def verdicts(rationale: str) -> tuple[Verdict, ...]:
    """The conclusions of a rationale in order; on necessity where it speaks of it, else in weaker words."""
    parts = sentences(rationale)
    found = [verdict for sentence in parts for verdict in _necessity_verdicts(sentence)]
    if not found:
        kept = [sentence for sentence in parts if not sentence.is_taper]
        found = [verdict for sentence in kept[-_WEAK_SENTENCES:] for verdict in _weak_verdicts(sentence)]
    return tuple(found)


def concluding_verdict(rationale: str) -> Verdict | None:
    """The last firm conclusion, None when there is none or another of the same letter says the opposite of it."""
    found = verdicts(rationale)
    firm = [verdict for verdict in found if verdict.is_firm]
    if not firm or any(verdict.outcome != firm[-1].outcome for verdict in found):
        return None
    return firm[-1]


def _necessity_verdicts(sentence: Sentence) -> list[Verdict]:
    text = _ASIDE.sub(" ", sentence.text.replace("’", "'"))
    found: list[Verdict] = []
    if _GUIDELINE_SAYS.search(text) and not _THIS_CASE.search(text):
        return found
    for mention in necessity_mentions(text):
        start = _clause_start(text, mention)
        before, after = text[start : mention.start()], text[mention.end() :]
        if _is_silent(text, mention, before, after):
            continue
        outcome = _polarity(before, mention.group(), after)
        if outcome is None:
            continue
        is_general = sentence.is_guideline or not _THIS_CASE.search(text)
        is_conditional = bool(_CONDITION_AFTER.search(after) or _HYPOTHETICAL.search(before))
        if outcome == Outcome.OVERTURNED and (is_conditional or _is_mere_wish(before) or _is_weighed(before, after)):
            continue
        found.append(Verdict(outcome, sentence.text, is_firm=not (is_general and is_conditional)))
    return found


def _clause_start(text: str, mention: re.Match[str]) -> int:
    """Where the clause of the mention begins; a piece without a verb belongs to the one before it."""
    starts = [0, *(cut.end() for cut in _CLAUSE.finditer(text, 0, mention.start()))]
    is_subject = _AFTER_DENIED.search(text[mention.end() :]) or _AFTER_GRANTED.search(text[mention.end() :])
    if is_subject:
        return starts[-1]
    for start in reversed(starts):
        if _VERB.search(text, start, mention.start()):
            return start
    return 0


def _is_silent(text: str, mention: re.Match[str], before: str, after: str) -> bool:
    """Whether the mention is no conclusion at all: quoted, said by others, an adjective, or about tapering."""
    ahead = text[: mention.start()]
    is_quoted = ahead.count('"') % 2 == 1 or ahead.count("“") > ahead.count("”")
    is_adjective = _NOUN_AFTER.search(after) and not _IS_A.search(before)
    is_taper = _TAPERING.search(before)
    return bool(is_quoted or is_adjective or is_taper or _SOMEBODY_ELSE.search(ahead))


def _is_weighed(before: str, after: str) -> bool:
    """Whether the words only grant something before or after the conclusion."""
    if _GROUND.search(before) and after.lstrip().startswith(","):
        return True
    return bool(_CONCEDED.search(before) or (_RETRACTED.search(after) and not _TAPERING.search(after)))


def _is_mere_wish(before: str) -> bool:
    if _OPINION.search(before):
        return bool(re.search(r"\b(?:must|to be considered|to be deemed)\b", before, re.IGNORECASE))
    return bool(_PURPOSE.search(before) or _CONDITIONAL_MOOD.search(before))


def _polarity(before: str, words: str, after: str) -> Outcome | None:
    negative = re.search(r"(?:\bun|[\s-]un|[\s-]non-?)n?ec", words, re.IGNORECASE)
    negation, is_direct = _leading_words(before)
    if negation:
        return None if negative else Outcome.UPHELD
    if negative:
        return Outcome.UPHELD
    if is_direct:
        is_denied = bool(_NO_SUBJECT.search(before) or _GOVERNED.search(before))
    elif _NEGATION.search(before):
        is_denied = True
    elif _GRANTING.search(before):
        is_denied = False
    elif _AFTER_DENIED.search(after):
        is_denied = True
    elif _AFTER_GRANTED.search(after):
        is_denied = False
    else:
        return None
    return Outcome.UPHELD if is_denied else Outcome.OVERTURNED


def _leading_words(before: str) -> tuple[bool, bool]:
    """Whether the words right before the verdict hold a negation, else whether a verb carries it ("is deemed")."""
    is_direct = False
    for token in reversed(re.findall(r"[\w']+", before.lower())):
        if token in _NEGATIVE_WORDS:
            return True, is_direct
        if token not in _BETWEEN:
            break
        is_direct = is_direct or token in _AUXILIARY
    return False, is_direct


def _weak_verdicts(sentence: Sentence) -> list[Verdict]:
    text = sentence.text.replace("’", "'")
    if sentence.is_guideline or not _CONCLUDING.search(text):
        return []
    found = []
    for match in _WEAK.finditer(text):
        before = text[: match.start()]
        word = match["word"].lower()
        if _SOMEBODY_ELSE.search(before) or _HYPOTHETICAL.search(text) or _NOUN_AFTER.search(text[match.end() :]):
            continue
        is_negated = bool(_MODAL_NEGATION.search(f"{match['verb']} {match['mid']}")) or bool(_GOVERNED.search(before))
        is_denial = word in _DENYING_WORDS
        if word in {"overturned", "reversed", "upheld", "sustained"} and not _OVERTURNED_OBJECT.search(before):
            continue
        is_positive = is_denial == is_negated
        if is_positive and _CONDITIONAL_MOOD.search(before):
            continue
        outcome = Outcome.OVERTURNED if is_positive else Outcome.UPHELD
        found.append(Verdict(outcome, sentence.text, is_firm=True))
    return found
