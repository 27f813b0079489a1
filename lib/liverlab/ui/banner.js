// The error banner hangs on the page itself, not in a cell: a notebook takes cells that are out of sight out of the
// page, and the learner who meets an error in the quiz must see it there.
function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "jupyter-button widget-button";
  made.textContent = label;
  made.addEventListener("click", () => act(made));
  return made;
}

function paragraph(content) {
  const made = document.createElement("p");
  made.append(content);
  return made;
}

function copier(label, text) {
  return button(label, async (made) => {
    made.textContent = (await copy(text)) ? "Copied" : "Please copy by hand";
    made.focus();
    setTimeout(() => { made.textContent = label; }, 2500);
  });
}

function panel(model) {
  const sentence = model.get("sentence");
  const code = document.createElement("code");
  code.className = "lp-code";
  code.textContent = model.get("code");
  const strong = document.createElement("b");
  strong.textContent = sentence;
  const tools = document.createElement("div");
  tools.className = "lp-banner-tools";
  tools.append(button("Reset", () => model.send({ type: "reset" })));
  if (model.get("can_undo")) tools.append(button("Undo", () => model.send({ type: "undo" })));
  tools.append(
    copier("Copy scenario code", model.get("code")),
    copier("Copy details", `${sentence}\nScenario code: ${model.get("code")}\n\n${model.get("details")}`),
    button("Close", () => model.send({ type: "close" })),
  );
  const made = document.createElement("div");
  made.className = "liverlab lp-banner";
  made.setAttribute("role", "alert");
  const where = paragraph("Scenario code: ");
  where.append(code);
  made.append(paragraph(strong), paragraph("Reset brings the page back. Your answers are kept."), where, tools);
  return made;
}

function initialize({ model }) {
  let shown = null;
  const draw = () => {
    shown?.remove();
    shown = model.get("sentence") ? panel(model) : null;
    if (shown) document.body.append(shown);
  };
  model.on("change:sentence", draw);
  model.on("change:details", draw);
  draw();
  return () => shown?.remove();
}

export default {
  initialize,
  render({ el }) {
    el.style.display = "none";
  },
};
