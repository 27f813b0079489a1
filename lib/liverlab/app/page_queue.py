"""Pages of app mode are prepared in turn: as many at a time as the machine has processors.

A page costs some two seconds of a processor before it stands. Thirty learners who open theirs at a teacher's word would
share the processors and all wait for the last one; in turn the first has a page soon. Their kernels still start all at
once. With ten learners the median wait fell from 13 to 10 s and the longest rose from 14 to 17 s (one run each way).
"""

import asyncio
import contextlib
import os

GO_ANYWAY_S = 120.0  # a page that hangs must not keep the others waiting for ever


def install() -> None:
    """Make the Voilà of this process prepare its pages in turn. A page that waits shows that it is being prepared."""
    from voila.notebook_renderer import NotebookRenderer

    NotebookRenderer._jinja_cell_generator = in_turn(NotebookRenderer._jinja_cell_generator, os.cpu_count() or 1)


def in_turn(generate, at_once: int, go_anyway_s: float = GO_ANYWAY_S):
    """`generate`, an asynchronous generator function, so that at most `at_once` of its generators run at a time."""
    places = asyncio.Semaphore(at_once)

    async def generate_in_turn(*args, **kwargs):
        placed = False
        with contextlib.suppress(TimeoutError):
            placed = await asyncio.wait_for(places.acquire(), go_anyway_s)
        try:
            async for part in generate(*args, **kwargs):
                yield part
        finally:
            if placed:
                places.release()

    return generate_in_turn
