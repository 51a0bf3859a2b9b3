"""One message per run to a Prefect notification block: what changed, or what failed."""

from __future__ import annotations

import logging
from typing import Any

from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block

# A run's logger is an adapter in a flow, and a plain logger in a hook.
Log = logging.Logger | logging.LoggerAdapter[Any]


def notify(block: str | None, subject: str, body: str, log: Log) -> None:
    """Send a message; a block that is missing or fails is a warning, never a failed run.

    Args:
        block: The block's name, `type/name`; None sends nothing.
        subject: One line.
        body: Markdown.
        log: Where a failure is reported.
    """
    if block is None:
        return
    try:
        loaded = Block.load(block)
        if not isinstance(loaded, NotificationBlock):
            log.warning("The block %s is no notification block: nothing was sent.", block)
            return
        done = loaded.notify(body, subject)
        assert done is None  # a coroutine only where an event loop runs
    except Exception as error:  # the block's own errors are of any type
        log.warning("The notification block %s could not be used: %s", block, error)
