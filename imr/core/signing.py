"""Digital signatures of documents: the organization's key, signing, and checking. With `imr.core.signing_engine`, the
only module that knows pyHanko.

The key comes from files that the settings name. Outside of production a key of our own is made once in `.local/`; it
names itself in its certificate, and production refuses it.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

DEVELOPMENT_NAME = "IMR development signature, proves nothing"
LEAST_KEY_BITS = 2048

_PEM_START = b"-----BEGIN"


class SigningKeyError(Exception):
    """The key or its certificate cannot be used; the message is a sentence for the operators."""


class SignatureState(StrEnum):
    UNSIGNED = "unsigned"
    VALID = "valid"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """What a check of a document's signature found; `problem` is a sentence when the state is `INVALID`."""

    state: SignatureState
    signed_at: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """A key, its certificate, and the certificates between it and its authority."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()


def is_on() -> bool:
    """Whether letters are signed (`IMR_SIGN_LETTERS`)."""
    return bool(settings.IMR_SIGN_LETTERS)


def sign_pdf(data: bytes, *, at: datetime, reason: str) -> bytes:
    """The document with an invisible PAdES B-B signature that says it was made at `at`.

    The same document, key, `at` and `reason` give the same bytes; `data` is what the result begins with. Raises
    `SigningKeyError` when there is no usable key, or its certificate is not in force at `at`.
    """
    from imr.core import signing_engine  # a second to import, and only who signs or checks needs it

    identity = signing_identity()
    _require_in_force(identity.certificate, at)
    return signing_engine.sign(data, signer=_signer(identity), at=at, reason=reason)


def sign_bytes(data: bytes, *, at: datetime) -> bytes:
    """A detached signature of `data`: RSA with PKCS#1 v1.5 padding over its SHA-256, the same for the same bytes.

    Raises `SigningKeyError` when there is no usable key, or its certificate is not in force at `at`.
    """
    identity = signing_identity()
    _require_in_force(identity.certificate, at)
    return identity.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def certificate_pem() -> bytes:
    """The public certificate of the key in use, in PEM form, with those between it and its authority.

    Raises `SigningKeyError` when there is none.
    """
    identity = signing_identity()
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (identity.certificate, *identity.chain))


def certificate_fingerprint() -> str:
    """The SHA-256 of the certificate in use, in lower-case hexadecimal; raises `SigningKeyError` when there is none."""
    return signing_identity().certificate.fingerprint(hashes.SHA256()).hex()


def verify_pdf(data: bytes) -> SignatureReport:
    """Whether the document has one signature by a key of ours that covers all of it. Never raises for a bad document.

    A key of ours has the certificate of the settings or one of the former ones (`IMR_SIGNING_FORMER_CERTIFICATES`).
    Raises `SigningKeyError` when these cannot be read.
    """
    from imr.core import signing_engine  # as in sign_pdf

    trusted = trusted_certificates()
    try:
        found = signing_engine.signatures(data)
        if not found:
            return SignatureReport(SignatureState.UNSIGNED)
        problem = signing_engine.problem_with(found[0], trusted=trusted)
        if not problem and len(found) > 1:
            problem = "It has more than one signature."
        at = signing_engine.signed_at(found[0])
    except Exception as error:  # noqa: BLE001  anything may be in a document that was tampered with
        return SignatureReport(SignatureState.INVALID, problem=f"It cannot be read ({type(error).__name__}).")
    return SignatureReport(SignatureState.INVALID if problem else SignatureState.VALID, at, problem)


def signing_identity() -> SigningIdentity:
    """The key of the settings, read again when a file has changed. Raises `SigningKeyError` naming the setting."""
    key, certificate = _key_files()
    identity = _identity(
        _stamped("IMR_SIGNING_KEY", key),
        _stamped("IMR_SIGNING_CERTIFICATE", certificate),
        settings.IMR_SIGNING_PASSPHRASE,
    )
    names = identity.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if settings.IMR_MODE == "production" and any(name.value == DEVELOPMENT_NAME for name in names):
        raise SigningKeyError("IMR_SIGNING_KEY is a development key; production needs one of its own.")
    return identity


def trusted_certificates() -> tuple[x509.Certificate, ...]:
    """The certificates whose signatures are ours: the one in use, where there is one, and the former ones."""
    former = settings.IMR_SIGNING_FORMER_CERTIFICATES
    own = (signing_identity().certificate,) if is_on() else ()
    if former is None:
        return own
    return own + _certificates(_stamped("IMR_SIGNING_FORMER_CERTIFICATES", former))


def problems() -> list[str]:
    """What keeps the settings' key from signing now, a sentence each; empty when signing is off or will work."""
    try:
        certificates = trusted_certificates()
        if not is_on():
            return []
        signing_identity()
    except SigningKeyError as error:
        return [str(error)]
    now = datetime.now(UTC)
    begin, end = certificates[0].not_valid_before_utc, certificates[0].not_valid_after_utc
    if begin <= now <= end:
        return []
    return [f"IMR_SIGNING_CERTIFICATE names a certificate that is in force from {begin:%m/%d/%Y} to {end:%m/%d/%Y}."]


