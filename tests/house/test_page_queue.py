"""Pages in turn: never more at a time than there are places, first come first served, and nobody waits for ever."""

import asyncio

import pytest
from voila.notebook_renderer import NotebookRenderer

from liverlab.app import page_queue


class Kitchen:
    """Pages of three parts each; `now` says how many are being prepared, `log` what came when."""

    def __init__(self):
        self.now, self.most, self.log = 0, 0, []

    async def page(self, name, fails=False):
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            for part in range(3):
                await asyncio.sleep(0)
                if fails and part == 1:
                    raise RuntimeError("a cell that cannot run")
                self.log.append(name)
                yield f"{name}{part}"
        finally:
            self.now -= 1


async def eat(pages):
    return [part async for part in pages]


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_all_pages_come_whole_and_no_more_at_a_time_than_there_are_places(at_once):
    kitchen = Kitchen()
    in_turn = page_queue.in_turn(kitchen.page, at_once)

    async def serve():
        return await asyncio.gather(*(eat(in_turn(name)) for name in "abcdef"))

    assert asyncio.run(serve()) == [[f"{name}{part}" for part in range(3)] for name in "abcdef"]
    assert kitchen.most == at_once
    if at_once == 1:
        assert kitchen.log == sorted(kitchen.log), "who came first is served first"


def test_a_page_that_fails_or_is_left_gives_its_place_to_the_next():
    kitchen = Kitchen()
    in_turn = page_queue.in_turn(kitchen.page, 1)

    async def serve():
        with pytest.raises(RuntimeError, match="cannot run"):
            await eat(in_turn("a", fails=True))
        left = in_turn("b")
        assert await anext(left) == "b0"
        await left.aclose()
        return await asyncio.wait_for(eat(in_turn("c")), 5)

    assert asyncio.run(serve()) == ["c0", "c1", "c2"]


def test_a_page_that_hangs_does_not_keep_the_others_for_ever():
    kitchen = Kitchen()
    in_turn = page_queue.in_turn(kitchen.page, 1, go_anyway_s=0.5)

    async def serve():
        hangs = in_turn("a")
        await anext(hangs)
        whole = await asyncio.wait_for(eat(in_turn("b")), 5)
        await hangs.aclose()
        # "b" went without a place and must give none back: still one at a time.
        kitchen.most = 0
        await asyncio.gather(*(eat(in_turn(name)) for name in "cd"))
        return whole, kitchen.most

    assert asyncio.run(serve()) == (["b0", "b1", "b2"], 1)


def test_voila_prepares_its_cells_in_turn(monkeypatch):
    plain = NotebookRenderer._jinja_cell_generator
    monkeypatch.setattr(NotebookRenderer, "_jinja_cell_generator", plain)  # put back after the test
    page_queue.install()
    assert NotebookRenderer._jinja_cell_generator is not plain
