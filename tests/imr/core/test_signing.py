"""Digital signatures: what they prove, that they are repeatable, and that a bad key is named."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import Settings

from imr.core import checks, pdf, pdf_engine, signing
from imr.core.signing import SignatureState, SigningKeyError

AT = datetime(2026, 11, 2, 18, 5, tzinfo=UTC)
REASON = "Final determination of an Independent Medical Review"


@pytest.fixture(scope="module")
def document() -> bytes:
    html = "<!DOCTYPE html><html lang=en-US><title>Trial</title><h1>Trial</h1><p>Ten words that nobody may change.</p>"
    return pdf.render_pdf(html, style_sheet=pdf_engine.style_sheets()[0]).data


@pytest.fixture(scope="module")
def signed(document: bytes) -> bytes:
    return signing.sign_pdf(document, at=AT, reason=REASON)


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _certificate(key: rsa.RSAPrivateKey, *, name: str = "Trial organization", until: int = 2030) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(until, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, phrase: bytes = b"") -> bytes:
    lock = serialization.BestAvailableEncryption(phrase) if phrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


@pytest.fixture(scope="module")
def own_key() -> rsa.RSAPrivateKey:
    return _key()


@pytest.fixture
def key_files(tmp_path: Path, settings: Settings, own_key: rsa.RSAPrivateKey) -> Path:
    """A PEM key and its certificate in files that the settings name."""
    (tmp_path / "key.pem").write_bytes(_pem(own_key))
    (tmp_path / "cert.pem").write_bytes(_certificate(own_key).public_bytes(serialization.Encoding.PEM))
    settings.IMR_SIGNING_KEY = tmp_path / "key.pem"
    settings.IMR_SIGNING_CERTIFICATE = tmp_path / "cert.pem"
    return tmp_path


def test_signature_is_valid_covers_the_file_and_is_repeatable(document: bytes, signed: bytes) -> None:
    report = signing.verify_pdf(signed)

    assert report == signing.SignatureReport(SignatureState.VALID, AT, "")
    assert signed.startswith(document)
    assert signing.sign_pdf(document, at=AT, reason=REASON) == signed
    assert signing.sign_pdf(document, at=AT.replace(minute=6), reason=REASON) != signed
    assert signing.verify_pdf(document).state == SignatureState.UNSIGNED


def test_running_event_loop_is_not_in_the_way(document: bytes, signed: bytes) -> None:
    async def both() -> tuple[bytes, SignatureState]:
        return signing.sign_pdf(document, at=AT, reason=REASON), signing.verify_pdf(signed).state

    # In a thread: the browser tests of the suite keep a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: asyncio.run(both())).result() == (signed, SignatureState.VALID)


@examples(max_examples=40, derandomize=True, deadline=None)
@given(place=st.floats(min_value=0, max_value=1, exclude_max=True), bit=st.integers(0, 7))
def test_one_flipped_bit_in_what_is_signed_is_found(signed: bytes, place: float, bit: int) -> None:
    start = signed.rindex(b"/Contents <")
    end = signed.index(b">", start)
    # The signature's own envelope has bytes that prove nothing; the digest in the database covers these.
    position = int(place * (len(signed) - (end - start)))
    changed = bytearray(signed)
    changed[position if position < start else position + end - start] ^= 1 << bit

    assert signing.verify_pdf(bytes(changed)).state != SignatureState.VALID


def test_addition_after_the_signature_is_found(signed: bytes) -> None:
    assert signing.verify_pdf(signed + b"% one more line\n").state == SignatureState.INVALID
    again = signing.sign_pdf(signed.replace(b"LetterSignature", b"LetterSignaturX"), at=AT, reason=REASON)
    assert signing.verify_pdf(again).state == SignatureState.INVALID


@pytest.mark.parametrize("data", [b"", b"no document", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_document_is_invalid_and_not_an_error(data: bytes) -> None:
    report = signing.verify_pdf(data)
    assert report.state == SignatureState.INVALID
    assert report.problem.endswith(".")


def test_signature_leaves_structure_and_metadata_alone(document: bytes, signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(document)) as before, pikepdf.open(io.BytesIO(signed)) as after:
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert dict(after.docinfo.items()) == dict(before.docinfo.items())
        assert after.Root.MarkInfo.Marked
        assert after.Root.StructTreeRoot.objgen == before.Root.StructTreeRoot.objgen
        assert after.Root.Lang == before.Root.Lang
        (field,) = after.Root.AcroForm.Fields
        (widget,) = after.pages[0].Annots
        assert widget.objgen == field.objgen
        # ISO 14289-1, 7.18.1: hidden, so not in the structure; a field has a name for people; the tab order is known.
        assert int(field.F) & 0b10
        assert str(field.TU)
        assert after.pages[0].obj.Tabs == pikepdf.Name.S
        assert field.V.SubFilter == pikepdf.Name("/ETSI.CAdES.detached")
        assert str(field.V.Reason) == REASON
        assert [len(page.obj.get("/Annots", [])) for page in after.pages[1:]] == [0] * (len(after.pages) - 1)


def test_pem_and_pkcs12_keys_sign_alike(key_files: Path, document: bytes, settings: Settings) -> None:
    key = _key()
    certificate = _certificate(key)
    (key_files / "key.pem").write_bytes(_pem(key, b"phrase"))
    (key_files / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    settings.IMR_SIGNING_PASSPHRASE = "phrase"
    from_pem = signing.sign_pdf(document, at=AT, reason=REASON)
    lock = serialization.BestAvailableEncryption(b"phrase")
    (key_files / "key.p12").write_bytes(pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, lock))
    settings.IMR_SIGNING_KEY = key_files / "key.p12"
    settings.IMR_SIGNING_CERTIFICATE = None

    assert signing.sign_pdf(document, at=AT, reason=REASON) == from_pem
    assert signing.verify_pdf(from_pem).state == SignatureState.VALID


def test_letters_of_a_former_key_stay_valid_when_its_certificate_is_kept(
    key_files: Path, document: bytes, settings: Settings
) -> None:
    old = signing.sign_pdf(document, at=AT, reason=REASON)
    (key_files / "cert.pem").rename(key_files / "former.pem")
    key = _key()
    (key_files / "key.pem").write_bytes(_pem(key))
    (key_files / "cert.pem").write_bytes(_certificate(key).public_bytes(serialization.Encoding.PEM))

    assert "not ours" in signing.verify_pdf(old).problem
    settings.IMR_SIGNING_FORMER_CERTIFICATES = key_files / "former.pem"
    assert signing.verify_pdf(old).state == SignatureState.VALID
    assert signing.verify_pdf(signing.sign_pdf(document, at=AT, reason=REASON)).state == SignatureState.VALID


def test_key_that_cannot_sign_is_named(key_files: Path, document: bytes, settings: Settings) -> None:
    settings.IMR_MODE = "production"
    assert checks.check_signing_key() == []

    def problem() -> str:
        with pytest.raises(SigningKeyError) as caught:
            signing.sign_pdf(document, at=AT, reason=REASON)
        (found,) = checks.check_signing_key()
        assert found.id == "imr.E002"
        return str(caught.value)

    key = key_files / "key.pem"
    good = key.read_bytes()
    key.write_bytes(_pem(_key()))
    assert problem() == "IMR_SIGNING_CERTIFICATE does not belong to IMR_SIGNING_KEY."
    key.write_bytes(_pem(_key(), b"other"))
    assert "cannot be opened with IMR_SIGNING_PASSPHRASE" in problem()
    key.write_bytes(b"\x30\x03no")
    assert "neither PEM nor a PKCS#12 file" in problem()
    key.write_bytes(_pem(ec.generate_private_key(ec.SECP256R1())))
    assert "RSA key of at least 2048 bits" in problem()
    key.unlink()
    assert "is not there" in problem()
    key.write_bytes(good)
    settings.IMR_SIGNING_CERTIFICATE = None
    assert "IMR_SIGNING_CERTIFICATE is not set" in problem()
    settings.IMR_SIGNING_CERTIFICATE = key
    assert "without certificates in PEM form" in problem()


def test_certificate_past_its_time_signs_nothing(key_files: Path, own_key: rsa.RSAPrivateKey, document: bytes) -> None:
    expired = _certificate(own_key, until=2021).public_bytes(serialization.Encoding.PEM)
    (key_files / "cert.pem").write_bytes(expired)

    with pytest.raises(SigningKeyError, match="in force from 01/01/2020 to 01/01/2021"):
        signing.sign_pdf(document, at=AT, reason=REASON)
    assert "in force from" in checks.check_signing_key()[0].msg


def test_development_key_is_made_once_private_and_refused_in_production(
    tmp_path: Path, settings: Settings, document: bytes
) -> None:
    settings.IMR_SIGNING_FOLDER = tmp_path / "made" / "signing"
    first = signing.sign_pdf(document, at=AT, reason=REASON)
    key = settings.IMR_SIGNING_FOLDER / "key.pem"
    signing.make_development_key(settings.IMR_SIGNING_FOLDER)  # as a second process would

    assert signing.sign_pdf(document, at=AT, reason=REASON) == first
    assert key.stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["signing"]
    settings.IMR_MODE = "production"
    with pytest.raises(SigningKeyError, match="IMR_SIGNING_KEY is not set"):
        signing.sign_pdf(document, at=AT, reason=REASON)
    settings.IMR_SIGNING_KEY = key
    settings.IMR_SIGNING_CERTIFICATE = settings.IMR_SIGNING_FOLDER / "certificate.pem"
    assert [problem.msg for problem in checks.check_signing_key()] == [
        "IMR_SIGNING_KEY is a development key; production needs one of its own."
    ]


def test_signing_that_is_off_needs_no_key(settings: Settings) -> None:
    settings.IMR_SIGN_LETTERS = False
    settings.IMR_MODE = "production"

    assert not signing.is_on()
    assert checks.check_signing_key() == []
