"""The walk with Tab and the look at forced colours find what is wrong on a page that is wrong on purpose."""

import pytest

from . import forced_colours, tab_stops

STYLE = "<style>:focus { outline: 3px solid blue } button { display: block; height: 30px; width: 60px }</style>"
WALKS = {
    "no part of ours": '<button>a</button></div><button>b</button><div class="liverlab">',
    "hidden": '<button>a</button><button style="opacity: 0">b</button>',
    "under something": '<button>a</button><div style="position: fixed; inset: 0"></div>',
    "without a ring": '<button style="outline: none">a</button>',
    "without a name": "<button></button>",
    "out of order": '<button style="position: absolute; top: 300px">a</button><button>b</button>',
    "left out": '<button onfocus="this.nextElementSibling.focus()">a</button><button>b</button><button>c</button>',
}
LOOKS = {
    "chosen and not chosen look alike": """<div role="group">
        <button aria-pressed="true" style="background: red">a</button><button aria-pressed="false">b</button></div>""",
    "no line": '<button style="border: 0; background: red">a</button>',
    "a filling that is gone": """<span class="lp-bar"><span style="display: block; width: 50px; height: 6px;
        background: red"></span></span>""",
    "a picture behind plates": '<div class="ll-pane">W 150</div>',
}


def show(page, inside):
    page.set_content(f'{STYLE}<div class="liverlab">{inside}</div>')


@pytest.mark.parametrize("fault", WALKS)
def test_a_walk_finds(blank_page, fault):
    show(blank_page, WALKS[fault])
    stops = tab_stops.walk(blank_page, ".liverlab")
    assert list(tab_stops.faults(blank_page, ".liverlab", stops)) == [fault]


def test_a_trap_ends_the_walk(blank_page):
    show(blank_page, "<button onkeydown='event.preventDefault()'>a</button><button>b</button>")
    stops = tab_stops.walk(blank_page, ".liverlab")
    assert "twice" in tab_stops.faults(blank_page, ".liverlab", stops)


@pytest.mark.parametrize("fault", LOOKS)
def test_forced_colours_find(blank_page, fault):
    blank_page.emulate_media(forced_colors="active")
    show(blank_page, LOOKS[fault])
    assert list(forced_colours.faults(blank_page, ".liverlab")) == [fault]


def test_nothing_wrong_is_nothing_found(blank_page):
    blank_page.emulate_media(forced_colors="active")
    show(blank_page, "<button>a</button><button>b</button><a href='#x'>c</a>")
    stops = tab_stops.walk(blank_page, ".liverlab")
    assert len(stops) == 3
    assert tab_stops.faults(blank_page, ".liverlab", stops) == forced_colours.faults(blank_page, ".liverlab") == {}
