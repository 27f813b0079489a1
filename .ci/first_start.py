"""Start a fresh copy of liverlab as a person would, look at its first page, stop it, start it again.

    python3 .ci/first_start.py FOLDER

Prints how long both starts took; ends with an error if the page does not come or the second start is not quick.
"""

import pathlib
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request

FIRST_BAR_S, SECOND_BAR_S = 90.0, 12.0


def start(folder: pathlib.Path) -> float:
    """Run start.py until its page answers, then Ctrl-C; returns the seconds until the page answered."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "start.py", "--no-browser"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watchdog = threading.Timer(600, process.kill)
    watchdog.start()
    try:
        for line in process.stdout:
            print("   |", line, end="")
            address = re.search(r"http://127\.0\.0\.1:\d+/\S+", line)
            if address:
                page = urllib.request.urlopen(address.group()).read().decode()
                took = time.monotonic() - began
                assert "jupyter-config-data" in page, "the page is not JupyterLab's"
                process.send_signal(signal.SIGINT)
        code = process.wait(30)
    finally:
        watchdog.cancel()
        process.kill()
    if code != 0 or "took" not in locals():
        sys.exit(f"start.py ended with exit code {code} and without a page.")
    return took


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    first = start(folder)
    second = start(folder)
    print(f"First start {first:.0f} s (bar {FIRST_BAR_S:.0f}), second start {second:.1f} s (bar {SECOND_BAR_S:.0f}).")
    # A busy machine may take longer over the first, which is mostly download; a slow second one means pip ran again.
    if second > SECOND_BAR_S or (folder / ".venv" / "liverlab-install.log").stat().st_mtime > time.time() - second:
        sys.exit("The second start was not quick.")


if __name__ == "__main__":
    main()
