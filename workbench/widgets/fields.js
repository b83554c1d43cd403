// What is typed into the fields of a record: sent within a second, kept where nobody answers, and what stands below each field.

const PAUSE = 300; // after the last keystroke, until it is sent
const PATIENCE = 4000; // until a kernel that says nothing counts as not answering
const LOOK_EVERY = 3000; // whether anything has changed on disk
const FOCUSABLE = ":is(button, input, select, textarea, summary, [tabindex]):not([tabindex='-1']):not([disabled])";

// ---------------------------------------------------------------------------------------------- to and from the kernel

// What a view keeps of its fields, whatever its record is:
// - edits: what was typed and is not yet sent, by card; with the values that it was typed over
// - sending: what was sent and is not yet answered
// - clashes: fields that somebody else has changed too, with the text typed here
// - held: what stands in fields that are being typed in, while the disk has got something else
// - shown: the controls of the chosen card, each with a function that shows the newest value
function fieldState() {
  return {
    edits: {},
    sending: {},
    clashes: {},
    held: {},
    said: {},
    asked: 0,
    undo: [],
    shown: [],
    open: new Set(),
    timers: {},
    pressed: false,
    stale: false,
  };
}

// Draws what the kernel says, asks whether the disk has changed while somebody can see it, and leaves nothing unsent behind.
// Gives what ends all of that.
function live(ui, { receive, look, redraw }) {
  let seen = true;
  const watch = new IntersectionObserver(([entry]) => (seen = entry.isIntersecting));
  watch.observe(ui.root);
  const ask = () => {
    if (document.hidden || !seen || !ui.root.isConnected) return;
    if (ui.asked && Date.now() - ui.asked < 4 * PATIENCE) return; // questions would pile up in a busy kernel
    ui.asked = Date.now();
    look();
  };
  const clock = setInterval(ask, LOOK_EVERY);
  const leave = () => Object.keys(ui.edits).forEach((key) => flush(ui, key));
  const undoKey = (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !isTyping(event.target)) {
      event.preventDefault();
      takeBack(ui);
    }
  };
  // What is redrawn under a finger is not clicked, and not dragged any further: drawing waits until it is lifted.
  const press = () => (ui.pressed = true);
  const lift = () => {
    ui.pressed = false;
    if (ui.stale) setTimeout(() => ui.stale && redraw());
  };
  ui.root.addEventListener("pointerdown", press, true);
  for (const type of ["pointerup", "pointercancel"]) window.addEventListener(type, lift, true);
  ui.model.on("msg:custom", receive);
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("pagehide", leave);
  ui.root.addEventListener("keydown", undoKey);
  return () => {
    leave();
    watch.disconnect();
    clearInterval(clock);
    ui.model.off("msg:custom", receive);
    document.removeEventListener("visibilitychange", ask);
    window.removeEventListener("pagehide", leave);
    for (const type of ["pointerup", "pointercancel"]) window.removeEventListener(type, lift, true);
    Object.values(ui.timers).forEach(clearTimeout);
  };
}

function send(ui, message) {
  try {
    ui.model.send({ view: ui.view, ...message });
  } catch {
    // The kernel is gone; what was typed is kept, and sent when it is back.
  }
}

// The text goes back among what is to be sent; it is tried again where that may help.
function hearUnsaved(ui, { key, seq, said, again }) {
  ui.said[key ?? ui.chosen] = { text: said, bad: true };
  const sent = ui.sending[key];
  if (sent && sent.seq === seq) {
    putBack(ui, key);
    if (again) later(ui, `wait ${key}`, 3000, () => flush(ui, key));
    else if (ui.edits[key].anew && !sent.anew) flush(ui, key);
  }
  ui.say(said);
  refresh(ui);
}

function putBack(ui, key) {
  const sent = ui.sending[key];
  const edit = ui.edits[key] ?? { fields: {}, base: {} };
  ui.edits[key] = {
    id: sent.id,
    of: sent.of ?? edit.of,
    anew: sent.anew || edit.anew,
    fields: { ...sent.fields, ...edit.fields },
    base: { ...edit.base, ...sent.base },
  };
  delete ui.sending[key];
  clearTimeout(ui.timers[`wait ${key}`]);
}

