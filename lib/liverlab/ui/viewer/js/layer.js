// The SVG layer of a pane: lesion outlines, measurements, the keyboard cross. Redrawn whole: it holds few shapes.

// Outlines differ by dash and by words, never by colour alone.
const KIND_LOOK = {
  target: { dash: "", note: "" },
  non_target: { dash: "7 3", note: "" },
  occult: { dash: "2 3", note: "hidden" },
  new: { dash: "9 3 2 3", note: "new" },
};

function drawLayer(pane, self) {
  const { geometry } = self;
  const state = self.states[pane.name];
  const at = (u, v) => toScreen(geometry, pane.box, state.view, u, v);
  const scale = viewScale(geometry, pane.box, state.view);
  const shapes = [];
  const taken = [];
  if (self.truthShown()) {
    for (const outline of visibleOutlines(self, pane.name)) shapes.push(...outlineShapes(outline, geometry, at, scale, pane.box, taken));
  }
  for (const item of self.items.filter((one) => one.pane === pane.name && one.slice === state.slice)) {
    shapes.push(...itemShapes(self, pane, item, at, scale, taken));
  }
  if (self.draft && self.draft.pane === pane.name && self.draft.slice === state.slice) {
    shapes.push(...itemShapes(self, pane, self.draft, at, scale, taken));
  }
  if (self.cursor && (self.linked || self.cursor.pane === pane.name)) {
    const { px, py } = at(self.cursor.u, self.cursor.v);
    const own = self.cursor.pane === pane.name;
    shapes.push(cross(px, py, own ? 11 : 6, own ? 3 : 2));
  }
  pane.layer.replaceChildren(...shapes);
}

function visibleOutlines(self, paneName) {
  const frame = self.store.frame;
  const state = self.states[paneName];
  if (state.visit !== frame.panes[paneName].visit) return [];
  const listed = (frame.overlays && frame.overlays[paneName]) || [];
  return listed.map((overlay) => crossSection(overlay, self.config.z_mm[state.slice], state.slice === frame.slice)).filter(Boolean);
}

function outlineShapes(outline, geometry, at, scale, box, taken) {
  const centre = patientToPicture(geometry, outline.x_mm, outline.y_mm);
  const { px, py } = at(centre.u, centre.v);
  const [rx, ry] = [Math.max(2, outline.rx_mm * scale), Math.max(2, outline.ry_mm * scale)];
  const look = KIND_LOOK[outline.kind] || KIND_LOOK.target;
  const shape = { cx: px, cy: py, rx, ry };
  const words = [outline.label, look.note].filter(Boolean).join(" \u00b7 ");
  return [
    makeSvg("ellipse", { ...shape, class: "ll-halo" }),
    makeSvg("ellipse", { ...shape, class: "ll-outline", "data-lesion": outline.id, "data-kind": outline.kind, "stroke-dasharray": look.dash || null }),
    label([words], px, py, rx, ry, box, taken, "ll-outline-text"),
  ];
}

function itemShapes(self, pane, item, at, scale, taken) {
  const described = self.describe(item);
  const chosen = item.id === self.chosen;
  const a = at(item.a.u, item.a.v);
  const b = at(item.b.u, item.b.v);
  const shapes = [];
  let [cx, cy, rx, ry] = [Math.max(a.px, b.px), (a.py + b.py) / 2, 4, 4];
  if (item.tool === "ruler") {
    const line = { x1: a.px, y1: a.py, x2: b.px, y2: b.py };
    shapes.push(makeSvg("line", { ...line, class: "ll-halo" }), makeSvg("line", { ...line, class: "ll-item", "data-tool": "ruler" }));
    const length = Math.hypot(b.px - a.px, b.py - a.py) || 1;
    const [nx, ny] = [(-(b.py - a.py) / length) * 5, ((b.px - a.px) / length) * 5];
    for (const end of [a, b]) {
      shapes.push(makeSvg("line", { x1: end.px - nx, y1: end.py - ny, x2: end.px + nx, y2: end.py + ny, class: "ll-item" }));
    }
  } else {
    const { ru, rv } = ellipseRadii(item);
    [cx, cy, rx, ry] = [a.px, a.py, ru * scale, rv * scale];
    const shape = { cx, cy, rx, ry };
    shapes.push(makeSvg("ellipse", { ...shape, class: "ll-halo" }), makeSvg("ellipse", { ...shape, class: "ll-item", "data-tool": "ellipse" }));
  }
  if (chosen) {
    for (const handle of handlesOf(item)) {
      const { px, py } = at(handle.u, handle.v);
      shapes.push(makeSvg("rect", { x: px - 3, y: py - 3, width: 6, height: 6, class: "ll-grip" }));
    }
  }
  shapes.push(label(itemLines(described), cx, cy, rx, ry, pane.box, taken, "ll-item-text"));
  return shapes;
}

// Text right of a shape, left of it when there is no room, and below any label already there.
function label(lines, cx, cy, rx, ry, box, taken, className) {
  const width = 6.3 * Math.max(...lines.map((line) => line.length));
  const height = 13 * lines.length;
  let x = cx + rx + 5;
  let anchor = "start";
  if (x + width > box.width && cx - rx - 5 - width > 0) {
    x = cx - rx - 5;
    anchor = "end";
  } else if (x + width > box.width) x = Math.max(2, box.width - width - 2);
  const left = anchor === "start" ? x : x - width;
  let top = clamp(cy - height / 2, 0, Math.max(0, box.height - height));
  for (let tries = 0; tries < 6; tries++) {
    const hit = taken.find((other) => left < other.left + other.width && other.left < left + width && top < other.top + other.height && other.top < top + height);
    if (!hit) break;
    top = hit.top + hit.height + 1;
  }
  taken.push({ left, top, width, height });
  const text = makeSvg("text", { class: className, "text-anchor": anchor });
  lines.forEach((line, i) => text.append(makeSvg("tspan", { x, y: top + 11 + 13 * i }, line)));
  return text;
}

function cross(px, py, arm, gap) {
  const path = `M${px - arm} ${py}H${px - gap}M${px + gap} ${py}H${px + arm}M${px} ${py - arm}V${py - gap}M${px} ${py + gap}V${py + arm}`;
  return makeSvg("g", { class: "ll-cross" }, makeSvg("path", { d: path, class: "ll-halo" }), makeSvg("path", { d: path, class: "ll-item" }));
}
