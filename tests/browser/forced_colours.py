"""What can still be told apart where the computer forces its own colours: lines, never fillings."""

# What is chosen, and one of its kind that is not: they have to differ in more than colour.
ALIKE = """(ours) => {
    const sides = ["Top", "Right", "Bottom", "Left"];
    const lines = (one) => {
        const style = getComputedStyle(one);
        const border = sides.map((side) => `${style[`border${side}Style`]} ${style[`border${side}Width`]}`);
        const outline = style.outlineStyle === "none" ? "none" : `${style.outlineStyle} ${style.outlineWidth}`;
        return [...border, outline, style.fontWeight].join();
    };
    const chosen = "[aria-pressed=true], .mod-active, [aria-selected=true], [aria-current]";
    const families = "[role=group], [role=tablist], ul, .ll-toolbar, .lp-tools, .widget-toggle-buttons, .lp-box";
    const seen = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 0;
    const short = (one) => one.outerHTML.slice(0, 110);
    return [...document.querySelectorAll(chosen)].filter((one) => one.closest(ours) && seen(one)).flatMap((one) => {
        const kind = one.getAttribute("role") === "tab" ? "[role=tab]" : one.localName;
        const family = [...(one.closest(families)?.querySelectorAll(kind) ?? [])];
        const other = family.find((like) => !like.matches(chosen) && !like.disabled && seen(like));
        return other && lines(one) === lines(other) ? [`${short(one)} looks like ${short(other)}`] : [];
    }); }"""

# What can be pressed, moved or typed in, and has neither a line of its own nor an underlined word.
BARE = """(ours) => {
    const sides = ["Top", "Right", "Bottom", "Left"];
    const lined = (style) => style.textDecorationLine.includes("underline") || sides.some((side) =>
        !["none", "hidden"].includes(style[`border${side}Style`]) && parseFloat(style[`border${side}Width`]) > 0);
    const marked = (one) => [one, ...one.querySelectorAll("*")].some((part) => lined(getComputedStyle(part)))
        || ["::before", "::after"].some((part) => lined(getComputedStyle(one, part)));
    const kinds = "a[href], button, input, select, textarea, summary, [role=tab], .noUi-target, .noUi-handle";
    return [...document.querySelectorAll(kinds)]
        .filter((one) => one.closest(ours) && one.checkVisibility() && one.getBoundingClientRect().width > 1)
        .filter((one) => !marked(one)).map((one) => one.outerHTML.slice(0, 140)); }"""

# Fillings that carry a quantity, and have the colour of the paper.
GONE = """() => {
    const probe = document.body.appendChild(document.createElement("div"));
    probe.style.background = "Canvas";
    const paper = getComputedStyle(probe).backgroundColor;
    probe.remove();
    return [...document.querySelectorAll(".liverlab .lp-bar > span")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 1)
        .filter((one) => getComputedStyle(one).backgroundColor === paper).map((one) => one.outerHTML.slice(0, 90)); }"""

# Pictures whose words would get plates behind them, which cover what is shown.
COVERED = """() => [...document.querySelectorAll(".liverlab .ll-pane")]
    .filter((one) => getComputedStyle(one).forcedColorAdjust !== "none").map((one) => one.outerHTML.slice(0, 90))"""


def faults(page, ours):
    """{what is wrong: where}, of a page under forced colours; empty where nothing is."""
    found = {
        "chosen and not chosen look alike": page.evaluate(ALIKE, ours),
        "no line": page.evaluate(BARE, ours),
        "a filling that is gone": page.evaluate(GONE),
        "a picture behind plates": page.evaluate(COVERED),
    }
    return {fault: where for fault, where in found.items() if where}
