"""`python -m liverlab.app`: the command line of start.py, for a project folder that is already known to this Python."""

import pathlib
import sys

from liverlab.app import command

if __name__ == "__main__":
    root = pathlib.Path(__file__).resolve().parents[3]
    if not (root / "start.py").is_file():
        sys.exit("liverlab's notebooks are not part of the installed package: clone the project and run its start.py.")
    sys.exit(command.main(sys.argv[1:], root))
