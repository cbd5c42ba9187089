"""What went wrong between us and an S3 store, in words for people, and whether it is worth trying again."""

import http
from dataclasses import dataclass
from typing import Any

from botocore import exceptions as aws
from pydantic import SecretStr

from ezrec_tui.delivery.store import AlreadyThere, Refused, Shut, StoreError, Unreachable

AGAIN = "It is tried again by itself."
CHECK_KEYS = "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."

WRONG_KEY = {
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidToken",
    "ExpiredToken",
    "Unauthorized",
    "TokenRefreshRequired",
}
NO_RIGHTS = {"AccessDenied", "AllAccessDisabled", "AccountProblem", "MethodNotAllowed"}
WRONG_CLOCK = {"RequestTimeTooSkewed", "RequestExpired"}
WRONG_REGION = {"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}
STORE_FULL = {
    "QuotaExceeded",
    "ServiceQuotaExceeded",
    "StorageFull",
    "XMinioStorageFull",
    "InsufficientStorage",
    "EntityTooLarge",
}
TRY_AGAIN = {
    "RequestTimeout",
    "RequestTimeoutException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequests",
    "InternalError",
    "ServiceUnavailable",
    "BadDigest",
    "XAmzContentSHA256Mismatch",
    "IncompleteBody",
    "ConditionalRequestConflict",
    "OperationAborted",
    "InvalidPart",
}
UNKNOWN = {"NotImplemented", "InvalidArgument", "InvalidRequest", "UnsupportedHeader"}
MOVED_STATUS = {301, 308}
TRY_AGAIN_STATUS = {302, 303, 307, 408, 409, 425, 429, 511}
"""Besides 5xx: captive portals redirect, and 511 is their own status."""


class UploadGone(Unreachable):
    """The store knows no such multipart upload: completed, aborted, or dropped for its age."""


class CannotDo(Shut):
    """The store does not know something that was asked of it: a checksum it does not take, for one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The part of a store's refusal that we go by."""

    status: int
    code: str
    message: str

    @classmethod
    def of(cls, error: aws.ClientError) -> "Answer":
        response: dict[str, Any] = dict(error.response)
        said: dict[str, Any] = response.get("Error") or {}
        status = (response.get("ResponseMetadata") or {}).get("HTTPStatusCode")
        return cls(
            status=status if isinstance(status, int) else 0,
            code=str(said.get("Code") or ""),
            message=str(said.get("Message") or ""),
        )


def explain(error: Exception, *, bucket: str, host: str, secrets: tuple[SecretStr, ...]) -> StoreError:
    """The error of a call to the store as Refused or Unreachable. What is no error of such a call is raised again."""
    where = f"bucket {bucket} at {host}"
    match error:
        case StoreError():
            return error
        case aws.ClientError():
            return _explain_answer(Answer.of(error), bucket, host, secrets)
        case aws.NoCredentialsError() | aws.PartialCredentialsError():
            return Shut(f"There is no key for {where}.", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
        case aws.ParamValidationError():
            return Shut(f"{bucket!r} cannot be the name of a bucket.", "Check AWS_S3_BUCKET.")
        case aws.InvalidRegionError():
            return Shut("AWS_REGION is not the name of a region.", "Write one like eu-west-1.")
        case aws.SSLError():
            return Unreachable(
                f"The certificate of {host} is not trusted.",
                f"{AGAIN} If it stays so, check the clock, and name the CA of a store of your own in S3_CA_FILE.",
            )
        case aws.ConnectTimeoutError() | aws.ReadTimeoutError():
            return Unreachable(f"{host} does not answer in time.", AGAIN)
        case aws.HTTPClientError() | aws.ConnectionError() | aws.IncompleteReadError():
            return Unreachable(f"No connection to {host}.", AGAIN)
        case aws.BotoCoreError():  # an answer that is no S3 answer cannot be parsed
            return not_a_store(host)
        case _:
            raise error


def not_a_store(host: str) -> Unreachable:
    """Something that is no S3 store answered in its place."""
    return Unreachable(
        f"What answers as {host} is no S3 store.",
        f"{AGAIN} If it stays so, look for a login page of the network, and check S3_ENDPOINT_URL.",
    )


def _explain_answer(answer: Answer, bucket: str, host: str, secrets: tuple[SecretStr, ...]) -> StoreError:
    where = f"bucket {bucket} at {host}"
    code, status = answer.code, answer.status
    if code in WRONG_KEY or status == http.HTTPStatus.UNAUTHORIZED:
        return Shut(f"{host} does not accept the key ({code}).", CHECK_KEYS)
    if code == "NoSuchBucket":
        return Shut(f"There is no {where}.", "Check AWS_S3_BUCKET, or make the bucket.")
    if code == "InvalidBucketName":
        return Shut(f"{bucket!r} cannot be the name of a bucket.", "Check AWS_S3_BUCKET.")
    if code in WRONG_CLOCK:
        return Shut(f"{host} says that the clock of this machine is wrong.", "Set the clock, or let NTP set it.")
    if code in STORE_FULL or status == http.HTTPStatus.INSUFFICIENT_STORAGE:
        return Shut(f"The store is full, or its quota is: {where} ({code}).", "Make room there.")
    if code in WRONG_REGION or status in MOVED_STATUS:
        return Shut(f"The {where} has another address.", "Check AWS_REGION and S3_ENDPOINT_URL.")
    if code == "NoSuchUpload":
        return UploadGone(f"{host} has dropped what was sent so far.", "It is sent again.")
    if status == http.HTTPStatus.PRECONDITION_FAILED:
        return AlreadyThere(f"Another video lies under this key in {where}.", "Look at it, and move it away.")
    if code == "403":  # the answer to a HEAD, which gives no reason
        return Shut(f"{host} lets us not look into bucket {bucket}.", f"{CHECK_KEYS} Check the clock too.")
    if code in NO_RIGHTS:
        return Shut(
            f"The key has no right to do this in {where} ({code}).",
            "Give it the right to read and write objects, and to list and abort multipart uploads.",
        )
    if status == http.HTTPStatus.NOT_IMPLEMENTED or code in UNKNOWN:
        return CannotDo(f"{host} is a store that cannot do what is needed ({code}).", "Use another store.")
    if code in TRY_AGAIN or status >= 500 or status in TRY_AGAIN_STATUS:
        return Unreachable(f"{host} cannot take it now ({code or status}).", AGAIN)
    if status < 400:
        return not_a_store(host)
    said = _clean(answer.message, secrets)
    return Refused(f"{where} refuses it: {code or status}{f', {said}' if said else ''}.", "Check the settings of S3.")


def _clean(text: str, secrets: tuple[SecretStr, ...]) -> str:
    """A store's own words on one short line, with no secret in them."""
    for secret in secrets:
        if value := secret.get_secret_value():
            text = text.replace(value, "***")
    return " ".join(text.split())[:200].rstrip(".")
