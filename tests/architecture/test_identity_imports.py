"""Who may know who a reviewer is (LC 4610.6(f))."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE = "reviews.models.identity"
# The register of reviewers, assignment, and the check of a reviewer's own words.
ALLOWED = {
    "reviews/admin.py",
    "reviews/forms/reviewer.py",
    "reviews/models/__init__.py",
    "reviews/selectors/candidates.py",
    "reviews/selectors/register.py",
    "reviews/selectors/reviewer.py",
    "reviews/services/assignment.py",
    "reviews/services/identity_check.py",
    "reviews/services/reviewer.py",
}


def importers() -> set[str]:
    """Every file of ours, tests and migrations aside, that imports the module or names its model."""
    found = set()
    for top in ("imr", "cases", "reviews", "guidelines"):
        for path in (ROOT / top).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" in name or name == "reviews/models/identity.py":
                continue
            if any(_reaches(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))):
                found.add(name)
    return found


def _reaches(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name == MODULE for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return node.module == MODULE or any(f"{node.module}.{alias.name}" == MODULE for alias in node.names)
    # Or by name: get_model("reviews", "ReviewerIdentity"), a relation, a lookup.
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.lower()
        in {
            "revieweridentity",
            "reviews.revieweridentity",
        }
    )


def test_only_assignment_and_the_register_import_identities() -> None:
    found = importers()
    demo = {name for name in found if name.startswith("reviews/management/") or "/demo" in name}
    assert found - ALLOWED - demo == set()
    assert "reviews/services/identity_check.py" in found


def test_identity_check_hands_out_kinds_and_nothing_else() -> None:
    """Its one public function returns words that are written in the file, never a value that was read."""
    tree = ast.parse((ROOT / "reviews/services/identity_check.py").read_text(encoding="utf-8"))
    public = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert public == ["find_own_identity"]
