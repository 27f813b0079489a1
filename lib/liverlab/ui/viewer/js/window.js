// Window and level: from Hounsfield units to grey. Pure functions: no DOM, no state.
// Grey = clip((HU - (level - window/2)) / window, 0, 1): black at level - window/2, white at level + window/2.

const HU_LOW = -1024;
const HU_COUNT = 4096;
const WINDOW_LIMITS = { window_hu: [1, 4000], level_hu: [-1024, 3071] };

function clamp(value, low, high) {
  return value < low ? low : value > high ? high : value;
}

function greyOfHu(hu, window_hu, level_hu, invert = false) {
  const grey = Math.round(255 * clamp((hu - (level_hu - window_hu / 2)) / window_hu, 0, 1));
  return invert ? 255 - grey : grey;
}

// One opaque RGBA word (little endian ABGR) per HU from -1024 to 3071.
function greyTable(window_hu, level_hu, invert = false) {
  const table = new Uint32Array(HU_COUNT);
  for (let i = 0; i < HU_COUNT; i++) {
    const grey = greyOfHu(i + HU_LOW, window_hu, level_hu, invert);
    table[i] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
  }
  return table;
}

function applyGreyTable(hu, table, words) {
  const last = HU_COUNT - 1;
  for (let i = 0, n = hu.length; i < n; i++) {
    let k = hu[i] - HU_LOW;
    if (k < 0) k = 0;
    else if (k > last) k = last;
    words[i] = table[k];
  }
  return words;
}

// Workstation habit: right widens the window, down lowers brightness (raises the level).
// The step grows with the window, so that bone and liver windows both move at a useful speed.
function dragWindow(start, dx_px, dy_px) {
  const step = Math.max(0.5, start.window_hu / 300);
  return {
    window_hu: Math.round(clamp(start.window_hu + dx_px * step, ...WINDOW_LIMITS.window_hu)),
    level_hu: Math.round(clamp(start.level_hu + dy_px * step, ...WINDOW_LIMITS.level_hu)),
  };
}

function keyWindow(start, direction, coarse) {
  const step = Math.max(1, Math.round(start.window_hu / 30)) * (coarse ? 4 : 1);
  const [dw, dl] = { ArrowRight: [step, 0], ArrowLeft: [-step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[direction];
  return {
    window_hu: clamp(start.window_hu + dw, ...WINDOW_LIMITS.window_hu),
    level_hu: clamp(start.level_hu + dl, ...WINDOW_LIMITS.level_hu),
  };
}

function windowText(state) {
  return `W ${state.window_hu}  L ${signed(state.level_hu)}`;
}

// Typographic minus, no plus: the way a console burns numbers into a picture.
function signed(value, digits = 0) {
  const text = Math.abs(value).toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? "\u2212" : "") + text;
}