// What is not on disk yet outlives the window's content: running the cell again after a restart finds it here.
function remember(ui) {
  const open = { ...ui.edits };
  for (const [key, sent] of Object.entries(ui.sending)) {
    open[key] = { id: sent.id, of: sent.of, fields: { ...sent.fields, ...open[key]?.fields }, base: { ...open[key]?.base, ...sent.base } };
  }
  try {
    if (Object.keys(open).length) ui.store().setItem(storeName(ui), JSON.stringify(open));
    else ui.store().removeItem(storeName(ui));
  } catch {
    // Without such a store, typing is as safe as before: in the window, and on disk within a second.
  }
}

// ---------------------------------------------------------------------------------------------- what was typed

function valueOf(ui, key, name) {
  for (const kept of [ui.edits[key]?.fields, ui.sending[key]?.fields]) if (kept && name in kept) return kept[name];
  return ui.clashes[key]?.[name]?.mine ?? cardOf(ui, key)?.fields[name];
}

function isPending(ui, field) {
  return [ui.edits, ui.sending].some((kept) => field in (kept[ui.chosen]?.fields ?? {}));
}

function edit(ui, key, name, value, wait = PAUSE) {
  const clash = ui.clashes[key]?.[name];
  if (clash) {
    clash.mine = value;
    return;
  }
  const sent = ui.sending[key];
  const own = openEdit(ui, key);
  const held = ui.held[key]?.[name];
  if (!(name in own.base)) own.base[name] = sent && name in sent.fields ? sent.fields[name] : held ?? cardOf(ui, key).fields[name];
  own.fields[name] = value;
  if (!ui.said[key]?.bad) ui.said[key] = { text: "Saving …", busy: true };
  remember(ui);
  showStatus(ui);
  later(ui, `send ${key}`, wait, () => flush(ui, key));
}

function openEdit(ui, key) {
  return (ui.edits[key] ??= { id: newId(ui, key), of: cardOf(ui, key)?.file ? undefined : cardOf(ui, key)?.of, fields: {}, base: {} });
}

function flush(ui, key) {
  clearTimeout(ui.timers[`send ${key}`]);
  const own = ui.edits[key];
  if (!own || ui.sending[key]) return;
  delete ui.edits[key];
  ui.sending[key] = { ...own, seq: ++ui.seq };
  send(ui, { kind: "set", key, ...ui.sending[key] });
  awaitAnswer(ui, key);
}

// Sending again is harmless: what is on disk already is not written twice.
function awaitAnswer(ui, key) {
  later(ui, `wait ${key}`, PATIENCE, () => {
    putBack(ui, key);
    const text = "The kernel is not answering. What you typed is kept in this window, and saved when you run this cell again.";
    if (ui.said[key]?.text !== text) ui.say(text);
    ui.said[key] = { text, bad: true };
    flush(ui, key);
    refresh(ui);
  });
}

function later(ui, name, wait, act) {
  clearTimeout(ui.timers[name]);
  ui.timers[name] = setTimeout(act, wait);
}

// An act that can be taken back. `back` works on the list as it is then, so that nothing done since is lost.
function act(ui, words, name, change, back) {
  const key = ui.chosen;
  edit(ui, key, name, change(valueOf(ui, key, name)), 0);
  ui.undo.push({ key, words, changes: [[name, back]] });
  ui.say(words);
  refresh(ui);
}

function takeBack(ui) {
  const last = ui.undo.pop();
  if (!last || !cardOf(ui, last.key)) return;
  for (const [name, back] of last.changes) edit(ui, last.key, name, back(valueOf(ui, last.key, name)), 0);
  if (ui.chosen === last.key) refresh(ui);
  else choose(ui, last.key);
  ui.say(`Taken back: ${last.words}`);
}

