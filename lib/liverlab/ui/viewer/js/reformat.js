// Coronal and sagittal pictures out of axial ones. Pure.
// A picture: { counts: Int16Array of rows x columns, columns, rows, u0, v0, du, dv }: its top left corner and its pixels in
// mm on its plane; any plane's picture is drawn and measured in the same way.

function axialPicture(record, counts, fov_mm) {
  const pixel_mm = fov_mm / record.matrix;
  return { ...record, plane: "axial", counts, columns: record.matrix, u0: 0, v0: record.row0 * pixel_mm, du: pixel_mm, dv: pixel_mm };
}

// One line of an axial picture across the plane at `depth` (mm in the axial u or v): sampled at the plane's pixels.
function lineOf(picture, geometry, depth, columns) {
  const line = new Float32Array(columns);
  const coronal = geometry.plane === "coronal";
  for (let c = 0; c < columns; c++) {
    const along = geometry.left + (c + 0.5) * geometry.pixel_mm;
    const [u, v] = coronal ? [along, depth] : [depth, along];
    const column = clamp(Math.floor((u - picture.u0) / picture.du), 0, picture.columns - 1);
    const row = clamp(Math.floor((v - picture.v0) / picture.dv), 0, picture.rows - 1);
    line[c] = picture.counts[row * picture.columns + column];
  }
  return line;
}

// slices: axial pictures by slice, null where one is missing; z_mm ascending. Linear interpolation along z between the
// slices there are; beyond the outer ones, half a slice of themselves. Null without any slice.
function reformat(slices, z_mm, geometry, index) {
  const there = z_mm.map((_, k) => k).filter((k) => slices[k]);
  if (there.length === 0) return null;
  const { pixel_mm, height_mm, z_top_mm } = geometry;
  const columns = Math.round((geometry.right - geometry.left) / pixel_mm);
  const rows = Math.max(1, Math.round(height_mm / pixel_mm));
  const dv = height_mm / rows;
  const zero_mm = geometry.plane === "coronal" ? geometry.y0_mm : geometry.x0_mm;
  const depth = geometry.positions_mm[index] - zero_mm;
  const lines = new Map();
  const line = (k) => {
    if (!lines.has(k)) lines.set(k, lineOf(slices[k], geometry, depth, columns));
    return lines.get(k);
  };
  const counts = new Int16Array(rows * columns);
  let above = there.length - 1; // place in `there` of the slice at or above the row; rows run downwards
  for (let row = 0; row < rows; row++) {
    const z = z_top_mm - (row + 0.5) * dv;
    while (above > 0 && z_mm[there[above - 1]] >= z) above--;
    const [high, low] = [there[above], there[Math.max(0, above - 1)]];
    const gap = z_mm[high] - z_mm[low];
    const t = gap > 0 ? clamp((z - z_mm[low]) / gap, 0, 1) : 1;
    const [upper, lower] = [line(high), line(low)];
    for (let c = 0; c < columns; c++) counts[row * columns + c] = Math.round(lower[c] + (upper[c] - lower[c]) * t);
  }
  return { counts, columns, rows, u0: geometry.left, v0: 0, du: geometry.pixel_mm, dv, plane: geometry.plane, slice: index };
}

// The order in which a volume is fetched: every fourth slice, every second, then the rest, so that a rough picture of the
// whole body is there after a quarter of the way.
function coarseToFine(count) {
  const order = [];
  for (const [start, step] of [[0, 4], [2, 4], [1, 2]]) for (let k = start; k < count; k += step) order.push(k);
  return order;
}

// Whether a reformat of the slices there are would be more than a smear.
function enoughSlices(slices) {
  let gap = 0;
  for (const slice of slices) {
    gap = slice ? 0 : gap + 1;
    if (gap > 3) return false;
  }
  return slices.some(Boolean);
}
