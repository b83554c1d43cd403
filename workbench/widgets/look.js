// What all widgets share; each widget's module is this text with its own behind it.

const ICONS = {
  quote: "M3 9.5h3.2V12H3zM3 9.5c0-2.6.9-4.4 3-5.5M9.6 9.5h3.2V12H9.6zM9.6 9.5c0-2.6.9-4.4 3-5.5",
  observation: "M4 8h8",
  pain: "M8 3v6.4M8 12.6v.2",
  workaround: "M2.5 9.2c1.5-2.8 3.4-2.8 5.5-1s4 1.8 5.5-1",
  wish: "M5.3 5.8c.2-1.7 1.2-2.6 2.8-2.6s2.7 1 2.7 2.4c0 1.9-2.7 2.1-2.7 4.1M8.1 12.6v.2",
  commitment: "M6 3.5 10.5 8 6 12.5",
  take: "M4 6.4h8M4 9.8h8",
  check: "M3.2 8.4 6.5 11.6 12.8 4.6",
  cross: "M4 4l8 8M12 4l-8 8",
  warn: "M8 2.4 14.2 13H1.8zM8 6.4v3.2M8 11.3v.2",
  info: "M8 1.8a6.2 6.2 0 1 0 .01 0M8 7.4v3.6M8 5v.1",
  search: "M7 2.5a4.5 4.5 0 1 0 .01 0M10.3 10.3 13.5 13.5",
  undo: "M5.5 3 2.8 5.8l2.7 2.8M3 5.8h6.5a3.6 3.6 0 0 1 0 7.2H6",
  redo: "M10.5 3l2.7 2.8-2.7 2.8M13 5.8H6.5a3.6 3.6 0 0 0 0 7.2H10",
  down: "M4.5 6.2 8 9.8l3.5-3.6",
  right: "M6.2 4.5 9.8 8l-3.6 3.5",
  left: "M9.8 4.5 6.2 8l3.6 3.5",
  up: "M4.5 9.8 8 6.2l3.5 3.6",
  merge: "M3.5 3c0 4 4.5 3 4.5 7v3M12.5 3c0 4-4.5 3-4.5 7",
  pin: "M6 2.5h4l-.6 4.3 2 2.2H4.6l2-2.2zM8 9v4.5",
  pen: "M3 13l.6-2.6 7-7 2 2-7 7zM9.3 4.7l2 2",
  plus: "M8 3.5v9M3.5 8h9",
  tray: "M2.5 9l2-5.5h7l2 5.5v3.5h-11zM2.5 9h3.2l.8 1.6h3l.8-1.6h3.2",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  lock: "M4 7.5h8v5.5H4zM5.7 7.5V5.3a2.3 2.3 0 0 1 4.6 0v2.2",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  calendar: "M2.5 3.8h11v9.7h-11zM2.5 7h11M5.4 2.3v2.6M10.6 2.3v2.6",
  clock: "M8 1.8a6.2 6.2 0 1 0 .01 0M8 4.6V8l2.4 1.6",
};
const KIND_WORDS = {
  observation: "observation", quote: "quote", pain: "pain", workaround: "workaround", wish: "wish",
  commitment: "commitment", take: "own take, never evidence",
};

// An element with properties and children. Text is text: nothing that somebody typed is ever read as HTML.
function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name in node && !name.includes("-") && name !== "list" && name !== "role") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "wb-icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function hidden(text) {
  return make("span", { class: "wb-hidden" }, text);
}

// A note's kind as colour, shape and a word for those who see neither.
function mark(kind) {
  return make("span", { class: "wb-mark", data: { kind }, title: KIND_WORDS[kind] }, icon(kind), hidden(`${KIND_WORDS[kind]}: `));
}

function key(...names) {
  return names.map((name) => make("kbd", {}, name));
}

function button(label, onclick, properties = {}) {
  return make("button", { type: "button", class: `wb-button ${properties.look ?? ""}`, onclick, ...properties, look: null }, label);
}

// The widget's own ground. Letters typed here are for it alone: neither the notebook's one-letter commands nor JupyterLab's
// shortcuts see them.
function ground(el, name) {
  const root = make("div", { class: `wb-face ${name}`, "data-lm-suppress-shortcuts": "true" });
  for (const type of ["keydown", "keypress", "keyup", "copy", "cut", "paste", "contextmenu", "dblclick"]) {
    root.addEventListener(type, (event) => event.stopPropagation());
  }
  // All of it is saved already; the browser would offer to save the page.
  root.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") event.preventDefault();
  });
  el.append(root);
  return root;
}

// Says things to screen readers without moving the focus.
function makeCrier(root) {
  const region = make("div", { class: "wb-hidden", role: "status", "aria-live": "polite" });
  root.append(region);
  return (text) => {
    region.textContent = "";
    region.textContent = text;
  };
}
