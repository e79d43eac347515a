"""Prints where tests write their files: in memory, where there is room for programs too, else where everybody does.

The tests make and remove some hundred thousand small files, which costs a disk more than the tests cost the processor.
"""

import os
import tempfile

_MEMORY = "/dev/shm"
_ROOM = 4 << 30  # bytes; 300 MiB is what the tests have used of it at a time, with engines 1.1 GiB


def _is_roomy(directory: str) -> bool:
    try:
        found = os.statvfs(directory)
    except OSError:
        return False
    writable = os.access(directory, os.W_OK | os.X_OK)
    return writable and found.f_bavail * found.f_frsize > _ROOM and not found.f_flag & os.ST_NOEXEC


if __name__ == "__main__":
    print(_MEMORY if _is_roomy(_MEMORY) else tempfile.gettempdir())
