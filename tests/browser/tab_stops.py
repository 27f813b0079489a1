"""A walk over a page with Tab: where the focus stops, whether it can be seen there, and what is left out."""

from itertools import pairwise

# What has the focus now: what it is called, where it is, whether it is in view, marked, ours, and where it should be.
HERE = """(ours) => {
    const one = document.activeElement;
    if (!one || one === document.body || one === document.documentElement) return null;
    const been = (window.liverlabStops ??= []), before = been.at(-1);
    const again = been.includes(one);
    been.push(one);
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 40) / 2);
    const labels = [...(one.labels ?? [])].map((label) => label.textContent);
    const text = (id) => document.getElementById(id)?.textContent;
    const by = (one.getAttribute("aria-labelledby") ?? "").split(" ").map(text);
    return {
        html: one.outerHTML.slice(0, 140),
        name: [one.getAttribute("aria-label"), one.textContent, one.title, ...labels, ...by].join(" ").trim(),
        box: [box.left + scrollX, box.top + scrollY, box.right + scrollX, box.bottom + scrollY],
        shown: one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && box.width * box.height > 0,
        uncovered: Boolean(hit) && (one.contains(hit) || hit.contains(one)),
        ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        ours: Boolean(one.closest(ours)),
        again,
        together: Boolean(before?.closest(".lp-control")?.contains(one)),
        backwards: Boolean(before) && !(before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING),
    }; }"""

# What can be seen and used, and was not stopped at. Of a row of tabs one is a stop: arrow keys do the rest.
LEFT_OUT = """(ours) => [...document.querySelectorAll(
      "a[href], button, input, select, textarea, summary, [role=slider], [role=tab], [tabindex]")]
    .filter((one) => one.closest(ours) && !one.disabled && one.getAttribute("tabindex") !== "-1")
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((one) => one.getBoundingClientRect().width > 0 && !window.liverlabStops.includes(one))
    .map((one) => one.outerHTML.slice(0, 140))"""


def walk(page, ours, most=600):
    """Every stop of Tab from the top of the page until the focus leaves it; fails where it never does."""
    page.evaluate("""() => { window.liverlabStops = []; scrollTo(0, 0); document.activeElement?.blur();
        document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex"); }""")
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(HERE, ours)
        if stop is None:
            return stops
        stops.append(stop)
        if stop["again"]:
            return stops
    raise AssertionError(f"Tab does not leave the page: {stops[-1]['html']}")


def faults(page, ours, stops):
    """{what is wrong: where}, of a walk that has just ended; empty where nothing is."""
    wrong = {
        "no part of ours": [stop["html"] for stop in stops if not stop["ours"]],
        "hidden": [stop["html"] for stop in stops if not stop["shown"]],
        "under something": [stop["html"] for stop in stops if not stop["uncovered"]],
        "without a ring": [stop["html"] for stop in stops if stop["ring"] < 2],
        "without a name": [stop["html"] for stop in stops if not stop["name"]],
        "twice": [stop["html"] for stop in stops if stop["again"]],
        "out of order": [(before["html"], after["html"]) for before, after in pairwise(stops) if _back(before, after)],
        "left out": page.evaluate(LEFT_OUT, ours),
    }
    return {fault: found for fault, found in wrong.items() if found}


def _back(before, after):
    """Whether a stop stands before the one before it, as one reads: above it, or left of it in its line.

    A slider and the field for its value are one control.
    """
    (left, top, right, bottom), (left2, top2, _, bottom2) = before["box"], after["box"]
    line = min(bottom, bottom2) - max(top, top2) > 0.5 * min(bottom - top, bottom2 - top2)
    above = left2 < left if line else bottom2 <= top and left2 < right
    return after["backwards"] or (above and not after["together"])
