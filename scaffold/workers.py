"""Spread work over processes, with progress, and end them all when one fails or the user interrupts."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from scaffold import interrupts
from scaffold.errors import ScaffoldError
from scaffold.progress import tell

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

Context = TypeVar("Context")
Item = TypeVar("Item")
Result = TypeVar("Result")

_held: list[Any] = []
_busy: list[bool] = []  # in a worker: whether it is at an item
_SECONDS = 5.0  # for a worker to clean up


def default_jobs() -> int:
    """How many processes this machine can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(
    function: Callable[[Context, Item], Result], context: Context, items: Sequence[Item], jobs: int, label: str
) -> Iterator[Result]:
    """Apply a function to every item in worker processes; results come in the order of the items."""
    jobs = min(jobs, len(items))
    if jobs <= 1:
        for number, item in enumerate(items, 1):
            yield function(context, item)
            tell(label, number, len(items))
        return
    yield from _spread(function, context, items, jobs, label)


def apart(
    function: Callable[[Context, Item], Result], context: Context, items: Sequence[Item], label: str
) -> list[Result]:
    """As `each`, never in the first process: threads of a library there would be lost in workers forked later."""
    return list(_spread(function, context, items, min(default_jobs(), len(items)), label)) if items else []


def is_first() -> bool:
    """Tell whether this is the process that forks, and no worker."""
    import multiprocessing

    return multiprocessing.parent_process() is None


def _spread(
    function: Callable[[Context, Item], Result], context: Context, items: Sequence[Item], jobs: int, label: str
) -> Iterator[Result]:
    # What a run with little to do never needs is imported late.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing.reduction import ForkingPickler

    # Forked workers share what the parent has read; elsewhere it is sent to them once, modules (as rules are) by name.
    ForkingPickler.register(types.ModuleType, _by_name)
    method = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=method, initializer=_start, initargs=(function, context))
    try:
        with interrupts.later():  # a worker that the pool does not know yet would go on without it
            results = pool.map(_call, items)
        for number, result in enumerate(results, 1):
            yield result
            tell(label, number, len(items))
    except BrokenProcessPool as error:
        raise ScaffoldError(f"a worker process ended while {label}; is there enough memory? try `--jobs 1`") from error
    finally:
        _end(pool)


def _by_name(module: types.ModuleType) -> tuple[Callable[[str], types.ModuleType], tuple[str]]:
    return importlib.import_module, (module.__name__,)


def _end(pool: ProcessPoolExecutor) -> None:
    """Leave no worker behind, also when the caller stops early."""
    processes = list((pool._processes or {}).values())  # noqa: SLF001  # there is no public way to end them
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(_SECONDS)
        process.kill()  # one that swallowed the signal, as in a callback, would go on; one that has ended hears nothing
        process.join()


def _start(function: Callable[[Any, Any], Any], context: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and ends its workers
    signal.signal(signal.SIGTERM, _leave)
    _held[:] = [function, context]


def _leave(number: int, _: object) -> None:
    """Unwind what is being done, so that what it has started ends, and what it has written goes; idle, end at once."""
    signal.signal(number, signal.SIG_IGN)
    if not _busy:
        os._exit(1)
    raise SystemExit(1)


def _call(item: Any) -> Any:
    function, context = _held
    try:
        _busy.append(True)
        return function(context, item)
    except SystemExit:  # which the pool would take for a result, and give the worker the next item
        os._exit(1)
    finally:
        _busy.clear()
