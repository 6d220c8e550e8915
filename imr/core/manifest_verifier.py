"""Proves, on a machine without network and without this product, what a signed manifest says.

    python manifest_verifier.py MANIFEST.json CERTIFICATE.pem [FILE or FOLDER ...] [--some]

It needs Python 3.12 or newer, the package `cryptography`, and three things from the case's page: the manifest, the
files that were sent, and the organization's public certificate. Get the certificate from the organization itself, not
from whoever shows you the manifest: it is what you trust.

It checks that the manifest was signed with the key of that certificate, while the certificate was in force, and was not
changed by a byte since; that every file in it is among yours, with the same SHA-256 and size; and that what it says of
due dates follows from its times. With `--some` you need not have all of the files.

Exit status 0: all of it holds. 1: something does not, and the lines say what. 2: it was called wrongly.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

FORMAT = "imr-manifest-1"
ALGORITHM = "RSA-PKCS1v15-SHA256"


class RefusedError(Exception):
    """The manifest proves nothing; the message is a sentence."""


def read_manifest(data: bytes, certificates: Sequence[x509.Certificate]) -> dict[str, Any]:
    """What the manifest says, after its signature was found to be by one of `certificates`. Raises `RefusedError`."""
    try:
        envelope = json.loads(data.decode("utf-8"), object_pairs_hook=_each_once)
        manifest, signature = envelope["manifest"], envelope["signature"]
        value = base64.b64decode(signature["value"], validate=True)
        fingerprint = signature["certificate_sha256"]
        signed_at = datetime.fromisoformat(manifest["signed_at"])
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, binascii.Error) as error:
        raise RefusedError(f"This is not a signed manifest ({type(error).__name__}).") from error
    if manifest.get("format") != FORMAT or signature.get("algorithm") != ALGORITHM:
        raise RefusedError("The manifest has a form that this program does not know. Get a newer one.")
    certificate = next((one for one in certificates if one.fingerprint(hashes.SHA256()).hex() == fingerprint), None)
    if certificate is None:
        raise RefusedError("The manifest was signed with another certificate than the one that you trust.")
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise RefusedError("The certificate has a kind of key that does not sign manifests.")
    try:
        key.verify(value, canonical(manifest), PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise RefusedError("The signature does not fit: the manifest was changed after it was signed.") from error
    if not certificate.not_valid_before_utc <= signed_at <= certificate.not_valid_after_utc:
        raise RefusedError("The certificate was not in force when the manifest was signed.")
    return dict(manifest)


def canonical(manifest: dict[str, Any]) -> bytes:
    """The bytes that are signed: sorted keys, no blanks, UTF-8."""
    return json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def due_problems(manifest: dict[str, Any]) -> list[str]:
    """A sentence for everything that the manifest says of due dates and that does not follow from its times."""
    told = [("The filing", manifest["filing"], manifest["received_at"])]
    told += [(f"File {one['number']}", one["deadline"], one["received_at"]) for one in manifest["files"]]
    problems = []
    for what, deadline, received in told:
        if deadline is None:
            continue
        left = (datetime.fromisoformat(deadline["due_at"]) - datetime.fromisoformat(received)) // timedelta(seconds=1)
        if left != deadline["seconds_left"] or deadline["kept"] != (left >= 0):
            problems.append(f"{what}: what is said of the due date does not follow from the times.")
    return problems


def file_problems(manifest: dict[str, Any], paths: Iterable[Path], *, needs_all: bool) -> list[str]:
    """A sentence for every file that is missing, was changed, or is none of the manifest's."""
    wanted = {(one["sha256"], one["size"]): one for one in manifest["files"]}
    found, problems = set(), []
    for path in paths:
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        this = (digest, path.stat().st_size)
        if this in wanted:
            found.add(this)
        else:
            problems.append(f"{path.name}: no file with these bytes is in the manifest. It was changed, or is another.")
    if needs_all:
        problems += [
            f"File {one['number']}, {one['name']}: not among your files (SHA-256 {one['sha256']})."
            for this, one in wanted.items()
            if this not in found
        ]
    return problems


def report(manifest: dict[str, Any]) -> Iterator[str]:
    """What the manifest proves, in lines."""
    yield f"Case {manifest['case_number']}, manifest {manifest['number']} of {manifest['signed_by']}"
    yield f"Signed {_told(manifest['signed_at'])}; application received {_told(manifest['received_at'])}"
    if manifest["filing"]:
        yield f"  {manifest['filing']['what']}: {manifest['filing']['words']}"
    for one in manifest["files"]:
        yield (
            f"{one['number']}. {one['name']}: received {_told(one['received_at'])}, {one['size']:,} bytes, "
            f"{one['page_count']:,} pages, SHA-256 {one['sha256']}"
        )
        if one["deadline"]:
            yield f"   {one['deadline']['what']}, {_told(one['deadline']['due_at'])}: {one['deadline']['words']}"


def verify(manifest: Path, certificate: Path, files: Sequence[Path], *, needs_all: bool) -> tuple[list[str], list[str]]:
    """What is proved, and what is wrong; the latter is empty when all of it holds. Raises `OSError`."""
    try:
        trusted = x509.load_pem_x509_certificates(certificate.read_bytes())
    except ValueError:
        return [], ["The certificate is not in PEM form."]
    try:
        told = read_manifest(manifest.read_bytes(), trusted)
        problems = due_problems(told) + file_problems(told, _files(files), needs_all=needs_all)
        return list(report(told)), problems
    except RefusedError as error:
        return [], [str(error)]


def main(arguments: Sequence[str] | None = None) -> int:
    """The program; returns its exit status."""
    parser = argparse.ArgumentParser(description="Check a signed manifest of everything received in a case, offline.")
    parser.add_argument("manifest", type=Path, help="the manifest, as downloaded (JSON)")
    parser.add_argument("certificate", type=Path, help="the organization's public certificate (PEM)")
    parser.add_argument("files", type=Path, nargs="*", help="the files that were sent, or folders of them")
    parser.add_argument("--some", action="store_true", help="not all of the manifest's files have to be there")
    options = parser.parse_args(arguments)
    try:
        lines, problems = verify(options.manifest, options.certificate, options.files, needs_all=not options.some)
    except OSError as error:
        lines, problems = [], [f"{error.filename}: {error.strerror}."]
    for line in lines:
        sys.stdout.write(f"{line}\n")
    for problem in problems:
        sys.stdout.write(f"WRONG: {problem}\n")
    sys.stdout.write("REFUSED\n" if problems else "All of it holds.\n")
    return 1 if problems else 0


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.is_file())
        else:
            yield path


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of which no name stands twice: which of both counts would be for the reader to guess."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _told(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


if __name__ == "__main__":
    sys.exit(main())
