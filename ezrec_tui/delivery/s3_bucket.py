"""A bucket of an S3 store: the few calls we make, typed, each raising Refused or Unreachable. boto3 stays in here."""

import http
import logging
import threading
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import boto3
import botocore.exceptions
from botocore.config import Config

from ezrec_tui.delivery.keys import content_type
from ezrec_tui.delivery.player_media import GivenUp, NotThere, UnfitMedia
from ezrec_tui.delivery.s3_body import Body, Limiter, Sending
from ezrec_tui.delivery.s3_errors import AGAIN, Answer, CannotDo, UploadGone, explain, not_a_store
from ezrec_tui.delivery.s3_parts import Part, Remote
from ezrec_tui.delivery.s3_target import S3Target
from ezrec_tui.delivery.store import Refused, Shut, Unreachable, unreadable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import (
        CompletedPartTypeDef,
        CompleteMultipartUploadRequestTypeDef,
        CreateMultipartUploadRequestTypeDef,
        GetObjectRequestTypeDef,
        HeadObjectRequestTypeDef,
        PutObjectRequestTypeDef,
        UploadPartRequestTypeDef,
    )

CHUNK = 1 << 18
RECORDING = "ezrec-recording"
"""The object's own field in which the mark of its recording stands."""

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SentPart:
    """A part as the store has it."""

    number: int
    size: int
    etag: str
    sha256: str | None


