"""Everything that can go wrong, as one tree.

EnrichError                    anything raised on purpose; `exit_code` is what the commands return
├── UsageError                 a wrong argument, option, environment value or setting (2)
├── ListError                  a list that cannot be found, read or understood (2)
├── OverrideError              an overrides file that breaks its own rules (2)
├── StoreError                 the local store is damaged or locked for good (1)
│   └── OtherRealm             it holds sandbox data and this is a live run, or the reverse (2)
├── SnapshotError              a snapshot cannot be written, read or found (1)
│   └── HeldBack               a gate held the snapshot back; nothing was published (4)
├── LocalIndexError                a local index is missing, damaged or of another version (1)
└── ServiceError               a service did not give an answer that can be believed
    ├── Unavailable            it could not be asked: down, throttled, offline; ask again later
    │   ├── Unreachable        no connection: unknown name, refused, no route (3)
    │   ├── Throttled          it refused because of its rate limits (429, 406, 'Rate exceeded.')
    │   ├── ServerError        it failed on the request (5xx)
    │   └── BadAnswer          what came is not an answer: HTML, truncated, wrong type, too large
    ├── Rejected               it refused the request: 400, 404; asking again would not help
    ├── Unproven               a way of asking does not find what the service is known to hold
    ├── Misconfigured          an endpoint refuses everything: its address is wrong (2)
    └── Forbidden              401 or 403: the key or this client is refused; say so once

Each carries what a handler needs as fields, names value, rule and cure in its message, and pickles.
"""

from __future__ import annotations

from typing import Literal

Refusal = Literal["not_found", "bad_id", "bad_fields", "bad_query", "too_large", "unknown"]


class EnrichError(Exception):
    """Base of every error of this package; `str(error)` is one sentence a user can act on."""

    exit_code: int = 1


class UsageError(EnrichError):
    """A wrong argument, option or setting."""

    exit_code = 2


class ListError(EnrichError):
    """A list that cannot be found, read or understood."""

    exit_code = 2


class OverrideError(EnrichError):
    """An overrides file that breaks its own rules."""

    exit_code = 2


class StoreError(EnrichError):
    """The local store cannot be used as it is."""


class OtherRealm(StoreError):
    """The local store holds sandbox data and this is a live run, or the reverse."""

    exit_code = 2


class SnapshotError(EnrichError):
    """A snapshot cannot be written, read or found."""


class HeldBack(SnapshotError):
    """A gate held the snapshot back; nothing was published.

    `failures` are the gates' sentences, `kept_at` the folder where the tables can be inspected.
    """

    exit_code = 4

    def __init__(self, message: str, failures: tuple[str, ...] = (), kept_at: str = "") -> None:
        super().__init__(message, failures, kept_at)
        self.message, self.failures, self.kept_at = message, failures, kept_at

    def __str__(self) -> str:
        return self.message


class LocalIndexError(EnrichError):
    """A local index is missing, damaged or of another version."""


class ServiceError(EnrichError):
    """A service did not give an answer that can be believed.

    `service` is 'arxiv' or 'semantic_scholar'; `url` never holds a secret; `status` is None when
    no answer came at all.
    """

    def __init__(
        self, message: str, service: str = "", url: str = "", status: int | None = None
    ) -> None:
        super().__init__(message, service, url, status)
        self.message, self.service, self.url, self.status = message, service, url, status

    def __str__(self) -> str:
        return self.message


class Unavailable(ServiceError):
    """The service could not be asked; the question stays open and is asked again next run.

    `retry_after` is how many seconds the service itself asked to wait, 0 if it did not.
    """

    retry_after: float = 0.0


class Unreachable(Unavailable):
    """No connection to the service could be made."""

    exit_code = 3


class Throttled(Unavailable):
    """The service refused because of its rate limits."""


class ServerError(Unavailable):
    """The service failed on the request (5xx); one item of it may be the cause."""


class BadAnswer(Unavailable):
    """What came back is not an answer: HTML, truncated, of another type, too large."""


class Rejected(ServiceError):
    """The service refused the request; the same request would be refused again.

    `refusal` says what the service's own words mean, 'unknown' where it has no words we know.
    """

    refusal: Refusal = "unknown"


class Unproven(ServiceError):
    """A way of asking does not find what the service is known to hold: its silence says nothing."""


class Misconfigured(ServiceError):
    """An endpoint refuses every request and has never answered one: its address is wrong."""

    exit_code = 2


class Forbidden(ServiceError):
    """401 or 403: the service refuses the key or this client."""
