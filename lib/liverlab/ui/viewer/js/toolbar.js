// The toolbar: real buttons and two lists, all with names; arrow keys move between them, one Tab stop for all.

const TOOL_NAMES = {
  scroll: "Scroll slices (S)", window: "Window and level (W)", pan: "Pan (P)", ruler: "Ruler (R)", ellipse: "Ellipse ROI (E)", probe: "Probe (H)",
  note: "Arrow with a note (A)",
};

function makeToolbar(self, signal) {
  const { config } = self;
  const bar = make("div", { class: "ll-toolbar", role: "toolbar", "aria-label": "Viewer tools" });
  const buttons = {};
  const list = [];
  const group = (name) => {
    const element = make("div", { class: "ll-group", role: "group", "aria-label": name });
    bar.append(element);
    return {
      add(id, title, action, pressable) {
        const button = make("button", { type: "button", class: "ll-button", title, "aria-label": title.replace(/ \(.*\)$/, ""), "data-action": id }, icon(id));
        if (pressable) button.setAttribute("aria-pressed", "false");
        button.addEventListener("click", self.guarded(() => self.act(action)), { signal });
        element.append(button);
        buttons[id] = button;
        list.push(button);
      },
      choose(id, title, chosen) {
        const select = make("select", { class: "ll-button ll-select", title, "aria-label": title.replace(/ \(.*\)$/, ""), "data-action": id });
        select.addEventListener("change", self.guarded(() => chosen(select.value)), { signal });
        element.append(select);
        list.push(select);
        return select;
      },
    };
  };

  const tools = group("Tool");
  for (const [tool, name] of Object.entries(TOOL_NAMES)) tools.add(tool, name, { action: "tool", tool }, true);
  const lists = group("Window and plane");
  const preset = lists.choose("preset", "Window preset (1 to 5)", (index) => self.act({ action: "preset", index: Number(index) }));
  const plane = config.z_mm.length < 3 ? null : lists.choose("plane", "Plane (V)", (name) => self.act({ action: "plane", plane: name }));
  if (plane) plane.append(...PLANE_NAMES.map((name) => make("option", { value: name }, name[0].toUpperCase() + name.slice(1))));
  const look = group("View");
  look.add("zoomOut", "Zoom out (\u2212)", { action: "zoom", factor: 0.8 });
  look.add("zoomIn", "Zoom in (+)", { action: "zoom", factor: 1.25 });
  look.add("fit", "Fit (F)", { action: "fit" });
  look.add("invert", "Invert grey (I)", { action: "invert" }, true);
  if (self.panes.length > 1) look.add("link", "Link panes (L)", { action: "link" }, true);
  if (config.truth_button) look.add("truth", "Truth outlines (T)", { action: "truth" }, true);
  if (config.marks_button) look.add("marks", "Lesion marks (K)", { action: "marks" }, true);
  const several = Object.values(config.stacks).some((names) => names.length > 1);
  const motion = group("Compare and play");
  if (several) motion.add("stack", "Next series of the pane (])", { action: "stack", by: 1 });
  if (config.z_mm.length > 1) motion.add("cine", "Cine (C)", { action: "cine" }, true);
  if (several || self.panes.length > 1) motion.add("flicker", "Flicker: two pictures in turn (B)", { action: "flicker" }, true);
  const edit = group("Measurements and notes");
  edit.add("undo", "Undo (Z)", { action: "undo" });
  edit.add("delete", "Delete measurement or note (Del)", { action: "delete" });
  const page = group("Page");
  page.add("full", "Full screen (X)", { action: "full" }, true);
  page.add("save", "Download this view as PNG (D)", { action: "save" });
  page.add("help", "Keys and help (?)", { action: "help" });

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
  let listed = null;
  const refresh = () => {
    const look = self.lookOf(self.active);
    for (const tool of Object.keys(TOOL_NAMES)) press(tool, self.tool === tool);
    const names = look.presets.map((one) => one.name).join("|");
    if (names !== listed) {
      preset.replaceChildren(...look.presets.map((one, index) => make("option", { value: index }, one.name)));
      listed = names;
    }
    if (preset.value !== String(look.preset)) preset.value = String(look.preset);
    if (plane && plane.value !== self.states[self.active].plane) plane.value = self.states[self.active].plane;
    press("invert", look.invert);
    press("link", self.linked);
    press("truth", self.truthOn);
    press("marks", self.marksOn);
    press("cine", self.cine.on);
    press("flicker", Boolean(self.flicker));
    press("full", self.full);
    if (buttons.truth) buttons.truth.disabled = !(self.store.frame && self.store.frame.overlays);
    self.refreshStrip();
  };
  return { element: bar, refresh, buttons };
}
