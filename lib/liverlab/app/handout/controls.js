// Sliders, and every part of the page that follows them.

function attachControls(controls, show) {
  const inputs = [...document.querySelectorAll("[data-control]")];
  const state = () => controls.reduce((at, { values }, n) => at * values.length + Number(inputs[n].value), 0);
  inputs.forEach((input, n) => {
    const output = document.querySelector(`output[for="${input.id}"]`);
    input.addEventListener("input", () => {
      const words = controls[n].words[Number(input.value)];
      if (output) {
        setText(output, words);
        input.setAttribute("aria-valuetext", words);
      }
      show(state());
    });
  });
}

// Figures outside the viewer, drawn when they come into sight (or when all is about to be printed).
function makeFigurePlace(host, figuresNow) {
  const root = make("div", { class: "liverlab ll-viewer ll-figure-view" });
  const { on, off, emit } = makeEvents();
  const listeners = new Set();
  const store = { frame: null, listen: (listener) => (listeners.add(listener), () => listeners.delete(listener)) };
  on("msg:custom", (content, buffers) => listeners.forEach((listener) => listener(content.type, { buffers })));
  const model = { on, off, send: () => answerPlotly(emit) };
  const figures = makeFigures({ model, store, root, config: { figures: figuresNow().length } }, new AbortController().signal);
  root.append(figures.element);
  host.append(root);
  let seen = false;
  const draw = () => {
    store.frame = { figures: figuresNow() };
    return figures.afterPicture();
  };
  new IntersectionObserver((entries) => {
    const was = seen;
    seen = entries.at(-1).isIntersecting;
    if (seen && !was) draw().catch(fail);
  }, { rootMargin: "200px" }).observe(root);
  return { draw, follow: () => (seen ? draw().catch(fail) : null) };
}

// The goals: met or not in the state that is shown; a goal that no state of this file meets says so.
function attachQuestions(items, states, checkOf, shared) {
  const solved = new Set();
  const within = (key) => states.some((state) => shared(state.checks[key])[0]);
  return () => {
    for (const item of items) {
      const key = `question:${item.id}`;
      const status = document.querySelector(`[data-question="${item.id}"] [data-status]`);
      const [met, sentence] = checkOf(key);
      if (met) solved.add(key);
      const [mark, head, tail] = met ? ["\u2714", "Solved", ` ${item.solved}`] : solved.has(key) ? ["\u2714", "Solved before; not in the scenario shown now", ""] : ["\u25cb", "Not yet", ""];
      const text = within(key) ? [`${head}.`, ` ${sentence}${tail}`] : ["For the lesson itself.", " The sliders of this file do not reach it."];
      status.replaceChildren(make("p", { class: `lp-status ${solved.has(key) ? "lp-done" : "lp-open"}` }, make("span", { "aria-hidden": "true" }, mark), " ", make("b", {}, text[0]), text[1]));
    }
  };
}
