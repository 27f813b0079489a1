// The present view as a PNG: every pane with what is burnt in and drawn over it, and "SIMULATED" in it.

const PICTURE_PX = 900; // a pane is at least this wide in the file

function attachExport(self) {
  self.viewPicture = () => {
    const shown = self.panes.filter(({ box }) => box.width > 0);
    const stage = shown[0].element.parentNode.getBoundingClientRect();
    const ratio = Math.max(1, Math.ceil(PICTURE_PX / shown[0].box.width));
    const canvas = make("canvas", { width: Math.round(stage.width * ratio), height: Math.round(stage.height * ratio) });
    const context = canvas.getContext("2d");
    context.fillStyle = "#000";
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (const pane of shown) {
      const place = pane.element.getBoundingClientRect();
      context.save();
      context.translate((place.left - stage.left) * ratio, (place.top - stage.top) * ratio);
      context.beginPath();
      context.rect(0, 0, pane.box.width * ratio, pane.box.height * ratio);
      context.clip();
      if (pane.sheets) pane.drawOn(context, ratio, self.geometryOf(pane.name), self.viewOf(pane.name), pane.sheets);
      context.scale(ratio, ratio);
      for (const shape of pane.layer.querySelectorAll("line, ellipse, path, rect, tspan")) drawShape(context, shape);
      drawWords(context, pane.burnt, pane.element.getBoundingClientRect());
      context.restore();
    }
    return canvas;
  };
  self.savePicture = () => {
    const label = self.paneOf(self.active).lines.label.textContent;
    const name = `liverlab ${label} ${self.states[self.active].plane} ${self.indexOf(self.active) + 1}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    self.viewPicture().toBlob((blob) => {
      const link = make("a", { href: URL.createObjectURL(blob), download: `${name}.png` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    }, "image/png");
    self.say("Picture saved to your downloads.");
  };
}

// (Chromium leaves `font` empty where it cannot say everything in one line.)
const fontOf = (look) => `${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;

// One SVG shape with the look the page gives it.
function drawShape(context, shape) {
  const look = getComputedStyle(shape.tagName === "tspan" ? shape.parentNode : shape);
  const number = (name) => Number(shape.getAttribute(name));
  context.save();
  context.lineWidth = parseFloat(look.strokeWidth) || 1;
  context.globalAlpha = Number(look.strokeOpacity) || 1;
  context.setLineDash(look.strokeDasharray === "none" ? [] : look.strokeDasharray.split(/[ ,]+/).map(parseFloat));
  context.strokeStyle = look.stroke;
  context.fillStyle = look.fill;
  if (shape.tagName === "tspan") {
    context.font = fontOf(look);
    context.textAlign = look.textAnchor === "end" ? "right" : "left";
    context.lineJoin = "round";
    context.strokeText(shape.textContent, number("x"), number("y"));
    context.fillText(shape.textContent, number("x"), number("y"));
  } else {
    const path = new Path2D(shape.tagName === "path" ? shape.getAttribute("d") : undefined);
    if (shape.tagName === "line") {
      path.moveTo(number("x1"), number("y1"));
      path.lineTo(number("x2"), number("y2"));
    } else if (shape.tagName === "ellipse") path.ellipse(number("cx"), number("cy"), number("rx"), number("ry"), 0, 0, 2 * Math.PI);
    else if (shape.tagName === "rect") path.rect(number("x"), number("y"), number("width"), number("height"));
    if (look.fill !== "none") context.fill(path);
    if (look.stroke !== "none") context.stroke(path);
  }
  context.restore();
}

// Burnt-in words, scale bar and colour scale, where they stand on the page.
function drawWords(context, burnt, pane) {
  for (const element of burnt.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || element.closest("[hidden]")) continue;
    const [x, y] = [box.left - pane.left, box.top - pane.top];
    const look = getComputedStyle(element);
    if (element.classList.contains("ll-bar")) {
      context.fillStyle = look.borderBottomColor;
      context.fillRect(x, y + box.height - 2, box.width, 2);
      for (const end of [x, x + box.width - 1]) context.fillRect(end, y, 1, box.height);
    } else if (element.classList.contains("ll-ramp")) {
      const ramp = context.createLinearGradient(0, y + box.height, 0, y);
      const stops = look.backgroundImage.match(/rgb\([^)]*\)/g) || [];
      stops.forEach((stop, i) => ramp.addColorStop(i / Math.max(1, stops.length - 1), stop));
      context.fillStyle = ramp;
      context.fillRect(x, y, box.width, box.height);
    } else if (element.childElementCount === 0 && element.textContent) {
      const right = look.textAlign === "right";
      context.font = fontOf(look);
      context.textBaseline = "middle";
      context.textAlign = right ? "right" : "left";
      context.lineWidth = 3;
      context.lineJoin = "round";
      context.strokeStyle = element.closest(".ll-inverted") ? "#fff" : "#000";
      context.fillStyle = look.color;
      const inset = parseFloat(look.paddingLeft) || 0;
      const at = [right ? x + box.width - inset : x + inset, y + box.height / 2];
      context.strokeText(element.textContent, ...at);
      context.fillText(element.textContent, ...at);
    }
  }
}
