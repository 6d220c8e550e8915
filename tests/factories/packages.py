"""Files of all records of a case."""

from cases.enums import PackageForm
from cases.models import Case, CasePackage
from cases.services.package import request_package, work_package
from imr.accounts.models import User


def make_package(case: Case, user: User, form: PackageForm = PackageForm.ZIP) -> CasePackage:
    """A file that `user` asked for, and that is ready."""
    package = request_package(case_id=case.pk, actor=user, form=form)
    for part in range(1, package.parts + 2):
        work_package(package_id=package.pk, part=part)
    package.refresh_from_db()
    return package
