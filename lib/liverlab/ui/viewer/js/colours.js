// Lookup tables for pictures in colour. Pure.
// stops: [[r, g, b], ...] from 0 to 255, evenly spaced from the bottom to the top of the window.

const CLEAR_BELOW = 64; // grey levels over which a fused picture fades in, so that the anatomy shows where nothing glows

function colourRamp(stops) {
  const ramp = new Uint8Array(256 * 3);
  const last = stops.length - 1;
  for (let level = 0; level < 256; level++) {
    const place = (level / 255) * last;
    const low = Math.min(Math.floor(place), Math.max(0, last - 1));
    const [from, to] = [stops[low], stops[Math.min(low + 1, last)]];
    for (let c = 0; c < 3; c++) ramp[3 * level + c] = Math.round(from[c] + (to[c] - from[c]) * (place - low));
  }
  return ramp;
}

// Opacity (0-255) of a grey level of a picture that lies over another one.
function fusedAlpha(level, opacity) {
  return Math.round(255 * opacity * Math.min(1, level / CLEAR_BELOW));
}

function rampCss(stops) {
  return `linear-gradient(to top, ${stops.map((stop) => `rgb(${stop.slice(0, 3).join(" ")})`).join(", ")})`;
}
