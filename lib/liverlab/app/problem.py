"""A problem the person at the keyboard can solve, told in one sentence."""

import errno
import os

# Windows' own codes (winerror): 112 disk full, 39 handle disk full, 19 write protected, 206 name too long.
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


class Problem(Exception):
    """Ends start.py with its one sentence and exit code 1. `harmless`: nothing was changed before it came up."""

    harmless = False


def from_os_error(error: OSError, folder: os.PathLike | str) -> Problem:
    """The sentence for an OSError met while writing in `folder`."""
    windows = getattr(error, "winerror", None)
    if error.errno in _FULL or windows in (39, 112):
        return disk_full(folder)
    if error.errno in _READ_ONLY or windows == 19:
        return read_only(folder)
    if error.errno == errno.ENAMETOOLONG or windows == 206:
        return path_too_long(folder)
    return Problem(f"The system refused to work with {error.filename or folder}: {error.strerror or error}.")


def disk_full(folder: os.PathLike | str) -> Problem:
    return Problem(f"The disk with {folder} is full: free about 1 GB and run start.py again.")


def read_only(folder: os.PathLike | str) -> Problem:
    return Problem(
        f"The folder {folder} cannot be written to: copy it to a place of your own (or close the programs that use it) "
        "and run start.py there."
    )


def path_too_long(folder: os.PathLike | str) -> Problem:
    return Problem(
        f"The path {folder} is too long for this system: move the liverlab folder nearer to the top (C:\\liverlab) "
        "and run start.py again."
    )
