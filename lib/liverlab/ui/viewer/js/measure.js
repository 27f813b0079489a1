// Measuring in a picture: HU under a point, ruler, ellipse. Pure functions on picture coordinates (u, v in mm).
// picture = { hu: Int16Array of `rows` x `matrix`, matrix, row0, rows }

function huAt(picture, fov_mm, u, v) {
  const pixel_mm = fov_mm / picture.matrix;
  const column = Math.floor(u / pixel_mm);
  const row = Math.floor(v / pixel_mm) - picture.row0;
  if (column < 0 || column >= picture.matrix || row < 0 || row >= picture.rows) return null;
  return picture.hu[row * picture.matrix + column];
}

function distanceMm(a, b) {
  return Math.hypot(a.u - b.u, a.v - b.v);
}

// Pixels whose centre lies inside; SD over all of them (population), as consoles print it.
function ellipseStats(picture, fov_mm, centre, ru, rv) {
  const pixel_mm = fov_mm / picture.matrix;
  const firstRow = Math.max(picture.row0, Math.ceil((centre.v - rv) / pixel_mm - 0.5));
  const lastRow = Math.min(picture.row0 + picture.rows - 1, Math.floor((centre.v + rv) / pixel_mm - 0.5));
  let [count, sum, squares, min, max] = [0, 0, 0, Infinity, -Infinity];
  for (let row = firstRow; row <= lastRow; row++) {
    const t = ((row + 0.5) * pixel_mm - centre.v) / rv;
    const half = ru * Math.sqrt(Math.max(0, 1 - t * t));
    const first = Math.max(0, Math.ceil((centre.u - half) / pixel_mm - 0.5));
    const last = Math.min(picture.matrix - 1, Math.floor((centre.u + half) / pixel_mm - 0.5));
    const line = (row - picture.row0) * picture.matrix;
    for (let column = first; column <= last; column++) {
      const hu = picture.hu[line + column];
      count++;
      sum += hu;
      squares += hu * hu;
      if (hu < min) min = hu;
      if (hu > max) max = hu;
    }
  }
  const area_mm2 = Math.PI * ru * rv;
  if (count === 0) return { count, area_mm2, mean_hu: null, sd_hu: null, min_hu: null, max_hu: null };
  const mean_hu = sum / count;
  return { count, area_mm2, mean_hu, sd_hu: Math.sqrt(Math.max(0, squares / count - mean_hu * mean_hu)), min_hu: min, max_hu: max };
}

// item: ruler { tool, a, b }; ellipse { tool, a: centre, b: corner of its box }.
function ellipseRadii(item) {
  return { ru: Math.max(1, Math.abs(item.b.u - item.a.u)), rv: Math.max(1, Math.abs(item.b.v - item.a.v)) };
}

// Points one can take hold of; `move` shifts the whole item.
function handlesOf(item) {
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

// What Python gets: patient millimetres and Hounsfield units, plain numbers only.
function describeItem(item, picture, geometry, about) {
  const start = pictureToPatient(geometry, item.a.u, item.a.v);
  const common = { id: item.id, tool: item.tool, pane: item.pane, slice: item.slice, ...about };
  if (item.tool === "ruler") {
    const end = pictureToPatient(geometry, item.b.u, item.b.v);
    return {
      ...common, length_mm: distanceMm(item.a, item.b), x1_mm: start.x_mm, y1_mm: start.y_mm, x2_mm: end.x_mm, y2_mm: end.y_mm,
      x_mm: (start.x_mm + end.x_mm) / 2, y_mm: (start.y_mm + end.y_mm) / 2,
    };
  }
  const { ru, rv } = ellipseRadii(item);
  const stats = picture ? ellipseStats(picture, geometry.fov_mm, item.a, ru, rv) : { area_mm2: Math.PI * ru * rv, count: 0, mean_hu: null };
  return { ...common, ...start, rx_mm: ru, ry_mm: rv, matrix: picture ? picture.matrix : 0, ...stats };
}

function itemLines(described) {
  if (described.tool === "ruler") return [`${described.length_mm.toFixed(1)} mm`];
  const area = `${(described.area_mm2 / 100).toFixed(2)} cm\u00b2`;
  if (described.mean_hu === null) return [area];
  return [
    `${signed(described.mean_hu, 1)} \u00b1 ${described.sd_hu.toFixed(1)} HU`,
    `${signed(described.min_hu)} to ${signed(described.max_hu)}`, area,
  ];
}

function itemSentence(described) {
  const where = `in ${described.pane}, slice ${described.slice + 1}`;
  if (described.tool === "ruler") return `Ruler ${described.length_mm.toFixed(1)} mm ${where}.`;
  if (described.mean_hu === null) return `Ellipse ${where}: no picture there yet.`;
  return (
    `Ellipse ${where}: mean ${signed(described.mean_hu, 1)} HU, standard deviation ${described.sd_hu.toFixed(1)}, ` +
    `from ${signed(described.min_hu)} to ${signed(described.max_hu)}, area ${(described.area_mm2 / 100).toFixed(2)} square centimetres.`
  );
}
