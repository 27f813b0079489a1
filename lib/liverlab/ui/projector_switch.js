// The switch as a widget (projector.js is joined before it at import).
function render({ el }) {
  const [button, close] = makeProjectorSwitch();
  el.append(button);
  return close;
}

export default { render };
