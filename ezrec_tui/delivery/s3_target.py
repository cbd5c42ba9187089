"""Where a bucket is and how it is spoken to: what the settings say, in the forms in which AWS, R2 and others say it."""

import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from ezrec_tui.config import Settings
from ezrec_tui.delivery.keys import public_url
from ezrec_tui.delivery.store import Shut

AWS = re.compile(r"s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com")
AWS_ANYWHERE = "s3.amazonaws.com"
R2 = ".r2.cloudflarestorage.com"


@dataclass(frozen=True, slots=True)
class S3Target:
    """Where a bucket is, the key to it, and how to speak to it."""

    bucket: str
    region: str
    access_key: SecretStr
    secret_key: SecretStr
    endpoint: str = ""
    """Address of a store other than AWS: scheme and host, no path."""
    in_host: bool = False
    """Of another store: the bucket's name goes before the host's, not into the path."""
    ca_file: Path | None = None
    """Certificates by which the store's is trusted, in place of the system's."""
    max_mbit: float = 0
    sha256: bool = True
    """SHA-256 of each part is given to the store, as long as it takes them. Otherwise MD5 alone is what is checked."""
    part_size: int | None = None
    """Bytes of a part; by default what `s3_parts.part_size` gives."""
    connect_seconds: float = 10
    answer_seconds: float = 60
    tries: int = 3
    """Of one call, within about two seconds; a longer outage is the caller's to wait out."""

    @classmethod
    def of(cls, settings: Settings) -> "S3Target":
        """Raises Shut when the settings name a bucket but not how to get in."""
        bucket = settings.aws_s3_bucket
        if not settings.aws_access_key_id.get_secret_value() or not settings.aws_secret_access_key.get_secret_value():
            raise Shut(f"There is no key for bucket {bucket}.", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
        if settings.s3_ca_file is not None:
            _require_certificates(settings.s3_ca_file)
        endpoint, region, in_host = settings.s3_endpoint_url, settings.aws_region, settings.s3_addressing == "virtual"
        is_r2 = False
        if endpoint:
            address = _address(endpoint, bucket)
            host = address.netloc
            if host.startswith(f"{bucket}."):  # as it stands before every object
                host, in_host = host.removeprefix(f"{bucket}."), settings.s3_addressing != "path"
            is_r2 = (urlsplit(f"//{host}").hostname or "").endswith(R2)
            endpoint = f"{address.scheme}://{host}"
            if at_aws := AWS.fullmatch(host):
                endpoint, region = "", at_aws[1]
            elif host == AWS_ANYWHERE:
                endpoint = ""
        return cls(
            bucket=bucket,
            region="auto" if is_r2 else region,
            access_key=settings.aws_access_key_id,
            secret_key=settings.aws_secret_access_key,
            endpoint=endpoint,
            in_host=in_host,
            ca_file=settings.s3_ca_file,
            max_mbit=settings.upload_max_mbit,
            sha256=not is_r2,
        )

    @property
    def host(self) -> str:
        return urlsplit(self.endpoint).netloc if self.endpoint else f"s3.{self.region}.amazonaws.com"

    @property
    def is_virtual(self) -> bool:
        """Whether the bucket's name stands in the host: a name with dots has no certificate there."""
        return (self.in_host or not self.endpoint) and "." not in self.bucket

    def url(self, key: str) -> str:
        """The public address of an object."""
        if not self.endpoint:
            return public_url(key, bucket=self.bucket, region=self.region)
        return self.address(key)

    def address(self, key: str) -> str:
        """Where requests for an object go."""
        scheme, _, host = (self.endpoint or f"https://{self.host}").partition("://")
        if self.is_virtual:
            return public_url(key, bucket="", region=self.region, endpoint=f"{scheme}://{self.bucket}.{host}")
        return public_url(key, bucket=self.bucket, region=self.region, endpoint=f"{scheme}://{host}")


def _address(endpoint: str, bucket: str) -> SplitResult:
    """Scheme and host of an endpoint as people paste it. Raises Shut."""
    address = urlsplit(endpoint.strip())
    if address.scheme not in ("http", "https") or not address.hostname:
        raise Shut("S3_ENDPOINT_URL is no address.", "Write it as https://host or https://host:port.")
    if address.path.strip("/") not in ("", bucket):
        raise Shut(
            f"S3_ENDPOINT_URL has a path: {address.path}.",
            "Write it as https://host, and the bucket's name into AWS_S3_BUCKET.",
        )
    return address


def _require_certificates(path: Path) -> None:
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:
        why = "there is no certificate in it" if isinstance(error, ssl.SSLError) else error.strerror
        raise Shut(
            f"S3_CA_FILE {path} cannot be used: {why}.", "Name a file with the store's CA in PEM form."
        ) from error