def warm_up() -> None:
    """Load the library, for the parent of a worker's children: it takes each of them a second otherwise."""
    if is_on():
        from imr.core import signing_engine  # noqa: F401  as in sign_pdf


def _require_in_force(certificate: x509.Certificate, at: datetime) -> None:
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise SigningKeyError(
            f"The signing certificate is in force from {certificate.not_valid_before_utc:%m/%d/%Y} to "
            f"{certificate.not_valid_after_utc:%m/%d/%Y}; nothing can be signed as of {at:%m/%d/%Y}."
        )


@dataclass(frozen=True, slots=True)
class _Stamped:
    """A file as it was at one moment, for caches that must see when it changes."""

    setting: str
    path: Path
    stamp: tuple[int, int]

    def read(self) -> bytes:
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise SigningKeyError(f"{self.setting} names a file that cannot be read.") from error


def _stamped(setting: str, path: Path | None) -> _Stamped | None:
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError as error:
        raise SigningKeyError(f"{setting} names a file that is not there or cannot be read.") from error
    return _Stamped(setting, path, (found.st_mtime_ns, found.st_size))


def _key_files() -> tuple[Path, Path | None]:
    key: Path | None = settings.IMR_SIGNING_KEY
    if key is not None:
        return key, settings.IMR_SIGNING_CERTIFICATE
    if settings.IMR_MODE == "production":
        raise SigningKeyError("IMR_SIGNING_KEY is not set.")
    folder = Path(settings.IMR_SIGNING_FOLDER)
    if not folder.exists():
        make_development_key(folder)
    return folder / "key.pem", folder / "certificate.pem"


@lru_cache(maxsize=2)
def _identity(key: _Stamped | None, certificate: _Stamped | None, passphrase: str) -> SigningIdentity:
    if key is None:
        raise SigningKeyError("IMR_SIGNING_KEY is not set.")
    data = key.read()
    phrase = passphrase.encode() or None
    if data.startswith(_PEM_START):
        if certificate is None:
            raise SigningKeyError("IMR_SIGNING_CERTIFICATE is not set; a key in PEM form needs it.")
        identity = _from_pem(data, phrase, _certificates(certificate))
    else:
        identity = _from_pkcs12(data, phrase)
    _require_usable(identity)
    return identity


def _from_pem(data: bytes, phrase: bytes | None, certificates: tuple[x509.Certificate, ...]) -> SigningIdentity:
    try:
        key = serialization.load_pem_private_key(data, phrase)
    except (ValueError, TypeError) as error:
        raise SigningKeyError("IMR_SIGNING_KEY cannot be opened with IMR_SIGNING_PASSPHRASE.") from error
    return SigningIdentity(key=_rsa(key), certificate=certificates[0], chain=certificates[1:])


def _from_pkcs12(data: bytes, phrase: bytes | None) -> SigningIdentity:
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(data, phrase)
    except ValueError as error:
        raise SigningKeyError(
            "IMR_SIGNING_KEY is neither PEM nor a PKCS#12 file that IMR_SIGNING_PASSPHRASE opens."
        ) from error
    if key is None or certificate is None:
        raise SigningKeyError("IMR_SIGNING_KEY is a PKCS#12 file without a key and its certificate.")
    return SigningIdentity(key=_rsa(key), certificate=certificate, chain=tuple(chain))


def _rsa(key: object) -> rsa.RSAPrivateKey:
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < LEAST_KEY_BITS:
        raise SigningKeyError(f"IMR_SIGNING_KEY must be an RSA key of at least {LEAST_KEY_BITS} bits.")
    return key


def _require_usable(identity: SigningIdentity) -> None:
    if identity.certificate.public_key() != identity.key.public_key():
        raise SigningKeyError("IMR_SIGNING_CERTIFICATE does not belong to IMR_SIGNING_KEY.")
    with suppress(x509.ExtensionNotFound):
        usage = identity.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        if not (usage.digital_signature or usage.content_commitment):
            raise SigningKeyError("IMR_SIGNING_CERTIFICATE is not meant for signatures (key usage).")


@lru_cache(maxsize=4)
def _certificates(file: _Stamped | None) -> tuple[x509.Certificate, ...]:
    if file is None:
        return ()
    try:
        return tuple(x509.load_pem_x509_certificates(file.read()))
    except ValueError as error:
        raise SigningKeyError(f"{file.setting} names a file without certificates in PEM form.") from error


@lru_cache(maxsize=2)
def _signer(identity: SigningIdentity) -> Any:
    from imr.core import signing_engine  # as in sign_pdf

    return signing_engine.make_signer(key=identity.key, certificate=identity.certificate, chain=identity.chain)


def make_development_key(folder: Path) -> None:
    """A key and a certificate that names itself a development one are in `folder`, for this machine's user alone.

    Of two processes that make one at once, the first wins and both use its.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=LEAST_KEY_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DEVELOPMENT_NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Demo letters are signed as of their own day, which may be years ago.
        .not_valid_before(datetime(2013, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 12, 31, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix="signing-"))
    try:
        key_file = os.open(made / "key.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(key_file, "wb") as out:
            out.write(
                key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            )
        (made / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        with suppress(OSError):  # the other process was first
            made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
