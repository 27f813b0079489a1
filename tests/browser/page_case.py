"""A page with every piece of ``liverlab.ui`` but the viewer, real lesson texts and made-up results.

Copied beside the notebook of the browser test, so that its kernel can import it.
"""

from liverlab import evidence
from liverlab.ui import theme
from liverlab.ui.answers import AnswersBar
from liverlab.ui.banner import ErrorBanner
from liverlab.ui.controls import control_panel
from liverlab.ui.decision import decision_panel
from liverlab.ui.glossary import glossary
from liverlab.ui.mimic import mimic
from liverlab.ui.nexttests import next_tests
from liverlab.ui.page import Page
from liverlab.ui.predict import predict_gate
from liverlab.ui.progress import Progress
from liverlab.ui.provenance import provenance_table
from liverlab.ui.questions import checked_questions
from liverlab.ui.quiz import quiz
from liverlab.ui.verdicts import Verdicts

ev = evidence.load()
lesson = ev.lessons["02_pseudoprogression"]
page = Page(lesson, ev, compute=ev.values)
gate = predict_gate(page)
panel = control_panel(page, lesson["controls"]["main"], lesson["controls"]["more"])
words = glossary(ev.glossary, lesson["glossary"])
failing = False  # a test sets it


def loss(state):
    return f"Loss of perfusion {state['perfusion_loss_pct']:.0f} %."


def rows(state):
    if failing:
        raise RuntimeError("this was broken on purpose")
    calls = {"unequivocal": ("PD", "PD", "PD"), "equivocal": ("SD", "PR", "NE"), "none": ("CR", "SD", "SD")}
    shown = dict.fromkeys(("unequivocal", "equivocal", page.scenario.new_lesion_call))
    return [
        {"criterion": criterion, "reading": reading, "call": call, "reason": loss(state)}
        for reading in shown
        for criterion, call in zip(("RECIST 1.1", "Choi", "modified Choi"), calls[reading], strict=True)
    ]


def checker(state):
    return state["perfusion_loss_pct"] <= 80, loss(state)


def finding(test, state):
    return {"result": loss(state), "meaning": "What it means.", "rows": [("Lesion A", "7.6 to 0.2 SUV")]}


def start():
    return theme.section(Progress(page).widget, AnswersBar(page.answers, page.run).widget)


def explore():
    picture = theme.html('<div style="height: 440px; background: #222; color: #fff">picture</div>')
    side = (Verdicts(page, rows).widget,)
    return gate.guard(theme.lesson_layout(picture, panel, banner=ErrorBanner(page).widget, side=side))


def rest():
    checkers = {item["check"]: checker for item in (*lesson["questions"], *lesson["quiz"]) if "check" in item}
    results = {test["id"]: {"results": ("SUV 1.9", "SUV 7.4"), "tells": True} for test in lesson["tests"]}
    listed = "".join(f"<li>{words.mark(line)}</li>" for line in lesson["takehome"])
    return gate.guard(
        theme.section(
            checked_questions(page, lesson, checkers).widget,
            gate.outcome(loss),
            next_tests(page, lesson["tests"], finding).widget,
            mimic(page, lesson["mimic"], lesson["tests"], results, wanted=1).widget,
            decision_panel(page, lesson["decisions"], finding).widget,
            quiz(page, lesson, checkers).widget,
            theme.html(f"<ol>{listed}</ol>"),
            words.widget(),
            provenance_table(page).widget,
        )
    )
