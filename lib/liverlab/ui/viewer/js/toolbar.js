// The toolbar: real buttons with names; arrow keys move between them, one Tab stop for all.

const ICONS = {
  scroll: "M4 5l6-3 6 3-6 3zM4 10l6 3 6-3M4 14l6 3 6-3",
  window: "M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14",
  pan: "M10 2v16M2 10h16M10 2l-2.500 2.500M10 2l2.500 2.500M10 18l-2.500-2.500M10 18l2.500-2.500M2 10l2.500-2.500M2 10l2.500 2.500M18 10l-2.500-2.500M18 10l-2.500 2.500",
  ruler: "M2.500 13.500l11-11 4 4-11 11zM6 10l1.500 1.500M8.500 7.500l2.500 2.500M11 5l1.500 1.500",
  ellipse: "M10 4.500c4.500 0 8 2.500 8 5.500s-3.500 5.500-8 5.500-8-2.500-8-5.500 3.500-5.500 8-5.500z",
  probe: "M10 2v5M10 13v5M2 10h5M13 10h5M10 9.500v1",
  zoomIn: "M8.500 3a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM12.500 12.500l5 5M8.500 6v5M6 8.500h5",
  zoomOut: "M8.500 3a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM12.500 12.500l5 5M6 8.500h5",
  fit: "M3 7v-4h4M13 3h4v4M17 13v4h-4M7 17h-4v-4",
  invert: "M3 3h14v14h-14zM3 17l14-14",
  link: "M8.500 11.500l3-3M9 6.500l2-2a3 3 0 0 1 4.500 4.500l-2 2M11 13.500l-2 2a3 3 0 0 1-4.500-4.500l2-2",
  truth: "M1.500 10c2.500-4 5.500-5.500 8.500-5.500s6 1.500 8.500 5.500c-2.500 4-5.500 5.500-8.500 5.500s-6-1.500-8.500-5.500zM10 7.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  undo: "M4 8h8a4.500 4.500 0 0 1 0 9h-4M4 8l4-4M4 8l4 4",
  bin: "M3.500 5.500h13M8 5.500v-2h4v2M5 5.500l1 12h8l1-12M8.500 8.500v6M11.500 8.500v6",
  help: "M7 7a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M10 15.500v.5",
};

function icon(name) {
  return makeSvg("svg", { viewBox: "0 0 20 20", class: "ll-icon", "aria-hidden": "true", focusable: "false" }, makeSvg("path", { d: ICONS[name] }));
}

function makeToolbar(self, signal) {
  const bar = make("div", { class: "ll-toolbar", role: "toolbar", "aria-label": "Viewer tools" });
  const buttons = {};
  const add = (group, id, name, face, action, pressable) => {
    const button = make("button", { type: "button", class: "ll-button", title: name, "data-action": id }, face);
    if (typeof face !== "string") button.setAttribute("aria-label", name.replace(/ \(.*\)$/, ""));
    if (pressable) button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", self.guarded(() => self.act(action)), { signal });
    group.append(button);
    buttons[id] = button;
  };
  const group = (name) => {
    const element = make("div", { class: "ll-group", role: "group", "aria-label": name });
    bar.append(element);
    return element;
  };
  const tools = group("Tool");
  const toolNames = { scroll: "Scroll slices (S)", window: "Window and level (W)", pan: "Pan (P)", ruler: "Ruler (R)", ellipse: "Ellipse ROI (E)", probe: "HU probe (H)" };
  for (const [tool, name] of Object.entries(toolNames)) add(tools, tool, name, icon(tool), { action: "tool", tool }, true);
  const presets = group("Window preset");
  self.config.presets.forEach((preset, index) => {
    add(presets, `preset${index}`, `${preset.name} window (${index + 1})`, preset.name, { action: "preset", index }, true);
  });
  const look = group("View");
  add(look, "zoomOut", "Zoom out (\u2212)", icon("zoomOut"), { action: "zoom", factor: 0.8 });
  add(look, "zoomIn", "Zoom in (+)", icon("zoomIn"), { action: "zoom", factor: 1.25 });
  add(look, "fit", "Fit (F)", icon("fit"), { action: "fit" });
  add(look, "invert", "Invert grey (I)", icon("invert"), { action: "invert" }, true);
  if (self.panes.length > 1) add(look, "link", "Link panes (L)", icon("link"), { action: "link" }, true);
  if (self.config.truth_button) add(look, "truth", "Truth outlines (T)", icon("truth"), { action: "truth" }, true);
  const edit = group("Measurements");
  add(edit, "undo", "Undo measurement (Z)", icon("undo"), { action: "undo" });
  add(edit, "delete", "Delete measurement (Del)", icon("bin"), { action: "delete" });
  add(edit, "help", "Keys and help (?)", icon("help"), { action: "help" });

  const list = Object.values(buttons);
  list.forEach((button, index) => (button.tabIndex = index === 0 ? 0 : -1));
  bar.addEventListener("keydown", (event) => {
    const at = list.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: list.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    list[(to + list.length) % list.length].focus();
  }, { signal });
  bar.addEventListener("focusin", (event) => list.forEach((button) => (button.tabIndex = button === event.target ? 0 : -1)), { signal });

  const press = (id, on) => {
    const button = buttons[id];
    if (button && button.getAttribute("aria-pressed") !== String(on)) button.setAttribute("aria-pressed", String(on));
  };
  const refresh = () => {
    const state = self.states[self.active];
    for (const tool of Object.keys(toolNames)) press(tool, self.tool === tool);
    self.config.presets.forEach((_, index) => press(`preset${index}`, state.preset === index));
    press("invert", state.invert);
    press("link", self.linked);
    press("truth", self.truthOn);
    if (buttons.truth) buttons.truth.disabled = !(self.store.frame && self.store.frame.overlays);
  };
  return { element: bar, refresh, buttons };
}
