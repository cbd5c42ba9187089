"""A certificate authority of the tests' own, and a certificate for 127.0.0.1 that it has signed."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Certificates:
    ca: Path
    """What a client has to trust."""
    certificate: Path
    key: Path


def make_certificates(folder: Path) -> Certificates:
    """Files in PEM form, good for a day."""
    made = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    ca_key, request, extensions = folder / "ca.key", folder / "server.csr", folder / "server.cnf"
    extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n")
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    usage = "keyUsage=critical,keyCertSign,cRLSign"
    _openssl(
        *("req", "-x509", *new_key, "-keyout", ca_key, "-out", made.ca, "-days", "1"),
        *("-subj", "/CN=The venue's own CA", "-addext", usage),
    )
    _openssl("req", *new_key, "-keyout", made.key, "-out", request, "-subj", "/CN=localhost")
    _openssl(
        *("x509", "-req", "-in", request, "-CA", made.ca, "-CAkey", ca_key, "-out", made.certificate),
        *("-days", "1", "-extfile", extensions),
    )
    return made


def _openssl(*arguments: str | Path) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
