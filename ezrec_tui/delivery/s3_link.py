"""A link under which anybody can fetch one object for a while: an address signed with our key (Signature Version 4).

Pure: no store is asked and nothing is loaded, so that the engine can make one. Whoever has the link has the video:
it is shown to who asks for it, and written nowhere.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

from ezrec_tui.delivery.s3_target import S3Target

LONGEST = timedelta(days=7)
"""No store allows more."""


def presigned_url(target: S3Target, key: str, at: datetime, life: timedelta) -> str:
    """The address of an object, good for so long from `at` (aware). Raises ValueError for a life that no store allows.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    """
    if not timedelta(seconds=1) <= life <= LONGEST:
        raise ValueError("a link lives from a second to seven days")
    address = urlsplit(target.address(key))
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{target.region}/s3/aws4_request"
    query = "&".join(
        f"{name}={quote(value, safe='-_.~')}"
        for name, value in (
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
            ("X-Amz-Credential", f"{target.access_key.get_secret_value()}/{scope}"),
            ("X-Amz-Date", stamp),
            ("X-Amz-Expires", str(int(life.total_seconds()))),
            ("X-Amz-SignedHeaders", "host"),
        )
    )
    request = f"GET\n{address.path}\n{query}\nhost:{address.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signing = f"AWS4{target.secret_key.get_secret_value()}".encode()
    for part in scope.split("/"):
        signing = hmac.digest(signing, part.encode(), "sha256")
    signature = hmac.digest(signing, to_sign.encode(), "sha256").hex()
    return f"{address.geturl()}?{query}&X-Amz-Signature={signature}"
