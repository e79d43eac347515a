"""SIGTERM and Ctrl-C, held back while something is made that only its name can end."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def later() -> Iterator[None]:
    """Hear what would end this process only after the block; one forked in the block ends at once."""
    if threading.current_thread() is not threading.main_thread():  # which hears no signal
        yield
        return
    heard: list[int] = []
    process = os.getpid()

    def hear(number: int, _: object) -> None:
        if os.getpid() != process:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        heard.append(number)

    before = [(number, signal.signal(number, hear)) for number in (signal.SIGTERM, signal.SIGINT)]
    try:
        yield
    finally:
        for number, handler in before:
            # None is what a library in C has set, which cannot be set back from here.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for told in heard:
            os.kill(process, told)
