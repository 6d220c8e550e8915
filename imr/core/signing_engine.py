"""pyHanko itself: loaded by `imr.core.signing` with the first signature, since it takes a second to import.

A signature is PAdES B-B (ETSI EN 319 142-1) in an incremental update: the bytes before it stay as they were. Nothing
in it is random or of the moment, so the same document, key and instant give the same bytes: RSA with PKCS#1 v1.5
padding, file identifiers from the content, and no new metadata.
"""

import asyncio
import hashlib
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509 import Certificate
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1 as asn1_of,
)
from pyhanko.keys.internal import (
    translate_pyca_cryptography_key_to_asn1 as asn1_of_key,
)
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "LetterSignature"
FIELD_LABEL = "Digital signature of the organization over the whole letter"
DIGEST = "sha256"


class _Signer(signers.SimpleSigner):
    """Keeps the key as it was loaded: pyHanko's own parses and proves it anew for each signature."""

    def __init__(self, *, key: RSAPrivateKey, certificate: Certificate, chain: Iterable[Certificate]) -> None:
        self._key = key
        self.reserved: int | None = None  # bytes that a signature takes; every one of a signer takes the same
        others = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        others.register_multiple([asn1_of(link) for link in chain])
        super().__init__(
            signing_cert=asn1_of(certificate),
            signing_key=asn1_of_key(key),
            cert_registry=others,
        )

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        if digest_algorithm != DIGEST:
            raise SigningError(f"Letters are signed with {DIGEST}, not {digest_algorithm}.")
        return self._key.sign(data, PKCS1v15(), hashes.SHA256())


class _Writer(IncrementalPdfFileWriter):
    """Writes the update with identifiers that follow from the document, and leaves the metadata as they are."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        prev.stream.seek(0)
        digest = hashlib.sha256(prev.stream.read()).digest()
        first = generic.ByteStringObject(digest[:16])
        if "/ID" in prev.trailer:
            kept = prev.trailer["/ID"][0]
            first = generic.ByteStringObject(getattr(kept, "original_bytes", kept))
        return generic.ArrayObject([first, generic.ByteStringObject(digest[16:])])

    def _update_meta(self) -> None:
        """A date of change and a second producer would make every signature of a letter another file."""


def make_signer(*, key: RSAPrivateKey, certificate: Certificate, chain: Iterable[Certificate]) -> Any:
    """A signer for `sign`; one serves any number of documents."""
    return _Signer(key=key, certificate=certificate, chain=chain)


def sign(data: bytes, *, signer: Any, at: datetime, reason: str) -> bytes:
    """`data` with one signature that says it was made at `at`. Whatever pyHanko raises goes through."""
    writer = _Writer(BytesIO(data))
    pdf_signer = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=DIGEST,
            reason=reason,
            subfilter=fields.SigSeedSubFilter.PADES,
            tight_size_estimates=True,
        ),
        signer=signer,
        # PDF/UA-1, 7.18.1: a hidden annotation outside of the page needs no place in the structure.
        new_field_spec=fields.SigFieldSpec(
            FIELD,
            invis_sig_settings=fields.InvisSigSettings(
                set_print_flag=False, set_hidden_flag=True, box_out_of_bounds=True
            ),
            readable_field_name=FIELD_LABEL,
        ),
    )
    return _result(_signed(pdf_signer, signer, writer, at))


async def _signed(pdf_signer: Any, signer: _Signer, writer: _Writer, at: datetime) -> bytes:
    session = pdf_signer.init_signing_session(writer)
    session.system_time = at
    if signer.reserved is None:
        # It takes a signature for trial, half of all the time.
        signer.reserved = await session.estimate_signature_container_size(None, tight=True)
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=signer.reserved)
    digest, output = document.digest_tbs_document()
    # PAdES keeps the time of signing in the signature dictionary and forbids it here.
    await document.perform_signature(
        document_digest=digest.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes()
    )
    signed: bytes = output.getvalue()
    return signed


def _result[T](work: Coroutine[Any, Any, T]) -> T:
    """What the coroutine returns, in a loop of its own; where one is running already, in a thread of its own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


def signatures(data: bytes) -> list[Any]:
    """The signatures in the document, oldest first. Whatever pyHanko raises goes through."""
    return list(PdfFileReader(BytesIO(data)).embedded_regular_signatures)


def signed_at(signature: Any) -> datetime | None:
    """When the signature says that it was made."""
    at = signature.self_reported_timestamp
    return at if isinstance(at, datetime) else None


def problem_with(signature: Any, *, trusted: Iterable[Certificate]) -> str:
    """What is wrong with the signature, in a sentence; empty when nothing is.

    It must be made by one of `trusted` within that certificate's time, hold for its bytes, and cover the whole file.
    Whatever pyHanko raises goes through.
    """
    own = {asn1_of(certificate).sha256 for certificate in trusted}
    if signature.signer_cert is None or signature.signer_cert.sha256 not in own:
        return "It is signed with a certificate that is not ours."
    at = signed_at(signature)
    context = ValidationContext(
        trust_roots=[signature.signer_cert], allow_fetching=False, moment=at, best_signature_time=at
    )
    status = _result(async_validate_pdf_signature(signature, signer_validation_context=context))
    if not (status.intact and status.valid):
        return "The signature does not fit the document: it was changed after it was signed."
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return "The signature does not cover the whole document: something was added after it was signed."
    return "" if status.trusted else "The certificate was not in force when the document was signed."