const without = (value) => (list) => list.filter((one) => one !== value);
const withAt = (value, place) => (list) => (list.includes(value) ? list : [...list.slice(0, place), value, ...list.slice(place)]);

function isTyping(node) {
  return node.matches?.("textarea, input:not([type=radio]):not([type=checkbox]):not([type=date])");
}

function flat(text) {
  return String(text ?? "")
    .split(/\s+/)
    .filter(Boolean)
    .join(" ");
}

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

// ---------------------------------------------------------------------------------------------- drawing

function message(look, sign, said, acts = []) {
  return make(
    "div",
    { class: `wb-message wb-${look}` },
    icon(sign),
    make("div", { class: "wb-said", dir: "auto" }, said),
    acts.length ? make("div", { class: "wb-acts" }, acts) : null,
  );
}

function showStatus(ui) {
  if (!ui.status) return;
  const said = ui.said[ui.chosen];
  const gone = said?.bad && said.text.includes("has been removed or renamed");
  ui.status.className = `hc-status wb-status ${said?.bad ? "wb-bad" : ""}`;
  const shown = said ? [said.bad ? icon("warn") : said.busy ? "" : icon("check"), make("span", {}, said.text)] : [];
  if (gone) shown.push(button("Save it as a file again", () => saveAnew(ui), { data: { focus: "anew" } }));
  const state = JSON.stringify([said, gone]);
  if (ui.status.dataset.state !== state) ui.status.replaceChildren(...shown);
  ui.status.dataset.state = state;
}

function saveAnew(ui) {
  const key = ui.chosen;
  const fields = Object.fromEntries(Object.keys(cardOf(ui, key).fields).map((name) => [name, valueOf(ui, key, name)]));
  ui.edits[key] = { id: "", fields, base: {}, anew: true };
  ui.said[key] = { text: "Saving …", busy: true };
  flush(ui, key);
  showStatus(ui);
}

function foldOut(ui, name, summary, content) {
  return make(
    "details",
    {
      class: `hc-${name}`,
      open: ui.open.has(name),
      ontoggle: (event) => ui.open[event.target.open ? "add" : "delete"](name),
      onkeydown: (event) => {
        const fold = event.currentTarget;
        if (event.key !== "Escape" || !fold.open) return;
        event.preventDefault();
        fold.open = false;
        summary.focus();
      },
    },
    summary,
    content,
  );
}

// Up and down, Home and End within a list of things of which one has the focus.
function walk(event, nodes, go) {
  const at = nodes.indexOf(event.currentTarget);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: nodes.length - 1 }[event.key];
  if (to === undefined || !nodes[to]) return;
  event.preventDefault();
  go(nodes[to]);
}

function nameOf(ui, field, what) {
  return `hc-${ui.view}-${field.replace(/\W/g, "-")}-${what}`;
}

// ---------------------------------------------------------------------------------------------- a field, and what was found in it

// The control of one field: shows the newest value, tells what is typed, and is called invalid while something blocks.
function bindText(ui, node, field, read = (value) => value) {
  ui.shown.push(() => {
    const value = String(read(valueOf(ui, ui.chosen, field)) ?? "");
    // Text that differs in spaces only is being typed; and nothing changes under the hands of one who types.
    if (flat(node.value) !== flat(value)) {
      if (isTypedIn(node)) hold(ui, field, flat(node.value));
      else node.value = value;
    }
    stretch(node);
    node.readOnly = isLocked(ui, field);
    const bad = cardOf(ui, ui.chosen).findings.some((finding) => finding.field === field && finding.blocks);
    node.setAttribute("aria-invalid", String(bad));
  });
  node.addEventListener("input", () => {
    stretch(node);
    node.dataset.typed = "yes";
    edit(ui, ui.chosen, field, flat(node.value));
  });
  node.addEventListener("blur", () => {
    letGo(ui, node, field);
    // Setting the value ends what the browser can undo, so spaces that are not kept may stay in sight.
    if (node.value.includes("\n")) node.value = flat(node.value);
    stretch(node);
    flush(ui, ui.chosen);
  });
}

