// Measuring in a picture of any plane: value under a point, ruler, ellipse. Pure functions on picture coordinates (u, v).
// picture: see reformat.js. Counts become values of the series: value = count * scale.

function countAt(picture, u, v) {
  const column = Math.floor((u - picture.u0) / picture.du);
  const row = Math.floor((v - picture.v0) / picture.dv);
  if (column < 0 || column >= picture.columns || row < 0 || row >= picture.rows) return null;
  return picture.counts[row * picture.columns + column];
}

function distanceMm(a, b) {
  return Math.hypot(a.u - b.u, a.v - b.v);
}

// Pixels whose centre lies inside; SD over all of them (population), as consoles print it.
function ellipseStats(picture, centre, ru, rv, scale = 1) {
  const { u0, v0, du, dv, columns, rows, counts } = picture;
  const firstRow = Math.max(0, Math.ceil((centre.v - rv - v0) / dv - 0.5));
  const lastRow = Math.min(rows - 1, Math.floor((centre.v + rv - v0) / dv - 0.5));
  let [count, sum, squares, min, max] = [0, 0, 0, Infinity, -Infinity];
  for (let row = firstRow; row <= lastRow; row++) {
    const t = ((row + 0.5) * dv + v0 - centre.v) / rv;
    const half = ru * Math.sqrt(Math.max(0, 1 - t * t));
    const first = Math.max(0, Math.ceil((centre.u - half - u0) / du - 0.5));
    const last = Math.min(columns - 1, Math.floor((centre.u + half - u0) / du - 0.5));
    for (let at = row * columns + first; at <= row * columns + last; at++) {
      const value = counts[at];
      count++;
      sum += value;
      squares += value * value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  const area_mm2 = Math.PI * ru * rv;
  if (count === 0) return { count, area_mm2, mean: null, sd: null, min: null, max: null };
  const mean = sum / count;
  const sd = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return { count, area_mm2, mean: mean * scale, sd: sd * scale, min: min * scale, max: max * scale };
}

// item: ruler { tool, a, b }; ellipse { tool, a: centre, b: corner of its box }; note { tool, a: tip, b: where its text is }.
function ellipseRadii(item) {
  return { ru: Math.max(1, Math.abs(item.b.u - item.a.u)), rv: Math.max(1, Math.abs(item.b.v - item.a.v)) };
}

// Points one can take hold of; `move` shifts the whole item.
function handlesOf(item) {
  if (item.tool === "note") return [{ part: "a", ...item.a }, { part: "b", ...item.b }];
  if (item.tool === "ruler") {
    return [{ part: "a", ...item.a }, { part: "b", ...item.b }, { part: "move", u: (item.a.u + item.b.u) / 2, v: (item.a.v + item.b.v) / 2 }];
  }
  const { ru, rv } = ellipseRadii(item);
  const { u, v } = item.a;
  return [
    { part: "east", u: u + ru, v }, { part: "west", u: u - ru, v }, { part: "south", u, v: v + rv }, { part: "north", u, v: v - rv },
    { part: "move", u, v },
  ];
}

function dragHandle(item, part, to) {
  if (part === "a" || part === "b") return { ...item, [part]: { u: to.u, v: to.v } };
  if (part === "move") {
    const grip = handlesOf(item).find((handle) => handle.part === "move");
    const [du, dv] = [to.u - grip.u, to.v - grip.v];
    return { ...item, a: { u: item.a.u + du, v: item.a.v + dv }, b: { u: item.b.u + du, v: item.b.v + dv } };
  }
  const { ru, rv } = ellipseRadii(item);
  const across = part === "east" || part === "west";
  return {
    ...item,
    b: { u: item.a.u + (across ? Math.abs(to.u - item.a.u) : ru), v: item.a.v + (across ? rv : Math.abs(to.v - item.a.v)) },
  };
}

// What Python gets: patient millimetres and values in the unit of the series, plain numbers only.
function describeItem(item, picture, geometry, series, about) {
  const depth_mm = geometry.positions_mm[item.slice];
  const place = (point) => planeToPatient(geometry, point.u, point.v, depth_mm);
  const common = { id: item.id, tool: item.tool, pane: item.series, plane: item.plane, slice: item.slice, unit: series.unit, ...about };
  const [start, end] = [place(item.a), place(item.b)];
  if (item.tool === "note") return { ...common, ...start, text_at: end, text: item.text };
  if (item.tool === "ruler") {
    const middle = place({ u: (item.a.u + item.b.u) / 2, v: (item.a.v + item.b.v) / 2 });
    const ends = { x1_mm: start.x_mm, y1_mm: start.y_mm, z1_mm: start.z_mm, x2_mm: end.x_mm, y2_mm: end.y_mm, z2_mm: end.z_mm };
    return { ...common, ...middle, ...ends, length_mm: distanceMm(item.a, item.b) };
  }
  const { ru, rv } = ellipseRadii(item);
  const stats = picture ? ellipseStats(picture, item.a, ru, rv, series.scale) : { area_mm2: Math.PI * ru * rv, count: 0, mean: null };
  const radii = { [`r${geometry.axes[0]}_mm`]: ru, [`r${geometry.axes[1]}_mm`]: rv };
  return { ...common, ...start, ...radii, ...stats };
}

function itemLines(described, digits = 0) {
  if (described.tool === "note") return wrapWords(described.text, 24);
  if (described.tool === "ruler") return [`${described.length_mm.toFixed(1)} mm`];
  const area = `${(described.area_mm2 / 100).toFixed(2)} cm\u00b2`;
  if (described.mean === null) return [area];
  return [
    `${signed(described.mean, digits + 1)} \u00b1 ${described.sd.toFixed(digits + 1)} ${described.unit}`,
    `${signed(described.min, digits)} to ${signed(described.max, digits)}`, area,
  ];
}

function itemSentence(described, digits = 0) {
  const plane = described.plane === "axial" ? "" : `${described.plane} `;
  const where = `in ${described.pane}, ${plane}slice ${described.slice + 1}`;
  if (described.tool === "note") return `Note ${where}: ${described.text}`;
  if (described.tool === "ruler") return `Ruler ${described.length_mm.toFixed(1)} mm ${where}.`;
  if (described.mean === null) return `Ellipse ${where}: no picture there yet.`;
  return (
    `Ellipse ${where}: mean ${signed(described.mean, digits + 1)} ${described.unit}, standard deviation ${described.sd.toFixed(digits + 1)}, ` +
    `from ${signed(described.min, digits)} to ${signed(described.max, digits)}, area ${(described.area_mm2 / 100).toFixed(2)} square centimetres.`
  );
}

// Lines of at most `width` characters; a word longer than that is cut.
function wrapWords(text, width) {
  const lines = [];
  for (const word of text.trim().split(/\s+/).flatMap((one) => one.match(new RegExp(`.{1,${width}}`, "gu")) || [])) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= width) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines.length > 0 ? lines : [""];
}
