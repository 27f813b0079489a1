// Geometry between three frames, all pure:
//   patient (x to the patient's left, y posterior, mm), picture (u, v in mm from the top left corner of the full
//   field of view; u to the right of the screen, v downwards) and screen (CSS pixels from the pane's top left).
// geometry = { fov_mm, centre_mm: [x, y], crop: [top, bottom] as fractions of the rows }
// box = { width, height } of the pane in CSS pixels; view = { zoom, u, v }: the picture point at the pane's centre.

const ZOOM_LIMITS = [1, 12];

function patientToPicture(geometry, x_mm, y_mm) {
  return { u: x_mm - geometry.centre_mm[0] + geometry.fov_mm / 2, v: y_mm - geometry.centre_mm[1] + geometry.fov_mm / 2 };
}

function pictureToPatient(geometry, u, v) {
  return { x_mm: u - geometry.fov_mm / 2 + geometry.centre_mm[0], y_mm: v - geometry.fov_mm / 2 + geometry.centre_mm[1] };
}

function fitView(geometry) {
  const [top, bottom] = geometry.crop;
  return { zoom: 1, u: geometry.fov_mm / 2, v: (geometry.fov_mm * (top + bottom)) / 2 };
}

// CSS pixels per mm.
function viewScale(geometry, box, view) {
  const rows = geometry.crop[1] - geometry.crop[0];
  return view.zoom * Math.min(box.width / geometry.fov_mm, box.height / (geometry.fov_mm * rows));
}

function toScreen(geometry, box, view, u, v) {
  const scale = viewScale(geometry, box, view);
  return { px: box.width / 2 + (u - view.u) * scale, py: box.height / 2 + (v - view.v) * scale };
}

function toPicture(geometry, box, view, px, py) {
  const scale = viewScale(geometry, box, view);
  return { u: view.u + (px - box.width / 2) / scale, v: view.v + (py - box.height / 2) / scale };
}

// The view never leaves the picture: at zoom 1 there is nothing to pan to.
function clampView(geometry, box, view) {
  const zoom = clamp(view.zoom, ...ZOOM_LIMITS);
  const scale = viewScale(geometry, box, { ...view, zoom });
  const [top, bottom] = [geometry.crop[0] * geometry.fov_mm, geometry.crop[1] * geometry.fov_mm];
  const halfU = Math.min(box.width / scale, geometry.fov_mm) / 2;
  const halfV = Math.min(box.height / scale, bottom - top) / 2;
  return { zoom, u: clamp(view.u, halfU, geometry.fov_mm - halfU), v: clamp(view.v, top + halfV, bottom - halfV) };
}

// Zoom so that the picture point under (px, py) stays where it is.
function zoomAt(geometry, box, view, factor, px, py) {
  const zoom = clamp(view.zoom * factor, ...ZOOM_LIMITS);
  const before = toPicture(geometry, box, view, px, py);
  const after = toPicture(geometry, box, { ...view, zoom }, px, py);
  return clampView(geometry, box, { zoom, u: view.u + before.u - after.u, v: view.v + before.v - after.v });
}

function panBy(geometry, box, view, dx_px, dy_px) {
  const scale = viewScale(geometry, box, view);
  return clampView(geometry, box, { ...view, u: view.u - dx_px / scale, v: view.v - dy_px / scale });
}

// The longest round length that fits in the given share of the pane.
function scaleBarMm(pixelsPerMm, widthPx, share = 0.3) {
  const lengths = [200, 100, 50, 20, 10, 5, 2, 1];
  return lengths.find((mm) => mm * pixelsPerMm <= widthPx * share) ?? 1;
}

// Cross-section of a lesion outline at height z: ellipsoids shrink towards their poles; flat outlines live on one slice.
function crossSection(overlay, z_mm, isFrameSlice) {
  if (overlay.z_mm === undefined || overlay.rz_mm === undefined) return isFrameSlice ? overlay : null;
  const t = (z_mm - overlay.z_mm) / overlay.rz_mm;
  if (Math.abs(t) >= 1) return null;
  const k = Math.sqrt(1 - t * t);
  return { ...overlay, rx_mm: overlay.rx_mm * k, ry_mm: overlay.ry_mm * k };
}
