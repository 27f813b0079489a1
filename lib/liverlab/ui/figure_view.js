// Figures without a picture: the same drawing, the same plotly.js, once per page.

export default {
  render({ model, el }) {
    const root = make("div", { class: "liverlab ll-viewer ll-figure-view" });
    const listeners = new Set();
    const store = { frame: null, listen: (listener) => (listeners.add(listener), () => listeners.delete(listener)) };
    const closing = new AbortController();
    const self = { model, store, root, config: { figures: model.get("figures").length } };
    const figures = makeFigures(self, closing.signal);
    const problem = make("p", { class: "ll-figure-problem", role: "alert", hidden: true });
    root.append(figures.element, problem);
    el.append(root);
    let seen = false;
    // Nobody looks at a figure that is scrolled away, and drawing it would hold up the picture.
    const draw = () => {
      if (!seen) return;
      store.frame = { figures: model.get("figures") };
      figures.afterPicture().then(
        () => root.setAttribute("data-settled", "true"),
        (error) => {
          problem.hidden = false;
          setText(problem, `The figure could not be drawn: ${error.message}`);
        },
      );
    };
    const receive = (content, buffers) => {
      if (content.type === "plotly") listeners.forEach((listener) => listener("plotly", { buffers }));
    };
    model.on("msg:custom", receive);
    model.on("change:figures", draw);
    const watch = new IntersectionObserver(
      (entries) => {
        const was = seen;
        seen = entries[entries.length - 1].isIntersecting;
        if (seen && !was) draw();
      },
      { rootMargin: "200px" },
    );
    watch.observe(root);
    return () => {
      listeners.forEach((listener) => listener("closed", {}));
      closing.abort();
      watch.disconnect();
      model.off("msg:custom", receive);
      model.off("change:figures", draw);
      figures.close();
    };
  },
};
