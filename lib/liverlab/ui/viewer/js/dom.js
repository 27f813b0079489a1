// Small helpers that make elements. Text always goes in as text, never as HTML.

const SVG_NS = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG_NS, tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

// Writing the same text again would cost a layout.
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Runs once the frame being drawn has been handed to the compositor (call it from a frame callback).
function afterFrame(callback) {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => callback(performance.now());
  channel.port2.postMessage(null);
}

function afterPaint(callback) {
  requestAnimationFrame(() => afterFrame(callback));
}
