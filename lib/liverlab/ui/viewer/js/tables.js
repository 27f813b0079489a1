// A figure as a table, made from the very numbers that are drawn, when somebody asks for it.

const MOST_ROWS = 25; // of one line: a curve of hundreds of days is given at even steps

function cellText(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  return typeof value === "number" ? String(Number(value.toPrecision(6))).replace("-", "\u2212") : String(value).replace(/<br>/g, " ");
}

function axisOf(layout, letter, trace) {
  return layout[`${letter}axis${(trace[`${letter}axis`] || letter).slice(1)}`] || {};
}

function axisTitle(axis, otherwise) {
  const title = typeof axis.title === "string" ? axis.title : axis.title?.text;
  return title || otherwise;
}

// Where an axis writes a word at a number, the table writes it too.
function tickOr(axis, value) {
  const at = axis.ticktext ? Array.from(axis.tickvals || []).indexOf(value) : -1;
  return at < 0 ? cellText(value) : cellText(axis.ticktext[at]);
}

// "12 (9 to 15)": a value with its whiskers.
function withWhiskers(error, value, at, text) {
  if (!error?.array || typeof value !== "number") return text;
  const up = error.array[at];
  const down = error.arrayminus ? error.arrayminus[at] : up;
  return up || down ? `${text} (${cellText(value - down)} to ${cellText(value + up)})` : text;
}

function everyNth(count) {
  const step = Math.ceil(count / MOST_ROWS);
  const kept = [];
  for (let at = 0; at < count; at += step) kept.push(at);
  if (kept[kept.length - 1] !== count - 1) kept.push(count - 1);
  return { step, kept };
}

function sameNumbers(one, other) {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}

// Tables of a figure, {head, rows, note} each; the first cell of a row names it. Lines over the same days stand side by
// side, all others one below the other. A figure whose points are not numbers to be read (a map) brings its own table.
function tablesOf(figure) {
  if (figure.table) return [{ head: figure.table.head, rows: figure.table.rows.map((row) => row.map(cellText)), note: "" }];
  const solids = figure.data.filter((trace) => trace.type === "mesh3d");
  if (solids.length > 0) {
    return [{ head: ["surface", "volume"], rows: solids.map((trace) => [trace.name.split(", ")[0], trace.name.split(", ")[1] || ""]), note: "" }];
  }
  const layout = figure.layout || {};
  const traces = figure.data
    .filter((trace) => trace.mode !== "text" && trace.x && trace.y && trace.x.length > 0)
    .map((trace) => ({ ...trace, x: Array.from(trace.x), y: Array.from(trace.y), xAxis: axisOf(layout, "x", trace), yAxis: axisOf(layout, "y", trace) }));
  if (traces.length === 0) return [];
  const [named, valued] = traces.every((trace) => trace.orientation === "h") ? ["y", "x"] : ["x", "y"];
  const groups = [];
  for (const trace of traces) {
    const worded = (one) => one.type !== "bar" && Array.isArray(one.text);
    const group = groups.find(([first]) => !worded(trace) && !worded(first) && sameNumbers(first[named], trace[named]));
    if (group) group.push(trace);
    else groups.push([trace]);
  }
  const beside = groups.filter((group) => group.length > 1 || traces.length === 1);
  const single = groups.filter((group) => !beside.includes(group)).flat();
  return [...beside.map((group) => tableBeside(group, named, valued)), ...(single.length > 0 ? [tableBelow(single, named, valued)] : [])];
}

function valueOf(trace, letter, at) {
  return withWhiskers(trace[`error_${letter}`], trace[letter][at], at, tickOr(trace[`${letter}Axis`], trace[letter][at]));
}

function stepNote(traces) {
  const most = Math.max(...traces.map((trace) => trace.x.length));
  return everyNth(most).step > 1 ? "lines are given at even steps" : "";
}

function tableBeside(traces, named, valued) {
  const column = (trace) => [trace.name, axisTitle(trace[`${valued}Axis`], "")].filter(Boolean).join(", ") || "value";
  const rows = everyNth(traces[0].x.length).kept.map((at) => [valueOf(traces[0], named, at), ...traces.map((trace) => valueOf(trace, valued, at))]);
  return { head: [axisTitle(traces[0][`${named}Axis`], "group"), ...traces.map(column)], rows, note: stepNote(traces) };
}

function tableBelow(traces, named, valued) {
  const first = traces[0];
  const rows = traces.flatMap((trace) =>
    everyNth(trace.x.length).kept.map((at) => {
      // On a bar the words say its length again.
      const who = trace.type !== "bar" && Array.isArray(trace.text) && trace.text[at] ? `: ${cellText(trace.text[at])}` : "";
      const unit = trace.yAxis !== first.yAxis ? ` ${axisTitle(trace.yAxis, "")}` : "";
      const cells = { x: valueOf(trace, "x", at), y: valueOf(trace, "y", at) + unit };
      return [`${trace.name || ""}${who}`, cells[named], cells[valued]];
    }),
  );
  return { head: ["what", axisTitle(first[`${named}Axis`], "group"), axisTitle(first[`${valued}Axis`], "value")], rows, note: stepNote(traces) };
}

function tableElement(figure, { head, rows, note }) {
  const caption = [figure.title || figure.alt || figure.id, note].filter(Boolean).join("; ");
  const body = rows.map(([first, ...rest]) => make("tr", {}, make("th", { scope: "row" }, first), ...rest.map((cell) => make("td", {}, cell))));
  return make(
    "table",
    { class: "lp-table" },
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, ...body),
  );
}

// A button and the table below the figure; the table is built when it opens and again when the figure changes.
function makeDataTable(element, signal) {
  const of = make("span", { class: "lp-hidden" });
  const button = make("button", { type: "button", class: "ll-table-button", "aria-expanded": "false" }, "Table", of);
  const region = make("div", { class: "ll-data lp-scroll", role: "region", tabindex: "0", hidden: true });
  let figure = null;
  let written = null;
  function write() {
    const open = button.getAttribute("aria-expanded") === "true";
    region.hidden = !open;
    element().classList.toggle("ll-tabled", open);
    if (!open || figure === written) return;
    written = figure;
    region.replaceChildren(...tablesOf(figure).map((table) => tableElement(figure, table)));
  }
  button.addEventListener(
    "click",
    () => {
      button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
      write();
    },
    { signal },
  );
  return {
    button,
    region,
    show(shown) {
      figure = shown;
      const name = shown.title || "the 3-D picture";
      setText(of, ` of numbers: ${name}`);
      region.setAttribute("aria-label", `Table: ${name}`);
      write();
    },
  };
}
