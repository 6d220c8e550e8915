"""Objects of letters on their way, of their corrections and of appeals."""

from cases.enums import PartyRole
from cases.models import Party
from imr.accounts.enums import Role
from reviews.models import Delivery, Dispatch
from reviews.selectors.dispatch import days_of_service
from reviews.services.correction import propose_correction
from reviews.services.dispatch import release_letter
from tests.access.objects import Objects, Reach, objects_for
from tests.factories.accounts import Cast, make_user
from tests.factories.letters import Signable, make_signable, serve

NOBODY = 9_999_999
STAFF: dict[Role, Reach] = {Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"}


def _two(cast: Cast) -> tuple[Signable, Signable]:
    return make_signable(organization=cast.home), make_signable(organization=cast.away)


def _objects(name: str, mine: int, theirs: int) -> Objects:
    return Objects(kwargs={name: mine}, foreign={name: theirs}, missing={name: NOBODY}, reach=STAFF)


@objects_for("reviews:dispatch-take-back")
def scheduled(cast: Cast) -> Objects:
    def released(made: Signable) -> Dispatch:
        return release_letter(
            letter_id=made.letter().pk,
            actor=cast.administrator,
            service_on=days_of_service().following,
            without_check=True,
        )

    mine, theirs = (released(made) for made in _two(cast))
    return _objects("dispatch_id", mine.pk, theirs.pk)


@objects_for("reviews:delivery-failed")
def mailed(cast: Cast) -> Objects:
    letters = [made.served(cast.administrator) for made in _two(cast)]
    mine, theirs = (Delivery.objects.get(dispatch__letter=letter, role=PartyRole.EMPLOYEE).pk for letter in letters)
    return _objects("delivery_id", mine, theirs)


@objects_for("reviews:service-address")
def party(cast: Cast) -> Objects:
    mine, theirs = (Party.objects.get(case=made.case, role=PartyRole.EMPLOYEE).pk for made in _two(cast))
    return _objects("party_id", mine, theirs)


@objects_for("reviews:correction-propose")
def served_determination(cast: Cast) -> Objects:
    mine, theirs = (made.served(cast.administrator).determination_id for made in _two(cast))
    return _objects("determination_id", mine, theirs)


@objects_for("reviews:correction-detail")
def proposed(cast: Cast) -> Objects:
    proposer = make_user(Role.ADMINISTRATOR)
    mine, theirs = (
        propose_correction(
            determination_id=serve(made.letter(), proposer).determination_id,
            actor=proposer,
            texts={"clinical_case_summary": "Other words."},
            reason="A slip of the pen.",
        ).pk
        for made in _two(cast)
    )
    return _objects("correction_id", mine, theirs)


@objects_for("reviews:appeal-record", "reviews:appeal-decide", "reviews:review-reopen")
def case_to_appeal(cast: Cast) -> Objects:
    mine, theirs = (made.case.pk for made in _two(cast))
    return _objects("case_id", mine, theirs)
