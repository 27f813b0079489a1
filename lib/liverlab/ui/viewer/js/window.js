// Window and level: from stored counts to grey or colour. Pure functions: no DOM, no state.
// value = count * scale, in the unit of the series (HU: scale 1). Window and level are in that unit.
// Grey = clip((value - (level - window/2)) / window, 0, 1): black at level - window/2, white at level + window/2.

const COUNT_LOW = -1024;
const COUNT_NUMBER = 4096;
const WINDOW_COUNTS = [1, 4000];
const LEVEL_COUNTS = [-1024, 3071];
const HU_SERIES = { unit: "HU", scale: 1, digits: 0, colours: null, over: null, opacity: 1 };

function clamp(value, low, high) {
  return value < low ? low : value > high ? high : value;
}

function greyOf(value, window, level, invert = false) {
  const grey = Math.round(255 * clamp((value - (level - window / 2)) / window, 0, 1));
  return invert ? 255 - grey : grey;
}

// One RGBA word (little endian ABGR) per count from -1024 to 3071; a series over another one is see-through.
function paintTable(look, series = HU_SERIES) {
  const table = new Uint32Array(COUNT_NUMBER);
  const ramp = series.colours ? colourRamp(series.colours) : null;
  for (let i = 0; i < COUNT_NUMBER; i++) {
    const grey = greyOf((i + COUNT_LOW) * series.scale, look.window_hu, look.level_hu, look.invert);
    const [r, g, b] = ramp ? ramp.subarray(3 * grey, 3 * grey + 3) : [grey, grey, grey];
    const alpha = series.over ? fusedAlpha(grey, series.opacity) : 255;
    table[i] = ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;
  }
  return table;
}

function applyTable(counts, table, words) {
  const last = COUNT_NUMBER - 1;
  for (let i = 0, n = counts.length; i < n; i++) {
    let k = counts[i] - COUNT_LOW;
    if (k < 0) k = 0;
    else if (k > last) k = last;
    words[i] = table[k];
  }
  return words;
}

function limited(window_hu, level_hu, { scale, digits }) {
  const round = (value) => Number(value.toFixed(digits));
  return {
    window_hu: Math.max(10 ** -digits, round(clamp(window_hu, WINDOW_COUNTS[0] * scale, WINDOW_COUNTS[1] * scale))),
    level_hu: round(clamp(level_hu, LEVEL_COUNTS[0] * scale, LEVEL_COUNTS[1] * scale)),
  };
}

// Workstation habit: right widens the window, down lowers brightness (raises the level).
// The step grows with the window, so that bone and liver windows both move at a useful speed.
function dragWindow(start, dx_px, dy_px, series = HU_SERIES) {
  const step = Math.max(0.5 * series.scale, start.window_hu / 300);
  return limited(start.window_hu + dx_px * step, start.level_hu + dy_px * step, series);
}

function keyWindow(start, direction, coarse, series = HU_SERIES) {
  const least = 10 ** -series.digits;
  const step = Math.max(least, Math.round(start.window_hu / 30 / least) * least) * (coarse ? 4 : 1);
  const [dw, dl] = { ArrowRight: [step, 0], ArrowLeft: [-step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[direction];
  return limited(start.window_hu + dw, start.level_hu + dl, series);
}

function windowText(look, digits = 0) {
  return `W ${look.window_hu.toFixed(digits)}  L ${signed(look.level_hu, digits)}`;
}

// Typographic minus, no plus: the way a console burns numbers into a picture.
function signed(value, digits = 0) {
  const text = Math.abs(value).toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? "\u2212" : "") + text;
}
