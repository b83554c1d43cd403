// A search for notes, by words: each found is added for or against by one key.

// What takes it says: `add`, what becomes of a note; `near`, what those nearest stand first to; `made`, what a row of it can besides.
// It has its state in `ui`: the words as `query`, what the kernel found as `found`, its parts as `results`.
function addPanel(ui, { add, near = "", made = () => {} }) {
  const id = `hc-${ui.view}-search`;
  const input = make("input", {
    type: "search",
    id,
    class: "wb-input",
    placeholder: "words, a customer, a role",
    dir: "auto",
    autocomplete: "off",
    "aria-describedby": `${id}-keys`,
    oninput: () => {
      ui.query = input.value;
      later(ui, "find", 150, () => find(ui));
    },
    onkeydown: (event) => {
      if (event.key === "Escape") (event.preventDefault(), event.stopPropagation(), close());
      if (event.key === "ArrowDown") (event.preventDefault(), list.querySelector(".hc-result")?.focus());
    },
  });
  const list = make("ul", { role: "list", class: "hc-results" });
  const about = make("p", { class: "hc-keys", role: "status" });
  const inner = make(
    "div",
    { class: "hc-add-inner", hidden: true },
    make("label", { htmlFor: id, class: "hc-label" }, "Find a note"),
    input,
    make(
      "p",
      { class: "hc-keys", id: `${id}-keys` },
      key("↓"),
      " goes to the notes. There ",
      key("Enter"),
      " adds one to For, ",
      key("Shift"),
      " ",
      key("Enter"),
      " to Against.",
    ),
    about,
    list,
  );
  const close = () => {
    inner.hidden = true;
    ui.found = null;
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  };
  const opener = button(
    [icon("plus"), "Add a note"],
    () => {
      if (!inner.hidden) return close();
      inner.hidden = false;
      opener.setAttribute("aria-expanded", "true");
      find(ui);
      input.focus();
    },
    { "aria-expanded": "false" },
  );
  ui.results = { list, about, input, close, opener, add, near, made };
  return make("section", { class: "hc-add", "aria-label": "Add a note" }, opener, inner);
}

function find(ui) {
  ui.found = { ...(ui.found ?? { notes: null, n: 0 }), seq: ++ui.seq };
  const listed = ["evidence", "against"].flatMap((side) => valueOf(ui, ui.chosen, side));
  send(ui, { kind: "find", key: ui.chosen, seq: ui.found.seq, words: ui.query, listed });
}

function hearFound(ui, message) {
  if (!ui.found || message.seq !== ui.found.seq) return;
  ui.found = { ...message, view: undefined };
  drawFound(ui);
}

function drawFound(ui) {
  const { list, about } = ui.results;
  const { notes } = ui.found;
  const at = [...list.children].findIndex((node) => node.contains(document.activeElement));
  const id = list.children[at]?.dataset.note;
  about.textContent = foundWords(ui);
  list.replaceChildren(...notes.map((note, i) => resultRow(ui, note, i)));
  if (at < 0) return;
  const same = [...list.children].find((node) => node.dataset.note === id);
  (same ?? list.children[Math.min(at, list.children.length - 1)] ?? ui.results.input).focus();
}

// How many notes there are and, where there is none, why: nobody should think that a customer never said it.
function foundWords(ui) {
  const { notes, n, n_listed, n_takes, n_uncounted, n_searched, trouble } = ui.found;
  const words = flat(ui.query);
  const many = (count, noun) => `${count.toLocaleString("en-GB")} ${noun}${count === 1 ? "" : "s"}`;
  const said = [];
  if (n) said.push(`${many(n, "note")}, ${ui.results.near ? `the nearest to ${ui.results.near} first` : "as the calls came"}${n > notes.length ? `; the first ${notes.length} are shown` : ""}.`);
  else if (n_listed) said.push(words ? `All notes with “${words}” (${n_listed.toLocaleString("en-GB")}) stand here already.` : "All notes stand here already.");
  else if (words) said.push(`“${words}” is in none of the ${many(n_searched, "note")} on disk now. Try fewer or other words.`);
  else said.push("There are no notes yet.");
  if (n_takes) said.push(`Not listed: ${many(n_takes, "take")} of your own; a take is never evidence.`);
  if (n_uncounted) said.push(`Not listed: ${many(n_uncounted, "note")} of customers who do not count.`);
  if (trouble) said.push(`The notes cannot be read just now (${trouble}); these were read before.`);
  return said.join(" ");
}

function resultRow(ui, note, i) {
  const add = (side) => {
    ui.results.add(note, side);
    find(ui);
  };
  const node = make(
    "li",
    {
      class: "hc-note hc-result",
      tabIndex: i ? -1 : 0,
      data: { note: note.note },
      "aria-keyshortcuts": "Enter Shift+Enter",
      onkeydown: (event) => {
        if (event.target !== node) return;
        if (event.key === "Enter") (event.preventDefault(), add(event.shiftKey ? "against" : "evidence"));
        else if (event.key === "Escape") (event.preventDefault(), event.stopPropagation(), ui.results.close());
        else if (event.key === "ArrowUp" && !node.previousElementSibling) (event.preventDefault(), ui.results.input.focus());
        else walk(event, [...node.parentElement.children], (next) => next.focus());
      },
    },
    make("span", { class: "hc-grip", "aria-hidden": "true" }),
    noteText(note),
    make(
      "span",
      { class: "hc-note-acts hc-always" },
      button([icon("check"), "For"], () => add("evidence"), { tabIndex: -1 }),
      button([icon("cross"), "Against"], () => add("against"), { tabIndex: -1 }),
    ),
  );
  ui.results.made(node, note);
  return node;
}