function isTypedIn(node) {
  return node === document.activeElement && node.dataset.typed === "yes";
}

// Something else stands on disk than in a field that is being typed in: going on typing there asks which one is to hold.
function hold(ui, field, shown) {
  const held = (ui.held[ui.chosen] ??= {});
  if (!isPending(ui, field) && !(field in held)) held[field] = shown;
}

function letGo(ui, node, field) {
  delete node.dataset.typed;
  if (ui.held[ui.chosen]?.[field] === undefined) return;
  delete ui.held[ui.chosen][field];
  setTimeout(() => node.isConnected && refresh(ui));
}

// A text field that is as high as its text: the copy behind it in the same place gives the height.
function stretch(node) {
  if (node.parentElement?.classList.contains("hc-tall")) node.parentElement.dataset.text = node.value || node.placeholder;
}

// What was found in a field, and the question that follows from a conflict.
function notices(ui, field, ...more) {
  const node = make("div", { class: "hc-notices", id: nameOf(ui, field, "notes") });
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    const found = card.findings.filter((finding) => [field, ...more].includes(finding.field));
    const clash = ui.clashes[ui.chosen]?.[field];
    const unsaved = ui.said[ui.chosen]?.bad && isPending(ui, field);
    // What was found is about the text on disk, and would be odd below another one.
    const rows = clash || unsaved ? [] : found.map(findingLine);
    if (clash) rows.push(clashQuestion(ui, field, clash));
    else if (unsaved) rows.push(make("p", { class: "hc-finding hc-bad" }, icon("warn"), make("b", {}, "Not on disk yet.")));
    const state = JSON.stringify([found, clash, unsaved]);
    if (node.dataset.state !== state) node.replaceChildren(...rows);
    node.dataset.state = state;
  });
  return node;
}

function findingLine(finding) {
  return make(
    "p",
    { class: finding.blocks ? "hc-finding" : "hc-finding hc-hint" },
    icon(finding.blocks ? "warn" : "info"),
    make("span", {}, make("b", {}, finding.what), ` ${finding.todo}`),
  );
}

function clashQuestion(ui, field, clash) {
  const key = ui.chosen;
  const settle = (value) => {
    delete ui.clashes[key][field];
    if (value === undefined) refresh(ui);
    else {
      openEdit(ui, key).base[field] = clash.theirs;
      edit(ui, key, field, value, 0);
    }
    focusField(ui, field);
    refresh(ui);
  };
  const line = (row) => (typeof row === "string" ? row : Object.values(row).filter(Boolean).join(": "));
  const words = (value) => (Array.isArray(value) ? value.map(line).join("; ") : value) || "nothing";
  return message(
    "warn",
    "warn",
    [
      make("b", {}, "Somebody else has changed this too. "),
      "On disk: ",
      make("q", { dir: "auto" }, words(clash.theirs)),
      " Yours: ",
      make("q", { dir: "auto" }, words(clash.mine)),
    ],
    [
      button("Keep mine", () => settle(clash.mine), { data: { focus: `mine ${field}` } }),
      button("Take theirs", () => settle(undefined), { data: { focus: `theirs ${field}` } }),
    ],
  );
}

// ---------------------------------------------------------------------------------------------- a note's words

function noteText(note, apart = "") {
  const who = [note.customer, note.role].filter(Boolean).join(", ");
  return make(
    "span",
    { class: "hc-said" },
    make(
      "span",
      { class: "hc-words", dir: "auto" },
      note.kind && note.kind !== "quote" && !note.gone ? mark(note.kind) : null,
      note.kind === "quote" ? `“${note.text}”` : note.text,
    ),
    make("span", { class: "hc-who", dir: "auto" }, note.counts === false ? `${who} (does not count)` : who),
    apart ? make("span", { class: "hc-apart" }, icon("warn"), apart) : null,
    note.where ? make("span", { class: "hc-where" }, note.where.replace(/^interviews\//, "")) : null,
  );
}
