"""Start liverlab.

    python3 start.py         makes .venv here, installs what liverlab needs, opens JupyterLab on the first notebook
    python3 start.py app     serves the lessons as pages without code
    python3 start.py test    runs every test
    python3 start.py --help  the rest

This file stays readable for very old Pythons, so that they too can answer in a sentence. The work is done in
lib/liverlab/app.
"""

from __future__ import print_function

import os
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)
ROOT = os.path.dirname(os.path.abspath(__file__))


def _fits(version):
    return OLDEST <= tuple(version[:2]) <= NEWEST


def _other_pythons():
    """Commands that may be a fitting Python on this machine, newest first."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        name = "python3.%d" % minor
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            path = os.path.join(folder, name)
            if folder and os.path.isfile(path) and os.access(path, os.X_OK):
                yield [path]
        if os.name == "nt":
            yield ["py", "-3.%d" % minor]


def _works(command):
    # Asking costs some 50 ms; a name on the path may be a shim without a Python behind it, or a Python without venv.
    question = "import sys, ensurepip, venv; sys.exit(0 if %r <= sys.version_info[:2] <= %r else 1)" % (OLDEST, NEWEST)
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.call(command + ["-c", question], stdout=nowhere, stderr=nowhere) == 0
    except OSError:
        return False


def _hand_over(arguments):
    """Run this file with another Python; its exit code, or None if there is no fitting one."""
    for command in _other_pythons():
        if _works(command):
            print("This is Python %d.%d; going on with %s." % (sys.version_info[:2] + (" ".join(command),)))
            sys.stdout.flush()
            try:
                return subprocess.call(command + [os.path.abspath(__file__)] + arguments)
            except KeyboardInterrupt:
                return 130
    return None


def _main(arguments):
    if not _fits(sys.version_info):
        code = _hand_over(arguments)
        if code is not None:
            return code
        print(
            "liverlab needs Python %d.%d to %d.%d, and this is Python %d.%d: install one of them from "
            "https://www.python.org/downloads/ and run start.py with it."
            % (OLDEST + NEWEST + tuple(sys.version_info[:2])),
            file=sys.stderr,
        )
        return 1
    lib = os.path.join(ROOT, "lib")
    if not os.path.isfile(os.path.join(lib, "liverlab", "app", "command.py")):
        print(
            "start.py does not find liverlab's own files in %s: download or clone the whole folder again." % lib,
            file=sys.stderr,
        )
        return 1
    sys.path.insert(0, lib)
    from liverlab.app import command

    return command.main(arguments, ROOT)


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
