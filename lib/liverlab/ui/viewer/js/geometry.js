// Between a plane's picture coordinates (u, v in mm, see planes.js) and the screen (CSS pixels from the pane's top left).
// geometry = { left, right, top, bottom } in mm; box = { width, height } of the pane in CSS pixels;
// view = { zoom, u, v }: the picture point at the pane's centre. All pure.

const ZOOM_LIMITS = [1, 12];

function fitView(geometry) {
  return { zoom: 1, u: (geometry.left + geometry.right) / 2, v: (geometry.top + geometry.bottom) / 2 };
}

// CSS pixels per mm.
function viewScale(geometry, box, view) {
  return view.zoom * Math.min(box.width / (geometry.right - geometry.left), box.height / (geometry.bottom - geometry.top));
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
  const { left, right, top, bottom } = geometry;
  const zoom = clamp(view.zoom, ...ZOOM_LIMITS);
  const scale = viewScale(geometry, box, { ...view, zoom });
  const halfU = Math.min(box.width / scale, right - left) / 2;
  const halfV = Math.min(box.height / scale, bottom - top) / 2;
  return { zoom, u: clamp(view.u, left + halfU, right - halfU), v: clamp(view.v, top + halfV, bottom - halfV) };
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
