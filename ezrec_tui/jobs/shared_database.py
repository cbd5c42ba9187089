"""The database that machines share (EZREC_JOBS_URL): how it is reached, and how it is named without its password."""

from pydantic import SecretStr
from sqlalchemy import URL, Engine, create_engine, make_url

LINE_SECONDS = 10
"""After so long without an answer a connection counts as lost. Whoever asks whether he may go on waits for it."""


def shared_url(url: SecretStr) -> URL:
    return make_url(url.get_secret_value()).set(drivername="postgresql+psycopg")


def open_engine(url: SecretStr) -> Engine:
    """Connections that notice a dead line. Touches no network."""
    return create_engine(
        shared_url(url),
        isolation_level="AUTOCOMMIT",
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=16,
        hide_parameters=True,
        connect_args=line_settings(),
    )


def line_settings() -> dict[str, object]:
    """What the driver is told so that a line that hangs ends in an error."""
    return {
        "connect_timeout": LINE_SECONDS,
        "keepalives_idle": LINE_SECONDS // 2,
        "keepalives_interval": LINE_SECONDS // 5,
        "keepalives_count": 3,
        "tcp_user_timeout": LINE_SECONDS * 1000,
        "options": f"-c statement_timeout={LINE_SECONDS}s",
    }


def place(engine: Engine) -> str:
    """`database at host:port`, for people."""
    return f"{engine.url.database} at {engine.url.host}:{engine.url.port or 5432}"
