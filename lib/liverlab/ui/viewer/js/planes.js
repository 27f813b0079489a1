// The three planes, all pure. A plane's picture coordinates are u (to the right of the screen) and v (downwards), in mm:
//   axial     u = x from the right edge of the field of view, v = y from its front edge
//   coronal   u as axial,                                     v = z from the top of the stack, downwards
//   sagittal  u = the axial v (front on the left),            v = z from the top of the stack, downwards
// Patient: x to the patient's left, y posterior, z cranial, mm. `positions_mm` are the places one can scroll to along the
// third axis, `up` the index step of "one slice up" (cranial; anterior; to the right).

const PLANE_NAMES = ["axial", "coronal", "sagittal"];

function makePlanes({ fov_mm, centre_mm, crop, z_mm, drag_matrix }) {
  const pixel_mm = fov_mm / drag_matrix;
  const spacing_mm = z_mm.length > 1 ? (z_mm[z_mm.length - 1] - z_mm[0]) / (z_mm.length - 1) : pixel_mm;
  const z_top_mm = z_mm[z_mm.length - 1] + spacing_mm / 2;
  const height_mm = spacing_mm * z_mm.length;
  const [x0_mm, y0_mm] = centre_mm.map((mm) => mm - fov_mm / 2);
  const [first, end] = [Math.floor(crop[0] * drag_matrix), Math.ceil(crop[1] * drag_matrix)];
  const pixels = (from, to, zero_mm) => Array.from({ length: to - from }, (_, i) => zero_mm + (from + i + 0.5) * pixel_mm);
  const common = { x0_mm, y0_mm, z_top_mm, height_mm, pixel_mm };
  const across = { left: 0, right: fov_mm };
  const deep = [crop[0] * fov_mm, crop[1] * fov_mm];
  return {
    axial: { ...common, ...across, plane: "axial", axes: ["x", "y"], depth: "z", top: deep[0], bottom: deep[1], positions_mm: z_mm, up: 1, letters: ["R", "L", "A", "P"] },
    coronal: { ...common, ...across, plane: "coronal", axes: ["x", "z"], depth: "y", top: 0, bottom: height_mm, positions_mm: pixels(first, end, y0_mm), up: -1, letters: ["R", "L", "H", "F"] },
    sagittal: { ...common, plane: "sagittal", axes: ["y", "z"], depth: "x", left: deep[0], right: deep[1], top: 0, bottom: height_mm, positions_mm: pixels(0, drag_matrix, x0_mm), up: -1, letters: ["A", "P", "H", "F"] },
  };
}

function patientToPlane(geometry, { x_mm, y_mm, z_mm }) {
  const [x, y, z] = [x_mm - geometry.x0_mm, y_mm - geometry.y0_mm, geometry.z_top_mm - z_mm];
  return { axial: { u: x, v: y }, coronal: { u: x, v: z }, sagittal: { u: y, v: z } }[geometry.plane];
}

// depth_mm: where the plane lies along its third axis.
function planeToPatient(geometry, u, v, depth_mm) {
  const { x0_mm, y0_mm, z_top_mm } = geometry;
  return {
    axial: { x_mm: u + x0_mm, y_mm: v + y0_mm, z_mm: depth_mm },
    coronal: { x_mm: u + x0_mm, y_mm: depth_mm, z_mm: z_top_mm - v },
    sagittal: { x_mm: depth_mm, y_mm: u + y0_mm, z_mm: z_top_mm - v },
  }[geometry.plane];
}

function nearestIndex(positions_mm, mm) {
  let best = 0;
  positions_mm.forEach((place, i) => {
    if (Math.abs(place - mm) < Math.abs(positions_mm[best] - mm)) best = i;
  });
  return best;
}

// "z 12 mm", as burnt in.
function depthText(geometry, index) {
  return `${geometry.depth} ${signed(geometry.positions_mm[index])} mm`;
}

// "12 millimetres anterior", as spoken.
function depthWords(geometry, index) {
  const mm = geometry.positions_mm[index];
  const side = { x: ["right", "left"], y: ["anterior", "posterior"], z: ["caudal", "cranial"] }[geometry.depth][mm < 0 ? 0 : 1];
  const rounded = Math.abs(mm).toFixed(0);
  return rounded === "0" ? "0 millimetres" : `${rounded} millimetres ${side}`;
}

// Cross-section of a lesion outline by a plane: ellipsoids shrink towards their poles; an outline without height lives
// on the axial slice it came with. Returns radii ru, rv or null.
function crossSection(overlay, geometry, depth_mm, isFrameSlice) {
  const solid = overlay.z_mm !== undefined && overlay.rz_mm !== undefined;
  if (!solid) return geometry.plane === "axial" && isFrameSlice ? { ...overlay, ru_mm: overlay.rx_mm, rv_mm: overlay.ry_mm } : null;
  const t = (depth_mm - overlay[`${geometry.depth}_mm`]) / overlay[`r${geometry.depth}_mm`];
  if (Math.abs(t) >= 1) return null;
  const k = Math.sqrt(1 - t * t);
  const [u, v] = geometry.axes;
  return { ...overlay, ru_mm: overlay[`r${u}_mm`] * k, rv_mm: overlay[`r${v}_mm`] * k };
}