class Bucket:
    """The calls. Any thread may make them. All raise Refused and Unreachable."""

    def __init__(self, target: S3Target) -> None:
        self.target = target
        self._lock = threading.Lock()
        self._made: S3Client | None = None
        self._sha256 = target.sha256
        self._lists = True

    def look(self, key: str) -> Remote | None:
        """What lies under the key; None when nothing does, or no bucket is there."""
        request: HeadObjectRequestTypeDef = {"Bucket": self.target.bucket, "Key": key}
        if self._sha256:
            request["ChecksumMode"] = "ENABLED"
        with self._talk() as client:
            try:
                found = client.head_object(**request)
            except botocore.exceptions.ClientError as error:
                if Answer.of(error).status == 404:
                    return None
                raise
            if not found.get("ETag"):
                raise not_a_store(self.target.host)
            mark = found.get("Metadata", {}).get(RECORDING)
            return Remote(found["ContentLength"], found["ETag"], found.get("ChecksumSHA256"), mark)

    def fetch(self, key: str, to: Path, *, unless: str, most: int, given_up: Callable[[], bool]) -> str | None:
        """Read an object into a file; its ETag. None: it is still the one of the ETag `unless`.

        Raises NotThere, GivenUp, and UnfitMedia when it has more than `most` bytes.
        """
        request: GetObjectRequestTypeDef = {"Bucket": self.target.bucket, "Key": key}
        if unless:
            request["IfNoneMatch"] = unless
        with self._talk() as client:
            try:
                found = client.get_object(**request)
            except botocore.exceptions.ClientError as error:
                answer = Answer.of(error)
                if answer.status == http.HTTPStatus.NOT_MODIFIED:
                    return None
                if answer.code in ("NoSuchKey", "404"):
                    raise NotThere(key) from None
                raise
            with closing(found["Body"]) as body:
                if not found.get("ETag"):
                    raise not_a_store(self.target.host)
                if found["ContentLength"] > most:
                    raise UnfitMedia(f"it has {found['ContentLength'] / 1e6:.0f} MB, more than {most / 1e6:.0f}")
                with to.open("wb") as file:
                    for chunk in body.iter_chunks(CHUNK):
                        if given_up():
                            raise GivenUp
                        file.write(chunk)
            return found["ETag"]

    def names(self, prefix: str) -> list[str]:
        """The keys of all objects whose key begins so."""
        with self._talk() as client:
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=self.target.bucket, Prefix=prefix)
            return [one["Key"] for page in pages for one in page.get("Contents", []) if "Key" in one]

    def put(
        self, key: str, part: Part, path: Path, limiter: Limiter, sending: Sending, *, mark: str, instead_of: str | None
    ) -> None:
        """Send a whole file in one request: `instead_of` the object with this ETag, or if nothing is there.

        `mark` says which recording it is of. Raises AlreadyThere too.
        """

        def send(sha256: bool) -> None:
            with self._talk() as client, _body(path, part, limiter, sending) as body:
                request: PutObjectRequestTypeDef = {
                    "Bucket": self.target.bucket,
                    "Key": key,
                    "Body": body,
                    "ContentLength": part.size,
                    "ContentMD5": part.content_md5,
                    "ContentType": content_type(key),
                    "Metadata": _metadata(mark),
                }
                if instead_of:
                    request["IfMatch"] = instead_of
                if not instead_of:
                    request["IfNoneMatch"] = "*"
                if sha256:
                    request["ChecksumSHA256"] = part.checksum_sha256
                if not client.put_object(**request).get("ETag"):
                    raise not_a_store(self.target.host)

        self._checked(send)

    def begin(self, key: str, mark: str = "") -> str:
        """Begin a multipart upload; its id."""

        def send(sha256: bool) -> str:
            request: CreateMultipartUploadRequestTypeDef = {
                "Bucket": self.target.bucket,
                "Key": key,
                "ContentType": content_type(key),
                "Metadata": _metadata(mark),
            }
            if sha256:
                request["ChecksumAlgorithm"] = "SHA256"
            with self._talk() as client:
                upload_id = client.create_multipart_upload(**request).get("UploadId")
                if not upload_id:
                    raise not_a_store(self.target.host)
                return upload_id

        return self._checked(send)

    def send_part(self, key: str, upload_id: str, part: Part, path: Path, limiter: Limiter, sending: Sending) -> str:
        """Send a part, and check what the store says it got. Gives its ETag. Raises UploadGone too."""

        def send(sha256: bool) -> str:
            with self._talk() as client, _body(path, part, limiter, sending) as body:
                request: UploadPartRequestTypeDef = {
                    "Bucket": self.target.bucket,
                    "Key": key,
                    "UploadId": upload_id,
                    "PartNumber": part.number,
                    "Body": body,
                    "ContentLength": part.size,
                    "ContentMD5": part.content_md5,
                }
                if sha256:
                    request["ChecksumSHA256"] = part.checksum_sha256
                answer = client.upload_part(**request)
                etag = answer.get("ETag")
                if not etag:
                    raise not_a_store(self.target.host)
                if not part.is_what(part.size, etag, answer.get("ChecksumSHA256")):
                    raise Unreachable(f"Part {part.number} arrived damaged at {self.target.host}.", AGAIN)
                return etag

        return self._checked(send)

    def parts(self, key: str, upload_id: str) -> list[SentPart]:
        """What the store has of an upload; a part sent twice may be listed twice. Raises UploadGone too."""
        with self._talk() as client:
            pages = client.get_paginator("list_parts").paginate(Bucket=self.target.bucket, Key=key, UploadId=upload_id)
            return [
                SentPart(part["PartNumber"], part["Size"], part["ETag"], part.get("ChecksumSHA256"))
                for page in pages
                for part in page.get("Parts", [])
                if "PartNumber" in part and "Size" in part and "ETag" in part
            ]

    def complete(self, key: str, upload_id: str, parts: list[tuple[Part, str]], *, instead_of: str | None) -> None:
        """Make the object of parts and their ETags: `instead_of` the one with this ETag, or if nothing is there.

        Raises AlreadyThere and UploadGone too.
        """

        def send(sha256: bool) -> None:  # parts begun with a checksum have to be completed with it
            listed: list[CompletedPartTypeDef] = []
            for part, etag in parts:
                one: CompletedPartTypeDef = {"PartNumber": part.number, "ETag": etag}
                if sha256:
                    one["ChecksumSHA256"] = part.checksum_sha256
                listed.append(one)
            request: CompleteMultipartUploadRequestTypeDef = {
                "Bucket": self.target.bucket,
                "Key": key,
                "UploadId": upload_id,
                "MultipartUpload": {"Parts": listed},
            }
            if instead_of:
                request["IfMatch"] = instead_of
            if not instead_of:
                request["IfNoneMatch"] = "*"
            with self._talk() as client:
                client.complete_multipart_upload(**request)

        self._checked(send)

    def abort(self, key: str, upload_id: str) -> None:
        """Drop an upload and its parts; one that is gone is no error."""
        try:
            with self._talk() as client:
                client.abort_multipart_upload(Bucket=self.target.bucket, Key=key, UploadId=upload_id)
        except UploadGone:
            return

    def abort_all(self, key: str, *, but: str = "") -> None:
        """Drop all uploads under this very key, but for the one of this id: parts cost money as long as they lie there.

        A store that lists none, as its key has no right to, keeps them; that is logged once. Raises Unreachable.
        """
        if not self._lists:
            return
        try:
            for upload_id in self._unfinished(key):
                if upload_id != but:
                    self.abort(key, upload_id)
                    log.info("%s: an upload that nobody goes on with is dropped", key)
        except Refused as error:
            self._lists = False
            log.warning("%s: parts of earlier uploads may be left: %s", key, error)

    def _unfinished(self, key: str) -> list[str]:
        with self._talk() as client:
            pages = client.get_paginator("list_multipart_uploads").paginate(Bucket=self.target.bucket, Prefix=key)
            return [
                upload["UploadId"]
                for page in pages
                for upload in page.get("Uploads", [])
                if upload.get("Key") == key and "UploadId" in upload
            ]

    def delete(self, key: str) -> None:
        """Delete an object; one that is gone is no error."""
        with self._talk() as client:
            client.delete_object(Bucket=self.target.bucket, Key=key)

    def _checked(self, send: Callable[[bool], T]) -> T:
        """Make a call with SHA-256; a store that cannot do that is asked once, and MD5 does from then on."""
        if self._sha256:
            try:
                return send(True)
            except CannotDo:
                done = send(False)  # raises the same, when it is about something else
                self._sha256 = False
                log.info("%s takes no SHA-256; MD5 is what is checked there", self.target.host)
                return done
        return send(False)

    @contextmanager
    def _talk(self) -> "Generator[S3Client]":
        """The client, and its errors as ours."""
        target = self.target
        secrets = (target.secret_key, target.access_key)
        try:
            yield self._client()
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            raise explain(error, bucket=target.bucket, host=target.host, secrets=secrets) from None

    def _client(self) -> "S3Client":
        with self._lock:
            if self._made is None:
                self._made = self._make_client()
            return self._made

    def _make_client(self) -> "S3Client":
        target = self.target
        try:
            client = boto3.session.Session().client(
                "s3",
                region_name=target.region,
                endpoint_url=target.endpoint or None,
                verify=str(target.ca_file) if target.ca_file else None,
                aws_access_key_id=target.access_key.get_secret_value(),
                aws_secret_access_key=target.secret_key.get_secret_value(),
                config=Config(
                    signature_version="s3v4",
                    connect_timeout=target.connect_seconds,
                    read_timeout=target.answer_seconds,
                    tcp_keepalive=True,
                    retries={"total_max_attempts": target.tries, "mode": "standard"},
                    request_checksum_calculation="when_required",  # we give our own; R2 refuses the default trailer
                    response_checksum_validation="when_required",
                    s3={"addressing_style": "virtual" if target.is_virtual else "path"},
                ),
            )
        except ValueError as error:
            raise Shut(f"{target.host} is no address of a store.", "Check S3_ENDPOINT_URL.") from error
        client.meta.events.register("before-send.s3", _begin_sending)
        client.meta.events.register_last("before-call.s3", _follow_no_redirect)
        if target.endpoint:  # R2 never answers an Expect, which costs a second a part
            client.meta.events.register_last("before-call.s3", _expect_nothing)
        return client


def _metadata(mark: str) -> dict[str, str]:
    return {RECORDING: mark} if mark else {}


def _body(path: Path, part: Part, limiter: Limiter, sending: Sending) -> Body:
    try:
        return Body(path, part.offset, part.size, limiter, sending)
    except OSError as error:
        raise unreadable(path, error) from error


def _begin_sending(request: Any, **_: object) -> None:
    if isinstance(request.body, Body):
        request.body.begin_sending()


def _follow_no_redirect(params: dict[str, Any], **_: object) -> None:
    """Mark the request as redirected already.

    botocore asks the bucket where it is when it is redirected, and asks again when that is redirected: a captive
    portal makes it recurse until the stack is full. A bucket in another region is a setting to be mended.
    """
    params["context"].setdefault("s3_redirect", {})["redirected"] = True


def _expect_nothing(params: dict[str, Any], **_: object) -> None:
    params["headers"].pop("Expect", None)
