"""How many learners fit on this machine: a class in app mode, each with a browser id and a kernel of their own.

`python benchmarks/learners.py` lets 30 learners open a lesson within a minute, answer every question each in their own
way, move a main slider every 2 s for 5 minutes, leave, open the page again and look whether their answers are there.
It prints how long they waited and what they cost, writes benchmarks/results/learners.json, and ends with exit status 1
if anything went wrong or a learner got anything but exactly their own answers back.

30 browsers on one machine would measure browsers. So learners are `page_client.PageClient`, which sends and receives
what a page does, timed from the slider's message to the arrival of its picture; one more learner has a real Chromium,
timed from key press to paint (`--no-browser`: without). Server, kernels and all learners share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import json
import os
import platform
import random
import sys
import tempfile
import time
from pathlib import Path

import psutil
from page_client import SURE, PageClient

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import app, lab  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "learners.json"
LESSON = "02_pseudoprogression"
SAMPLE_EVERY_S = 15.0


@dataclasses.dataclass
class Plan:
    """A class: how many learners, moving for how long, started within what time, `every_s` between two moves."""

    learners: int = 30
    seconds: float = 300.0
    within_s: float = 60.0
    every_s: float = 2.0
    lesson: str = LESSON
    browser: bool = True


@dataclasses.dataclass
class Seen:
    """What the class lived through: seconds of waiting, bytes, memory, and problems in words."""

    opened_s: list[float] = dataclasses.field(default_factory=list)
    reopened_s: list[float] = dataclasses.field(default_factory=list)
    moved_s: list[float] = dataclasses.field(default_factory=list)
    painted_s: list[float] = dataclasses.field(default_factory=list)
    answers: list[list[str]] = dataclasses.field(default_factory=list)
    bytes_received: int = 0
    memory: list[dict[str, float]] = dataclasses.field(default_factory=list)
    problems: list[str] = dataclasses.field(default_factory=list)


async def learner(number: int, plan: Plan, address: str, seen: Seen) -> None:
    """One learner from opening the page to finding their answers again."""
    chance = random.Random(number)
    await asyncio.sleep(plan.within_s * number / plan.learners)
    identity = f"{chance.getrandbits(64):016x}"
    page = PageClient(address, identity)
    seen.opened_s.append(await page.open())
    given = await answer_all(page, chance)
    slider, viewer = page.main_slider()
    end, at = time.monotonic() + plan.seconds, time.monotonic()
    while at < end:
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        seen.moved_s.append(await page.move(slider, viewer, another_value(page.states[slider], chance)))
        at = max(at + plan.every_s, time.monotonic())
    await asyncio.sleep(plan.every_s)
    await page.leave()
    again = PageClient(address, identity)
    seen.reopened_s.append(await again.open())
    found = answers_on(again)
    if found != given:
        again.problems.append(f"gave {given} and got back {found}")
    await again.leave()
    seen.answers.append(found)
    seen.bytes_received += page.bytes_received
    seen.problems += [f"learner {number}: {problem}" for problem in page.problems + again.problems]


def another_value(slider: dict, chance: random.Random) -> float:
    """A value of the slider other than its present one, on its steps."""
    steps = round((slider["max"] - slider["min"]) / slider["step"])
    value = slider["value"]
    while abs(value - slider["value"]) < slider["step"] / 2:
        value = slider["min"] + slider["step"] * chance.randint(0, steps)
    return int(value) if slider["_model_name"] == "IntSliderModel" else value


async def answer_all(page: PageClient, chance: random.Random) -> list[str]:
    """Choose in every question and say how sure; what was given, as `answers_on` shall find it."""
    for question, sure in page.choices():
        state = page.states[question]
        await page.set(question, index=chance.randrange(len(state["_options_labels"])))
        await page.click(sure[chance.choice(SURE)])
    return answers_on(page)


def answers_on(page: PageClient) -> list[str]:
    """The prediction in words, and what is chosen in every other question."""
    chosen = [page.states[question] for question, _ in page.choices()[1:]]
    words = [state["_options_labels"][state["index"]] if state["index"] is not None else "-" for state in chosen]
    return [text for text in page.said("You predicted") if "role=" in text] + words


async def chromium_learner(plan: Plan, address: str, seen: Seen) -> None:
    """One learner with a browser; asked by key presses and buttons, timed to paint."""
    from latency import WATCH
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=lab.CHROMIUM, args=lab.CHROMIUM_FLAGS)
        page = await browser.new_page(viewport={"width": 1280, "height": 720})
        leaving = asyncio.Event()

        def heard(error) -> None:
            # A page that is left may still have something to say to its kernel (tests/browser/app.py).
            if not (leaving.is_set() and str(error) == app.SAID_TOO_LATE):
                seen.problems.append(f"Chromium: {error}")

        page.on("pageerror", heard)
        await page.goto(address, wait_until="commit", timeout=120_000)
        await page.locator(".liverlab-viewer[data-painted]").first.wait_for(timeout=120_000)
        await page.locator(".liverlab .widget-toggle-button:visible").first.click(timeout=120_000)
        await page.get_by_role("button", name="Fairly sure").first.click()
        handle = page.locator(".liverlab .noUi-handle").locator("visible=true").first
        await handle.focus()
        await page.evaluate(WATCH)
        end, presses = time.monotonic() + plan.seconds, 0
        while time.monotonic() < end:
            await page.keyboard.press("ArrowRight" if presses // 5 % 2 == 0 else "ArrowLeft")
            await page.wait_for_function("() => window.bench.painted !== null", timeout=60_000)
            log = await page.evaluate("() => window.bench")
            seen.painted_s.append((log["painted"] - log["key"]) / 1000)
            presses += 1
            await asyncio.sleep(plan.every_s)
        said = await page.locator(".lp-predict [role=status]").inner_text()
        leaving.set()
        await page.reload(wait_until="commit", timeout=120_000)
        status = page.locator(".lp-predict [role=status]")
        await status.wait_for(timeout=120_000)
        if await status.inner_text() != said:
            seen.problems.append(f"Chromium: gave {said!r} and got back {await status.inner_text()!r}")
        seen.answers.append([said])
        await browser.close()


async def watch_memory(server: app.AppServer, seen: Seen) -> None:
    """Note every quarter minute what kernels and server hold."""
    while True:
        await asyncio.sleep(SAMPLE_EVERY_S)
        kernels = [held(process) for process in server.kernels()]
        whole = held(psutil.Process(server.process.pid))
        if kernels:
            seen.memory.append(
                {
                    "kernels": len(kernels),
                    "kernel_pss_mb": sum(one["pss"] for one in kernels) / len(kernels),
                    "kernel_rss_mb": sum(one["rss"] for one in kernels) / len(kernels),
                    "server_mb": whole["rss"],
                    "together_mb": sum(one["pss"] for one in kernels) + whole["pss"],
                }
            )


def held(process: psutil.Process) -> dict[str, float]:
    """MB of a process: rss, and pss (its own part of what several share; the same as rss where there is no such)."""
    with contextlib.suppress(psutil.NoSuchProcess):
        memory = process.memory_full_info()
        return {"rss": memory.rss / 1e6, "pss": getattr(memory, "pss", memory.rss) / 1e6}
    return {"rss": 0.0, "pss": 0.0}


async def run(plan: Plan, server: app.AppServer) -> Seen:
    """Let the class learn; what it lived through."""
    seen = Seen()
    address = server.lesson(plan.lesson)
    watching = asyncio.ensure_future(watch_memory(server, seen))
    tasks = [learner(number, plan, address, seen) for number in range(plan.learners)]
    if plan.browser:
        tasks.append(chromium_learner(plan, address, seen))
    for done in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(done, BaseException):
            seen.problems.append(f"a learner gave up: {done!r}")
    watching.cancel()
    return seen


def quantile(values: list[float], share: float) -> float | None:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def rows(plan: Plan, seen: Seen, cpu: float) -> list[dict]:
    """The table: what, value, unit."""
    found = []

    def row(what: str, value: float | None, unit: str) -> None:
        if value is not None:
            found.append({"what": what, "value": round(value, 3), "unit": unit})

    most = max(seen.memory, key=lambda one: one["kernels"], default={})
    row("learners", plan.learners + plan.browser, "")
    for name, values, scale, unit in (
        ("opening the lesson", seen.opened_s, 1, "s"),
        ("opening it again", seen.reopened_s, 1, "s"),
        ("slider to picture", seen.moved_s, 1000, "ms"),
        ("Chromium: key to paint", seen.painted_s, 1000, "ms"),
    ):
        for word, share in (("median", 0.5), ("p95", 0.95), ("longest", 1.0)):
            value = quantile(values, share)
            row(f"{name}, {word}", None if value is None else value * scale, unit)
    row("moves", len(seen.moved_s) + len(seen.painted_s), "")
    row("received per learner and second", seen.bytes_received / 1e6 / plan.learners / plan.seconds, "MB")
    row("kernels at once, at most", most.get("kernels"), "")
    row("memory per learner: own part (PSS)", most.get("kernel_pss_mb"), "MB")
    row("memory per learner: RSS", most.get("kernel_rss_mb"), "MB")
    row("memory of the server", most.get("server_mb"), "MB")
    row("memory of all together", most.get("together_mb"), "MB")
    row("busy processors, of the whole machine", cpu, "%")
    row("answers given and looked for again", sum(map(len, seen.answers)), "")
    row("errors", len(seen.problems), "")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, words in (
        ("learners", "how many (30)"),
        ("seconds", "how long each moves the slider (300)"),
        ("within-s", "the seconds within which they come (60)"),
        ("every-s", "seconds between two moves (2)"),
    ):
        default = getattr(Plan, name.replace("-", "_"))
        parser.add_argument(f"--{name}", type=type(default), default=default, help=words)
    parser.add_argument("--lesson", default=LESSON, help=f"name of a notebook ({LESSON})")
    parser.add_argument("--no-browser", dest="browser", action="store_false", help="no learner with a Chromium")
    parser.add_argument("--warm", action="store_true", help="as `start.py app --warm`")
    parser.add_argument("--write", type=Path, default=RESULTS, help="where the JSON goes")
    options = vars(parser.parse_args())
    warm, write, plan = options.pop("warm"), options.pop("write"), Plan(**options)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as private,
        app.AppServer(Path(private), warm=warm) as server,
    ):
        psutil.cpu_percent()
        seen = asyncio.run(run(plan, server))
        cpu = psutil.cpu_percent()
    table = rows(plan, seen, cpu)
    print(f"{'what':46} {'value':>9}")
    for one in table:
        print(f"{one['what']:46} {one['value']:9g} {one['unit']}")
    for problem in seen.problems[:20]:
        print(problem)
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    write.parent.mkdir(exist_ok=True)
    held_too = {"plan": dataclasses.asdict(plan), "problems": seen.problems, "answers": seen.answers}
    held_too |= {"memory": seen.memory}
    write.write_text(json.dumps({"machine": machine, "rows": table, **held_too}, indent=1) + "\n")
    return 1 if seen.problems else 0


if __name__ == "__main__":
    sys.exit(main())
