// Mounts the viewer on a stand-in for an ipywidgets model; `window.kernel` is the Python side.
async ({ script, state }) => {
  const decode = (text) => {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return new DataView(bytes.buffer);
  };
  const makeModel = (values) => {
    const heard = new Map();
    const listeners = (name) => heard.get(name) || [];
    const model = {
      values,
      changed: {},
      get: (name) => model.values[name],
      set(name, value) {
        model.values[name] = value;
        model.changed[name] = value;
        model.fire("change:" + name);
      },
      on(names, f) {
        for (const name of names.split(" ")) heard.set(name, [...listeners(name), f]);
      },
      off(names, f) {
        for (const name of names.split(" ")) heard.set(name, listeners(name).filter((g) => g !== f));
      },
      fire(name, ...given) {
        for (const f of listeners(name)) f(...given);
      },
    };
    return model;
  };
  const deliver = (messages) => {
    for (const message of messages) {
      if (message.state) {
        for (const [name, value] of Object.entries(message.state)) {
          stage.model.values[name] = value;
          stage.model.fire("change:" + name);
        }
      } else stage.model.fire("msg:custom", message.content, message.buffers.map(decode));
    }
  };
  const controls = {};
  const stage = { deliver, controls, sent: [], silent: false, model: makeModel(state), events: [] };
  window.stage = stage;
  for (const [id, value] of Object.entries(state.control_values)) {
    const control = makeModel({ value });
    controls[id] = Object.assign(control, { _pending_msgs: 0, comm_live: true, _state_lock: null });
    control.move = async (to) => {
      control._pending_msgs++;
      control.set("value", to);
      if (stage.silent) return;
      deliver(await window.kernel({ control: id, value: to }));
      control._pending_msgs--;
    };
  }
  Object.assign(stage.model, {
    send(content) {
      stage.sent.push(content);
      if (!stage.silent) window.kernel({ content }).then(deliver);
    },
    save_changes() {
      const changed = stage.model.changed;
      stage.model.changed = {};
      if (!stage.silent) window.kernel({ changed }).then(deliver);
    },
    widget_manager: { get_model: async (id) => controls[id] },
  });
  for (const name of ["liverlab-painted", "liverlab-settled"]) {
    document.addEventListener(name, (event) => stage.events.push({ name, at: performance.now(), ...event.detail }));
  }
  const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  window.pure = module.pure;
  const widget = module.default();
  const host = document.getElementById("host");
  stage.close = [await widget.initialize({ model: stage.model }), await widget.render({ model: stage.model, el: host })];
}
