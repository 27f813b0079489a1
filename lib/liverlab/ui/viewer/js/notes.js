// Notes: an arrow and a few words on one slice of one series. They live in the page and in the `notes` traitlet only.

const NOTE_LIMIT = 80; // characters: a label, not an essay

// item <-> what Python holds: { id, pane, plane, slice, x_mm, y_mm, z_mm, text_at: {x_mm, y_mm, z_mm}, text }.
function noteRecord(self) {
  return (item) => {
    const { id, pane, plane, slice, x_mm, y_mm, z_mm, text_at, text } = self.describe(item);
    return { id, pane, plane, slice, x_mm, y_mm, z_mm, text_at, text };
  };
}

function noteItem(record, planes) {
  const geometry = planes[record.plane];
  return {
    id: record.id, tool: "note", series: record.pane, plane: record.plane, slice: record.slice, text: record.text.slice(0, NOTE_LIMIT),
    a: patientToPlane(geometry, record), b: patientToPlane(geometry, record.text_at),
  };
}

function attachNotes(self, signal) {
  const field = make("input", { type: "text", class: "ll-note-field", maxlength: NOTE_LIMIT, "aria-label": "Text of the note", placeholder: "Note, then Enter", hidden: true });
  let typed = null;

  // The words of a note are typed where they will stand.
  self.typeNote = (item, fresh) => {
    const pane = self.panes.find(({ name }) => self.shown(name) === item.series && self.states[name].plane === item.plane);
    if (!pane) return;
    typed = { item, fresh, pane };
    if (fresh) self.draft = { ...item, typing: true };
    const { px, py } = toScreen(self.geometryOf(pane.name), pane.box, self.viewOf(pane.name), item.b.u, item.b.v);
    pane.element.append(field);
    const width = Math.min(190, pane.box.width - 8);
    field.style.cssText = `width: ${width}px; left: ${clamp(px, 4, Math.max(4, pane.box.width - width - 4))}px; top: ${clamp(py - 12, 4, Math.max(4, pane.box.height - 30))}px`;
    field.value = item.text;
    field.hidden = false;
    field.focus({ preventScroll: true });
    field.select();
    self.paint();
  };
  self.editNote = () => {
    const item = self.items.find((one) => one.id === self.chosen && one.tool === "note");
    if (item && self.itemsIn(self.active).includes(item)) self.typeNote(item, false);
  };

  function close(keep) {
    if (!typed) return;
    const { item, fresh, pane } = typed;
    const text = field.value.trim();
    const refocus = document.activeElement === field;
    typed = null;
    field.hidden = true;
    self.draft = null;
    if (keep && fresh && text) self.keepItem({ ...item, text });
    else if (keep && !fresh && text !== item.text) {
      self.remember();
      self.items = self.items.map((one) => (one.id === item.id ? { ...one, text } : one)).filter((one) => one.text !== "");
      self.report();
      self.say(text ? `Note changed: ${text}` : "Note deleted.");
    }
    if (refocus) pane.element.focus({ preventScroll: true });
    self.paint();
  }
  const on = (type, listener) => field.addEventListener(type, self.guarded(listener), { signal });
  on("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      close(event.key === "Enter");
    }
  });
  on("blur", () => close(true));
  for (const type of ["pointerdown", "wheel", "contextmenu"]) on(type, (event) => event.stopPropagation());

  // Notes from Python: kept from before a reload, or put there by the page.
  const read = () => {
    const records = self.model.get("notes") || [];
    const own = JSON.stringify(self.items.filter((item) => item.tool === "note").map(noteRecord(self)));
    if (JSON.stringify(records) === own) return;
    self.items = [...self.items.filter((item) => item.tool !== "note"), ...records.map((record) => noteItem(record, self.planes))];
    const numbers = self.items.map((item) => Number(/^m(\d+)$/.exec(item.id)?.[1] ?? 0));
    self.nextId = Math.max(self.nextId, 1 + Math.max(0, ...numbers));
    self.paint();
  };
  self.model.on("change:notes", read);
  signal.addEventListener("abort", () => self.model.off("change:notes", read));
  read();
}
