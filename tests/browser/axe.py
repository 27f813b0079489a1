"""What axe finds wrong on our part of a page: the one question of every browser test about access."""

from axe_playwright_python.base import AXE_SCRIPT

OURS_IN_APP = ".la-bar, .la-page, .la-foot, .liverlab, .jp-RenderedMarkdown"
# What depends on the theme; the other rules would say the same in dark as in light.
COLOURS = ("color-contrast", "link-in-text-block")
RUN = """async ([context, rules]) => {
    const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
    const found = await axe.run(context, { resultTypes: ["violations"], ...only });
    return found.violations.map((one) => [one.id, one.nodes.map((node) => node.html.slice(0, 160))]); }"""


def violations(page, context=".liverlab", rules=None):
    """[[rule, [what breaks it]]] in the elements that `context` selects; by the `rules` only, if they are named."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN, [context, list(rules) if rules else None])
