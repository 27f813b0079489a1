"""`python -m liverlab.app.voila_server`: Voilà, started in half the time, its pages prepared in turn.

Half of Voilà's imports (1.3 s of 2.9 s) build a grammar for internationalised addresses, which jsonschema loads if it
is there and does without if not; no schema of Voilà or Jupyter asks for it.
"""

import runpy
import sys

if __name__ == "__main__":
    sys.modules["rfc3987_syntax"] = None  # to import it is an ImportError now
    from liverlab.app import page_queue

    page_queue.install()
    runpy.run_module("voila", run_name="__main__", alter_sys=True)
