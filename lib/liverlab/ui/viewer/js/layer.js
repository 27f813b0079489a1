// The SVG layer of a pane: outlines, measurements, notes, crossing planes, the keyboard cross. Redrawn whole: few shapes.

// Outlines differ by dash and by words, never by colour alone.
const KIND_LOOK = {
  target: { dash: "", note: "" },
  non_target: { dash: "7 3", note: "" },
  occult: { dash: "2 3", note: "hidden" },
  new: { dash: "9 3 2 3", note: "new" },
};

function drawLayer(pane, self) {
  const [geometry, view, state] = [self.geometryOf(pane.name), self.viewOf(pane.name), self.states[pane.name]];
  const at = (u, v) => toScreen(geometry, pane.box, view, u, v);
  const scale = viewScale(geometry, pane.box, view);
  const shapes = [];
  const taken = [];
  if (self.reformatted() && pane.sheets) shapes.push(...crossingLines(pane, self, geometry, at));
  for (const [layer, on] of [["overlays", self.truthShown()], ["marks", self.marksOn]]) {
    if (!on) continue;
    for (const outline of visibleOutlines(self, pane.name, layer)) shapes.push(...outlineShapes(outline, geometry, at, scale, pane.box, taken, layer));
  }
  const here = (item) => item && item.series === self.shown(pane.name) && item.plane === state.plane && item.slice === self.indexOf(pane.name);
  for (const item of [...self.items, self.draft].filter(here)) shapes.push(...itemShapes(self, pane, item, at, scale, taken));
  if (self.cursor && self.states[self.cursor.pane].plane === state.plane && (self.linked || self.cursor.pane === pane.name)) {
    const { px, py } = at(self.cursor.u, self.cursor.v);
    const own = self.cursor.pane === pane.name;
    shapes.push(cross(px, py, own ? 11 : 6, own ? 3 : 2));
  }
  pane.layer.replaceChildren(...shapes);
}

function visibleOutlines(self, paneName, layer = "overlays") {
  const { frame } = self.store;
  const series = self.shown(paneName);
  if (self.looks[series].visit !== frame.panes[series].visit) return [];
  const [geometry, index] = [self.geometryOf(paneName), self.indexOf(paneName)];
  const listed = (frame[layer] && frame[layer][series]) || [];
  return listed.map((overlay) => crossSection(overlay, geometry, geometry.positions_mm[index], index === frame.slice)).filter(Boolean);
}

// Thin lines where the other planes cut this one, open around the crossing so that they never hide what is there.
function crossingLines(pane, self, geometry, at) {
  const { u, v } = patientToPlane(geometry, self.crossing(pane.name));
  const { px, py } = at(u, v);
  const gap = 12;
  const path = `M0 ${py}H${px - gap}M${px + gap} ${py}H${pane.box.width}M${px} 0V${py - gap}M${px} ${py + gap}V${pane.box.height}`;
  return [makeSvg("path", { d: path, class: "ll-crossing" })];
}

function outlineShapes(outline, geometry, at, scale, box, taken, layer) {
  const centre = patientToPlane(geometry, { z_mm: 0, ...outline });
  const { px, py } = at(centre.u, centre.v);
  const [rx, ry] = [Math.max(2, outline.ru_mm * scale), Math.max(2, outline.rv_mm * scale)];
  const look = KIND_LOOK[outline.kind] || KIND_LOOK.target;
  const shape = { cx: px, cy: py, rx, ry };
  const words = [outline.label, look.note].filter(Boolean).join(" \u00b7 ");
  const name = layer === "marks" ? "ll-mark" : "ll-outline";
  return [
    makeSvg("ellipse", { ...shape, class: "ll-halo" }),
    makeSvg("ellipse", { ...shape, class: name, "data-lesion": outline.id, "data-kind": outline.kind, "stroke-dasharray": look.dash || null }),
    label([words], px, py, rx, ry, box, taken, `${name}-text`),
  ];
}

function itemShapes(self, pane, item, at, scale, taken) {
  const described = self.describe(item);
  const lines = item.typing ? [""] : itemLines(described, self.config.series[item.series].digits);
  const a = at(item.a.u, item.a.v);
  const b = at(item.b.u, item.b.v);
  const shapes = [];
  let [cx, cy, rx, ry] = [Math.max(a.px, b.px), (a.py + b.py) / 2, 4, 4];
  if (item.tool === "ellipse") {
    const { ru, rv } = ellipseRadii(item);
    [cx, cy, rx, ry] = [a.px, a.py, ru * scale, rv * scale];
    const shape = { cx, cy, rx, ry };
    shapes.push(makeSvg("ellipse", { ...shape, class: "ll-halo" }), makeSvg("ellipse", { ...shape, class: "ll-item", "data-tool": "ellipse" }));
  } else {
    const line = { x1: a.px, y1: a.py, x2: b.px, y2: b.py };
    shapes.push(makeSvg("line", { ...line, class: "ll-halo" }), makeSvg("line", { ...line, class: "ll-item", "data-tool": item.tool }));
    shapes.push(...(item.tool === "note" ? arrowHead(a, b) : rulerEnds(a, b)));
    if (item.tool === "note") [cx, cy] = [b.px, b.py];
  }
  if (item.id === self.chosen) {
    for (const handle of handlesOf(item)) {
      const { px, py } = at(handle.u, handle.v);
      shapes.push(makeSvg("rect", { x: px - 3, y: py - 3, width: 6, height: 6, class: "ll-grip" }));
    }
  }
  shapes.push(label(lines, cx, cy, rx, ry, pane.box, taken, "ll-item-text"));
  return shapes;
}

function rulerEnds(a, b) {
  const length = Math.hypot(b.px - a.px, b.py - a.py) || 1;
  const [nx, ny] = [(-(b.py - a.py) / length) * 5, ((b.px - a.px) / length) * 5];
  return [a, b].map((end) => makeSvg("line", { x1: end.px - nx, y1: end.py - ny, x2: end.px + nx, y2: end.py + ny, class: "ll-item" }));
}

// The head of an arrow that points at `tip` from `from`.
function arrowHead(tip, from) {
  const angle = Math.atan2(from.py - tip.py, from.px - tip.px);
  const wing = (turn) => `${tip.px + 9 * Math.cos(angle + turn)} ${tip.py + 9 * Math.sin(angle + turn)}`;
  const path = `M${wing(0.45)}L${tip.px} ${tip.py}L${wing(-0.45)}`;
  return [makeSvg("path", { d: path, class: "ll-halo" }), makeSvg("path", { d: path, class: "ll-item" })];
}

// Text right of a shape, left of it when there is no room, and below any label already there.
function label(lines, cx, cy, rx, ry, box, taken, className) {
  const line_px = box.text_px * 1.2;
  const width = 0.57 * box.text_px * Math.max(...lines.map((line) => line.length));
  const height = line_px * lines.length;
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
  lines.forEach((line, i) => text.append(makeSvg("tspan", { x, y: top + box.text_px + line_px * i }, line)));
  return text;
}

function cross(px, py, arm, gap) {
  const path = `M${px - arm} ${py}H${px - gap}M${px + gap} ${py}H${px + arm}M${px} ${py - arm}V${py - gap}M${px} ${py + gap}V${py + arm}`;
  return makeSvg("g", { class: "ll-cross" }, makeSvg("path", { d: path, class: "ll-halo" }), makeSvg("path", { d: path, class: "ll-item" }));
}
