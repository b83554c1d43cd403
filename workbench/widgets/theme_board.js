// The theme board. The kernel sends everything once, then what each act changed; `data` is what it said, `now` is that with
// the acts that are still on their way. A theme is known by its `key`, which stays the same while its id changes.
// A large board, which has `pages`, is told its notes as they come into sight (board_pages.js).

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const PATIENCE = 8000; // ms in which an act is on disk; after that the board says that it is not
const WORKING = 60000; // ms in which what follows from it is worked out
const LOOK_EVERY = 4000;
const COLUMN = 264; // px; as many columns stand open as fit
const LANE = 340; // px; a wider column has its cards side by side
const WEEKS = 8;
const GAP = 6;
const ROW = 84; // px; the height of a card that was not drawn yet
const TALLEST = 15e6; // px; browsers draw no element that is much taller
const REACH = 400; // px beyond the window in which cards are drawn
const FADE = 24; // px at the edge of a list that goes on
const FOLLOWED = 6; // so many notes that followed are listed before the rest is asked for
const TRAY = 0;
const FILE = "discovery/themes.yaml";
const DONE = {
  move: "Moved", aside: "Left out", merge: "Merged", new: "New theme of", rename: "Renamed", pin: "Pinned",
  apart: "Kept apart", keep: "Kept", undo: "Taken back", redo: "Brought back",
};
const KEYS = [
  [["←", "→", "↑", "↓"], "go from card to card", "go"], [["Enter"], "show the note in its call", ""], [["Space"], "select", "select"],
  [["Shift", "↓"], "select more", ""], [["m"], "pick up cards, or a theme to merge; then arrows or letters choose, Enter drops", "move or merge"],
  [["s"], "a new theme of the selected cards, wherever they are", "new theme"], [["r"], "rename the theme", "rename"],
  [["p"], "pin: two cards always together", "pin"], [["d"], "keep two cards apart", ""], [["x"], "leave out of all themes", "leave out"],
  [["k"], "keep what followed; else the theme as it is", ""], [["b"], "put back what followed", ""], [["u"], "undo", "undo"],
  [["y"], "redo", ""], [["/"], "search", "search"], [["a"], "select all hits", ""], [["f"], "filter", ""], [["-"], "fold a theme, or open it", ""],
  [["PgDn"], "a page of cards further, End to the last", ""], [["Esc"], "cancel, or clear", ""], [["?"], "all keys", "all keys"],
];

function render({ model, el }) {
  const root = ground(el, "wb-board");
  const b = {
    model, root, view: hex(), say: makeCrier(root), data: null, now: null, acts: [], lost: [], order: [], folds: new Map(),
    chosen: new Set(), from: -1, at: null, panel: null, find: blank(), words: [], filters: false, followed: null, message: null, news: null, fresh: new Set(),
    trouble: "", pages: null, cards: new Map(), columns: new Map(), drag: null, press: null, asked: 0, polled: 0, width: 0,
  };
  root.setAttribute("role", "region");
  root.setAttribute("aria-label", "Theme board");
  root.tabIndex = -1;
  layOut(b);
  const hear = (message) => answer(b, message);
  model.on("msg:custom", hear);
  const stopListening = listen(b);
  draw(b);
  hello(b);
  return () => {
    model.off("msg:custom", hear);
    stopListening();
  };
}

function blank() {
  return { text: "", segment: "", customer: "", kind: "", week: "", tag: "" };
}

function hex() {
  return [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function count(n) {
  return n.toLocaleString("en-GB");
}

function plural(n, noun) {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

function shorten(text, length = 60) {
  return text.length > length ? `${[...text].slice(0, length).join("")}…` : text;
}

// ---- What the kernel is asked, and what it answers ----

function send(b, message) {
  try {
    b.model.send({ ...message, view: b.view });
  } catch {
    silent(b); // the connection is closed
  }
}

function hello(b) {
  b.asked ||= Date.now();
  send(b, { what: "hello", asked: b.lost.map((act) => act.id) });
}

function answer(b, message) {
  b.asked = 0;
  if (b.message?.about === "silence") b.message = null;
  const mine = message.what === "changed" && b.acts.some((act) => act.id === message.act.id);
  if (message.what === "board") takeAll(b, message);
  else if (message.what === "changed") takeChange(b, message);
  else if (message.what === "saved") onDisk(b, message.id);
  else if (message.what === "failed") failed(b, message);
  else if (message.view !== b.view) return;
  else if (message.what === "cards") hearCards(b, message);
  else if (message.what === "found") hearLists(b, message);
  else if (message.what === "after") hearAfter(b, message);
  else if (message.what === "note" && b.panel?.kind === "note" && b.panel.note === message.note) hearNote(b, message);
  else if (message.what === "alive") hearAlive(b, message);
  draw(b);
  if (message.what === "note") showHere(b);
  // What I have moved may have come to lie elsewhere; what somebody else did moves no page under my eyes.
  if (mine && document.activeElement?.closest?.("[data-note], [data-head], [data-tile]") && b.root.contains(document.activeElement)) focusAt(b);
}

function hearAlive(b, message) {
  b.news = message.news ?? null;
  if (message.working) for (const act of b.acts) act.until = Date.now() + WORKING;
}

function takeAll(b, message) {
  if (message.view && message.view !== b.view && b.data?.version === message.version) return;
  b.trouble = message.trouble ?? "";
  if (b.trouble) return;
  performance.mark("theme-board-data"); // benchmarks/board.py measures from here to the first picture
  const before = b.data;
  b.data = { ...message, themes: new Map(message.themes.map((row) => [row.key, row])) };
  const anew = before && before.reads !== message.reads;
  if (anew || !before) b.fresh = new Set();
  if (message.large) openPages(b, message);
  else b.pages = null;
  prepare(b.data, b.pages);
  if (anew && (b.pages || before.large)) letGo(b, before, message.fresh);
  else if (anew) {
    renumber(b, before);
    showFresh(b, before);
  }
  b.order = before ? keepOrder(b.order, message.themes.map((row) => row.key)) : message.themes.map((row) => row.key);
  b.cards.clear();
  b.chosen.clear();
  b.news = null;
  for (const act of b.lost) {
    if (message.on_disk.includes(act.id)) b.message = { tone: "", text: `Your last correction (${describe(b, act)}) is on disk.` };
  }
  b.lost = [];
  b.acts = b.acts.filter((act) => !message.on_disk.includes(act.id));
  replay(b);
}

// Of a large board only the kernel knows what the notes were numbered before; an act that is sent again says which reading it means.
function letGo(b, before, fresh) {
  b.at = b.at?.note === undefined ? b.at : { key: before.notes.theme[b.at.note] };
  if (b.panel?.kind !== "keys") b.panel = null;
  b.followed = null;
  b.from = -1;
  b.message = null;
  if (fresh) sayFresh(b, fresh.n, fresh.themes, fresh.left);
}

// Which notes were not on the board before, and where they have come to lie.
function showFresh(b, before) {
  const known = new Set(before.notes.text.map((_, i) => noteId(before, i)));
  b.fresh = new Set(b.data.notes.text.map((_, i) => i).filter((i) => !known.has(noteId(b.data, i))));
  if (!b.fresh.size) return;
  const themes = new Set([...b.fresh].map((i) => b.data.notes.theme[i]));
  const left = [...b.fresh].filter((i) => b.data.notes.theme[i] === TRAY).length;
  sayFresh(b, b.fresh.size, themes.size - (left ? 1 : 0), left);
}

function sayFresh(b, n, themes, left) {
  const places = [themes && `in ${plural(themes, "theme")}`, left && `${count(left)} left out`].filter(Boolean).join(", ");
  b.message = { tone: "", text: `${plural(n, "note")} ${n === 1 ? "is" : "are"} marked as new: ${places}.` };
  b.say(b.message.text);
}

function noteId(data, i) {
  return `${data.calls.id[data.notes.call[i]]}#${data.notes.id[i]}`;
}

// Read anew, the notes have other numbers: what named one by its old number names it by its new one, or is let go.
function renumber(b, before) {
  const now = new Map(b.data.notes.text.map((_, i) => [noteId(b.data, i), i]));
  const number = (i) => now.get(noteId(before, i));
  const there = (act) => !act.notes || act.notes.every((i) => number(i) !== undefined);
  const renewed = (act) => ({ ...act, reads: b.data.reads, ...(act.notes && { notes: act.notes.map(number) }) });
  b.acts = b.acts.filter(there).map(renewed);
  b.lost = b.lost.filter(there).map(renewed);
  if (b.at?.note !== undefined) b.at = number(b.at.note) === undefined ? { key: before.notes.theme[b.at.note] } : { note: number(b.at.note) };
  if (b.panel?.kind !== "keys") b.panel = null;
  b.followed = null;
  b.from = -1;
}

function takeChange(b, message) {
  if (!b.data || message.from !== b.data.version) {
    if (b.data?.version !== message.to) hello(b); // this view has missed something
    return;
  }
  const { data } = b;
  const mine = b.acts.find((act) => act.id === message.act.id);
  const later = b.pages && !mine && !message.working && data.working; // what follows from an act that was shown before
  const went = takenAlong(b, message);
  const behind = message.act.theme ?? data.notes.theme[message.act.notes?.[0]];
  data.version = message.to;
  data.status = message.status;
  data.working = message.working;
  if (!b.pages) {
    message.notes.at.forEach((i, n) => {
      data.notes.theme[i] = message.notes.theme[n];
      data.notes.reason[i] = message.notes.reason[n];
      delete data.notes.like[i];
    });
    Object.assign(data.notes.like, message.notes.like);
  }
  for (const row of message.themes) data.themes.set(row.key, row);
  const there = new Set(message.order);
  for (const key of data.themes.keys()) if (!there.has(key)) data.themes.delete(key);
  data.rank = message.order;
  if (b.pages) {
    data.n_left = message.n_left;
    renewLists(b, message);
  }
  b.acts = b.acts.filter((act) => act.id !== message.act.id);
  const late = b.lost.some((act) => act.id === message.act.id);
  b.lost = b.lost.filter((act) => act.id !== message.act.id);
  b.order = keepOrder(b.order, message.order, behind);
  b.followed = mine?.back && b.followed && went ? { ...b.followed, rows: [...b.followed.rows, ...went.rows] } : mine?.back ? (b.followed ?? went) : went;
  if (late || b.message?.about === message.act.id) b.message = null;
  replay(b);
  if (mine?.do === "new") b.folds.set(b.now.theme[mine.notes[0]], false);
  if (!later || message.n_followed) follow(b, message, mine);
  if (b.pages) findAgain(b, mine);
}

// What followed from an act, to be kept or put back.
function takenAlong(b, message) {
  const { act, followed, n_followed } = message;
  if (!followed.length) return null;
  return { act, rows: followed.map(([note, from]) => ({ note, from, title: titleOf(b, from), was: reasonOf(b, note) })), unseen: n_followed - followed.length, all: false };
}

// Themes stay where they stand, and one that is gone has its place kept until it is back; a new one comes behind the one that
// it was taken from.
function keepOrder(order, keys, behind) {
  const kept = order.slice();
  const known = new Set(kept);
  for (const key of keys.filter((one) => !known.has(one))) {
    const at = kept.indexOf(behind);
    if (at >= 0) kept.splice(at + 1, 0, key);
    else kept.push(key);
  }
  return kept;
}

function onDisk(b, id) {
  const act = b.acts.find((one) => one.id === id);
  if (act) {
    act.saved = true;
    act.until = Date.now() + WORKING;
  }
}

function failed(b, message) {
  const act = [...b.acts, ...b.lost].find((one) => one.id === message.id);
  if (message.id && !act) return; // another view's, which says so itself
  if (!message.id && message.view && message.view !== b.view) return;
  if (!message.id && b.data) b.data.working = false;
  const retry = act && message.again ? { label: "Try again", go: () => perform(b, act) } : null;
  const lead = act && !act.saved && !message.quiet ? "Not saved. " : "";
  b.message = { tone: message.quiet ? "" : "wb-bad", text: `${lead}${sentence(message.why.replace(/^Not saved: /, ""))}`, about: message.id, retry };
  drop(b, act);
  b.say(b.message.text);
}

function sentence(text) {
  const said = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(said) ? said : `${said}.`;
}

function drop(b, act) {
  if (!act) return;
  b.acts = b.acts.filter((one) => one !== act);
  b.lost = b.lost.filter((one) => one !== act);
  replay(b);
}

function silent(b) {
  if (b.message?.about === "silence" && !b.acts.length) return;
  const waiting = b.acts.filter((act) => !act.saved);
  b.lost.push(...waiting);
  b.acts = b.acts.filter((act) => act.saved);
  const last = b.lost.at(-1);
  const disk = last ? `Your last correction (${describe(b, last)}) is not on disk.` : "Your last correction is on disk.";
  const text = `The kernel is not answering. If another cell is running, wait until it has ended; otherwise run this cell again. ${b.data?.status.corrected || last ? disk : ""}`;
  b.message = { tone: "wb-bad", text, about: "silence", retry: last && { label: "Try again", go: () => again(b) } };
  b.asked = 0;
  if (b.data) replay(b);
  b.say(text);
  draw(b);
}

function again(b) {
  const acts = b.lost;
  b.lost = [];
  b.message = null;
  for (const act of acts) perform(b, act);
}

// An act: shown at once, then settled by the kernel's answer.
function perform(b, what) {
  const act = { id: hex(), reads: b.data.reads, ...what, saved: false, until: Date.now() + PATIENCE };
  b.lost = b.lost.filter((one) => one.id !== act.id);
  if (b.message?.about !== "silence") b.message = null;
  b.acts.push(act);
  b.panel = null;
  b.chosen.clear();
  if (!["pin", "apart"].includes(act.do)) b.followed = null;
  replay(b);
  const { saved, until, back, ...sent } = act;
  send(b, { what: "act", act: sent });
  draw(b);
}

function describe(b, act) {
  const some = act.notes ? plural(act.notes.length, "note") : "";
  const words = { move: `move of ${some}`, aside: `leaving out ${some}`, new: `new theme of ${some}`, undo: "undo", redo: "redo" };
  return words[act.do] ?? act.do;
}

// After an act the focus goes with the card that was moved, and what happened is said.
function follow(b, { act, n_followed }, mine) {
  const target = act.do === "merge" ? act.into : act.theme;
  const title = b.now.themes.has(target) ? titleOf(b, target) : "";
  let said = `${DONE[act.do]}${act.notes ? ` ${plural(act.notes.length, "note")}` : ""}`;
  if (title && ["move", "merge", "rename", "keep"].includes(act.do)) said += `${act.do === "rename" ? ":" : act.do === "keep" ? "" : " to"} ${title}`;
  said += `. Saved to ${FILE}.`;
  if (n_followed) said += ` ${plural(n_followed, "more note")} followed: k keeps them, b puts them back.`;
  b.say(said);
  if (!mine) return;
  if (act.notes?.length) b.at = { note: act.notes[0] };
  else if (act.do === "merge") b.at = { key: act.into };
}

// ---- What is known, and what follows from acts on their way ----

function prepare(data, pages) {
  const { notes, calls } = data;
  data.rank = [...data.themes.keys()];
  data.year = (data.weeks.at(-1) ?? "").slice(0, 4);
  if (pages) return;
  notes.works = new Set(notes.works);
  notes.low = notes.text.map((text, i) => `${text} ${(notes.tags[i] ?? []).map((tag) => `#${tag}`).join(" ")} ${data.customers[calls.customer[notes.call[i]]]}`.toLowerCase());
  calls.week = calls.day.map(monday);
}

function monday(day) {
  if (!day) return "";
  const date = new Date(`${day}T00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

function dayWords(b, day) {
  if (!day) return "no date";
  const [year, month, date] = day.split("-");
  return `${Number(date)} ${MONTHS[month - 1]}${year === b.data.year ? "" : ` ${year}`}`;
}

function customerOf(b, i) {
  return b.data.calls.customer[b.data.notes.call[i]];
}

function customersOf(b, notes) {
  return new Set(notes.map((i) => customerOf(b, i)));
}

function replay(b) {
  const { data, pages } = b;
  if (!data) return;
  const theme = pages ? { ...data.notes.theme } : data.notes.theme.slice();
  const themes = new Map([...data.themes].map(([key, row]) => [key, { ...row }]));
  const lists = new Map(pages ? pages.lists : [[TRAY, leftOut(data)], ...[...data.themes].map(([key, row]) => [key, row.notes])]);
  const sizes = new Map([[TRAY, pages ? data.n_left : lists.get(TRAY).length], ...[...data.themes].map(([key, row]) => [key, row.n_notes])]);
  const touched = new Set();
  const own = (key) => {
    if (lists.has(key) && !touched.has(key)) {
      touched.add(key);
      lists.set(key, lists.get(key).slice());
    }
    return lists.get(key);
  };
  const move = (notes, to) => {
    for (const i of notes) {
      const from = theme[i];
      if (from === to || from === undefined) continue;
      const left = own(from);
      const n = left?.indexOf(i) ?? -1;
      if (n >= 0) left.splice(n, 1);
      own(to)?.unshift(i);
      sizes.set(from, sizes.get(from) - 1).set(to, sizes.get(to) + 1);
      theme[i] = to;
    }
  };
  for (const act of b.acts) {
    if (act.notes && act.reads !== data.reads) continue; // its notes are numbered as they were before
    if (act.do === "move") move(act.notes, act.theme);
    if (act.do === "aside") move(act.notes, TRAY);
    if (act.do === "rename" && themes.has(act.theme)) themes.get(act.theme).name = act.name;
    if (act.do === "merge" && themes.has(act.into)) {
      const gone = lists.get(act.theme) ?? [];
      lists.set(act.into, gone.concat(own(act.into)));
      for (const i of Object.keys(theme)) if (theme[i] === act.theme) theme[i] = act.into;
      sizes.set(act.into, sizes.get(act.into) + (sizes.get(act.theme) ?? 0));
      if (act.name) themes.get(act.into).name = act.name;
      themes.delete(act.theme);
    }
    if (act.do === "new" && pages) for (const i of act.notes) own(theme[i]);
  }
  for (const key of touched) {
    const row = themes.get(key);
    if (row) Object.assign(row, pages ? { counting: true } : countOf(b, lists.get(key)));
  }
  if (!pages && touched.has(TRAY)) lists.get(TRAY).sort((one, other) => one - other);
  b.now = { theme, themes, lists, sizes };
  if (!pages) for (const i of b.chosen) if (i >= theme.length) b.chosen.delete(i);
}

function leftOut(data) {
  const tray = [];
  data.notes.theme.forEach((key, i) => key === TRAY && tray.push(i));
  return tray;
}

function countOf(b, notes) {
  const segments = {};
  const customers = customersOf(b, notes);
  for (const customer of customers) {
    const segment = b.data.segments[customer];
    segments[segment] = (segments[segment] ?? 0) + 1;
  }
  return { n: customers.size, segments };
}

function titleOf(b, key) {
  if (key === TRAY) return "Left out";
  const row = b.now.themes.get(key);
  return row ? row.name || row.claim : "a theme that is gone";
}

// Rising or falling is said when the later half of the weeks differs from the earlier by half and by two customers at least,
// beside how many were spoken to in each.
function trend(b, row) {
  if (!row.trend) return null;
  const { bars, halves: [early, late] } = row.trend;
  const [ofEarly, ofLate] = b.data.spoken;
  const half = Math.floor(bars.length / 2);
  const expected = ofEarly ? (early * ofLate) / ofEarly : late;
  const before = ofLate ? (late * ofEarly) / ofLate : early;
  let word = "steady";
  if (late >= 1.5 * expected && late - expected >= 2) word = "rising";
  else if (early >= 1.5 * before && early - before >= 2) word = "falling";
  const said = `${word}: raised by ${count(early)} of ${plural(ofEarly, "customer")} in the first ${half} weeks, by ${count(late)} of ${count(ofLate)} in the last ${bars.length - half}`;
  return { bars, word, said };
}

function searching(b) {
  return Object.values(b.find).some(Boolean);
}

function isHit(b, i) {
  const { find, data } = b;
  const call = data.notes.call[i];
  const customer = data.calls.customer[call];
  return (
    (!find.segment || data.segments[customer] === find.segment) &&
    (!find.customer || data.customers[customer] === find.customer) &&
    (!find.kind || data.kinds[data.notes.kind[i]] === find.kind) &&
    (!find.week || data.calls.week[call] === find.week) &&
    (!find.tag || (data.notes.tags[i] ?? []).includes(find.tag)) &&
    b.words.every((word) => data.notes.low[i].includes(word))
  );
}

// Which notes each theme and the tray show now, and which themes stand open.
function survey(b) {
  b.words = b.find.text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = !searching(b);
  const shown = (notes) => (all || b.pages ? notes : notes.filter((i) => isHit(b, i)));
  b.lists = new Map([...b.order.filter((key) => b.now.themes.has(key)), TRAY].map((key) => [key, shown(b.now.lists.get(key) ?? [])]));
  const keys = b.order.filter((key) => b.lists.has(key));
  let room = columnsInRow(b);
  const isOpen = (key) => {
    if (!b.lists.get(key).length && !all) return false;
    const fold = b.folds.get(key);
    if (fold === undefined && room > 0) {
      room -= 1;
      return true;
    }
    return fold === false;
  };
  b.open = keys.filter(isOpen);
  const open = new Set(b.open);
  b.folded = keys.filter((key) => !open.has(key));
  if (!all) b.folded.sort((one, other) => Boolean(b.lists.get(other).length) - Boolean(b.lists.get(one).length));
}

function columnsInRow(b) {
  return Math.max(1, Math.floor((b.width + 10) / (COLUMN + 10)));
}

// ---- Drawing ----

function layOut(b) {
  b.bar = make("div", { class: "tb-bar" });
  b.panels = make("div", { class: "tb-panels" });
  b.columnsNode = make("div", { class: "tb-columns" });
  b.tiles = make("div", { class: "tb-tiles" });
  b.tray = make("section", { class: "tb-tray", data: { key: TRAY } });
  b.foot = make("div", { class: "tb-foot" });
  b.root.append(b.bar, b.panels, b.columnsNode, b.tiles, b.tray, b.foot);
}

// Built again only when what it says has changed. What is typed there, and the focus, outlive that for as long as it is the
// same thing that is shown.
let rebuilding = false;

function memo(node, signature, build, thing) {
  const text = JSON.stringify(signature);
  if (node.drawnAs === text) return false;
  node.drawnAs = text;
  const fields = node.thing === thing ? fieldsOf(node) : [];
  const at = fields.indexOf(document.activeElement);
  const selection = at >= 0 && [fields[at].selectionStart, fields[at].selectionEnd];
  rebuilding = true;
  node.replaceChildren(...[build()].flat(Infinity).filter(Boolean));
  rebuilding = false;
  node.thing = thing;
  if (fields.length) carryOver(fields, at, selection, fieldsOf(node));
  return true;
}

function fieldsOf(node) {
  return [...node.querySelectorAll("input, button")];
}

function carryOver(before, at, selection, after) {
  const same = before.length === after.length;
  if (same) after.forEach((field, k) => field.matches("input") && Object.assign(field, { value: before[k].value, checked: before[k].checked }));
  const words = (field) => field.getAttribute("aria-label") ?? field.textContent;
  const next = at < 0 ? null : same ? after[at] : after.find((field) => words(field) === words(before[at]));
  next?.focus({ preventScroll: true });
  if (next?.matches("input[type=text], input:not([type])")) next.setSelectionRange(...selection);
}

function draw(b) {
  const focused = b.root.contains(document.activeElement);
  b.root.setAttribute("aria-busy", String(!b.data && !b.trouble));
  if (b.data) survey(b);
  const height = b.bar.offsetHeight + b.panels.offsetHeight;
  drawBar(b);
  drawPanels(b);
  // A panel that opens above must not push what is under the pointer or has the focus away.
  const grown = b.bar.offsetHeight + b.panels.offsetHeight - height;
  if (grown && b.data && focused && !b.bar.contains(document.activeElement) && !b.panels.contains(document.activeElement)) scrollerOf(b).scrollTop += grown;
  drawColumns(b);
  drawTiles(b);
  drawTray(b);
  drawFoot(b);
  if (!b.data) return;
  settle(b);
  if (focused && (!b.root.contains(document.activeElement) || document.activeElement === b.root)) focusAt(b);
}

function drawBar(b) {
  const { data, find } = b;
  const nothing = !data?.n_notes;
  b.bar.hidden = nothing;
  if (nothing) return;
  if (!b.bar.childElementCount) buildBar(b);
  memo(b.segmentsNode, [data.version === undefined, segmentsOf(b), find.segment], () => drawSegments(b));
  memo(b.orderNode, [Boolean(b.pages), b.pages?.newest], () => drawOrder(b));
  b.filterButton.setAttribute("aria-expanded", String(b.filters));
  const { text, ...others } = find;
  const n = Object.values(others).filter(Boolean).length;
  memo(b.filterButton, n, () => [icon("filter"), make("span", {}, n ? `Filter: ${n}` : "Filter")]);
  b.filterButton.classList.toggle("tb-on", n > 0);
  b.filterRow.classList.toggle("tb-buttons", b.segmentsNode.childElementCount > 0);
  b.filterRow.hidden = !b.filters;
  memo(b.filterRow, [b.filters, data.view, data.all_weeks], () => (b.filters ? drawFilters(b) : []));
  for (const select of b.filterRow.querySelectorAll("select")) select.value = find[select.name];
  memo(b.statusNode, [data.status, data.working, b.acts.map((act) => act.saved), b.message?.about, b.message?.tone], () => drawStatus(b));
  memo(b.hitsNode, searching(b) ? [find, b.data.version, b.acts.length, b.chosen.size, b.pages?.waiting, b.pages?.found] : [], () => (searching(b) ? drawHits(b) : []));
}

function buildBar(b) {
  b.searchField = make("input", {
    class: "wb-input", type: "search", placeholder: "Search notes", "aria-label": "Search notes", dir: "auto",
    oninput: () => {
      b.find.text = b.searchField.value;
      if (b.pages) askListsSoon(b);
      draw(b);
    },
    onkeydown: (event) => {
      if (event.key !== "Enter" && event.key !== "ArrowDown") return;
      const key = [...b.open, TRAY].find((one) => b.lists.get(one).length);
      if (key !== undefined) goToRow(b, key, 0);
      event.preventDefault();
    },
  });
  b.segmentsNode = make("div", { class: "tb-segments", role: "group", "aria-label": "Segment" });
  b.filterButton = button([], () => toggleFilters(b), { look: "wb-quiet", title: "Filter (f)" });
  b.orderNode = make("div", { class: "tb-order" });
  b.statusNode = make("div", { class: "tb-status" });
  b.filterRow = make("div", { class: "tb-filters" });
  b.hitsNode = make("div", { class: "tb-hits" });
  b.bar.append(
    make("div", { class: "tb-first" },
      make("div", { class: "tb-search" }, icon("search"), b.searchField, make("span", { "aria-hidden": "true" }, key("/"))),
      b.segmentsNode, b.orderNode, b.filterButton, b.statusNode),
    b.filterRow, b.hitsNode,
  );
}

function segmentsOf(b) {
  return b.data.segment_names ?? [...new Set(b.data.segments)].filter(Boolean).sort();
}

function drawSegments(b) {
  const segments = segmentsOf(b);
  if (segments.length < 2 || segments.length > 4) return [];
  return ["", ...segments].map((segment) =>
    button(make("bdi", {}, segment || "All segments"), () => {
      b.find.segment = segment;
      look(b);
    }, { look: `wb-quiet${b.find.segment === segment ? " tb-on" : ""}`, "aria-pressed": String(b.find.segment === segment) }));
}

// Of lists that nobody reads to their end, what came last is worth as much as what is most typical.
function drawOrder(b) {
  if (!b.pages) return [];
  const { newest } = b.pages;
  return button("Newest first", () => newestFirst(b), { look: `wb-quiet${newest ? " tb-on" : ""}`, title: "Newest first, or most typical first (n)", "aria-pressed": String(newest) });
}

function newestFirst(b) {
  if (!b.pages) return;
  b.pages.newest = !b.pages.newest;
  b.say(b.pages.newest ? "The newest notes first" : "The most typical notes first");
  for (const list of [b.trayList, ...[...b.columns.values()].map((column) => column.list)]) list.node.scrollTop = 0;
  if (b.at?.note !== undefined) b.at = { key: themeAt(b) };
  look(b);
}

// Another search or order holds.
function look(b) {
  if (b.pages) askLists(b);
  draw(b);
}

function toggleFilters(b) {
  b.filters = !b.filters;
  draw(b);
  if (b.filters) [...b.filterRow.querySelectorAll("select")].find((select) => select.offsetParent)?.focus();
}

function drawFilters(b) {
  const { data } = b;
  const tags = data.tags ?? [...new Set(Object.values(data.notes.tags).flat())].sort();
  const kinds = data.kinds_there ?? [...new Set(data.notes.kind)].map((kind) => data.kinds[kind]);
  const choices = {
    // Of a large board customers are too many to choose from; the search finds them by name.
    segment: ["Segment", segmentsOf(b)], ...(!b.pages && { customer: ["Customer", data.customers] }), kind: ["Kind", kinds],
    week: ["Week", data.all_weeks.slice().reverse(), (week) => `week of ${dayWords(b, week)}`], tag: ["Tag", tags, (tag) => `#${tag}`],
  };
  const fields = Object.entries(choices).map(([name, [label, values, words = (value) => value]]) =>
    make("label", { class: `wb-field tb-by-${name}` }, make("span", {}, label),
      make("select", {
        class: "wb-input", name, onchange: (event) => {
          b.find[name] = event.target.value;
          look(b);
        },
      }, make("option", { value: "" }, "any"), values.map((value) => make("option", { value }, words(value))))));
  return fields;
}

function clearFind(b) {
  b.find = blank();
  b.searchField.value = "";
  look(b);
}

function hits(b) {
  return [...b.lists.values()].flat();
}

function drawHits(b) {
  if (b.pages?.waiting || (b.pages && !b.pages.found)) return [make("span", { role: "status" }, "Searching…")];
  const [n, customers] = b.pages ? [b.pages.found.n, b.pages.found.customers] : [hits(b).length, customersOf(b, hits(b)).size];
  const themes = [...b.lists].filter(([key, notes]) => key !== TRAY && notes.length).length;
  const where = [themes && plural(themes, "theme"), b.lists.get(TRAY).length && "the tray"].filter(Boolean).join(" and ");
  const said = n
    ? `${plural(n, "note")} of ${count(b.data.n_notes)}, from ${plural(customers, "customer")}, in ${where}.`
    : "No note is like that.";
  return [
    make("span", { role: "status" }, said),
    n ? [button(["Select all", ...key("a")], () => chooseHits(b), { look: "wb-quiet" })] : [],
    button(["Clear", ...key("Esc")], () => {
      clearFind(b);
      focusAt(b);
    }, { look: "wb-quiet" }),
  ];
}

function drawStatus(b) {
  const { status } = b.data;
  const waiting = b.acts.filter((act) => !act.saved).length;
  const bad = b.message?.tone === "wb-bad";
  const [sign, words, more] = waiting ? ["clock", "Saving…"] : bad ? ["warn", "Not saved"] : b.acts.length || b.data.working ? ["check", "Saved", "; looking at what follows…"]
    : status.corrected ? ["check", "Saved"] : ["info", "Nothing corrected yet"];
  const file = sign === "check" && make("span", { class: "tb-file" }, ` to ${status.file}`);
  return [
    make("span", { class: `wb-status ${bad && !waiting ? "wb-bad" : ""}`, title: file ? `Saved to ${status.file}` : "" }, icon(sign), make("span", {}, words, file, more)),
    status.redo ? button([icon("redo"), hidden(`Redo: ${status.redo}`)], () => perform(b, { do: "redo" }), { look: "wb-quiet", title: `Redo: ${status.redo} (y)` }) : [],
    button([icon("undo"), make("span", { class: "tb-undo" }, status.undo ? `Undo: ${status.undo}` : "Undo"), ...key("u")], () => status.undo && perform(b, { do: "undo" }), { "aria-disabled": String(!status.undo) }),
  ];
}

function drawPanels(b) {
  const { data } = b;
  if (!b.panels.childElementCount) {
    b.slots = {};
    for (const name of ["state", "message", "news", "odd", "followed", "panel"]) {
      b.slots[name] = make("div", { class: `tb-slot tb-slot-${name}` });
      b.panels.append(b.slots[name]);
    }
  }
  memo(b.slots.state, [!data, b.trouble, data?.n_notes === 0, data && b.now.themes.size === 0], () => drawState(b));
  memo(b.slots.message, [b.message?.text, b.message?.tone, Boolean(b.message?.retry)], () => drawMessage(b));
  memo(b.slots.news, b.news, () => drawNews(b));
  memo(b.slots.odd, data?.status.problems ?? [], () => drawOdd(b));
  memo(b.slots.followed, b.followed && [b.followed.act.id, b.followed.rows.map((row) => row.note), b.followed.all, data.version], () => drawFollowed(b));
  const shown = b.panel ?? (b.chosen.size ? { kind: "chosen" } : null);
  const { redraw, ...fixed } = shown ?? {};
  const signature = shown && [fixed.kind, fixed.notes, fixed.theme, fixed.into, fixed.note, fixed.said, b.pages?.after?.said?.number, shown.kind === "chosen" && [...b.chosen].map((i) => b.now.theme[i]), b.data?.version];
  memo(b.slots.panel, signature, () => drawPanel(b, shown), b.panel ?? "chosen");
  if (shown) shown.redraw?.();
}

function drawState(b) {
  if (b.trouble) {
    return make("div", { class: "wb-message wb-bad", role: "alert" }, icon("warn"), make("div", { class: "wb-said" }, make("b", {}, "The board cannot open. "), sentence(b.trouble)),
      make("div", { class: "wb-acts" }, button("Try again", () => send(b, { what: "read" }))));
  }
  if (!b.data) {
    return make("div", { class: "tb-loading" }, make("p", {}, "Reading the notes…"), make("div", { class: "tb-shapes", "aria-hidden": "true" }, [1, 2, 3].map(() => make("span"))));
  }
  if (!b.data.n_notes) {
    return make("div", { class: "tb-empty" }, make("h3", {}, "No notes yet"),
      make("p", {}, "Themes need notes from two customers. Two ways to begin:"),
      make("ul", {}, make("li", {}, "type a call while you listen: ", make("code", {}, "Capture(\"..\")"), " in a cell above;"),
        make("li", {}, "or put a call as a ", make("code", {}, ".md"), " file into ", make("code", {}, "interviews/"), ".")),
      make("p", { class: "wb-mute" }, "The board looks for new notes by itself."));
  }
  if (!b.now.themes.size) {
    return make("div", { class: "wb-message" }, icon("info"), make("div", { class: "wb-said" }, make("b", {}, "Not yet a theme. "), "No two notes are alike so far. They wait below; with more calls themes appear."));
  }
  return [];
}

function drawMessage(b) {
  const { message } = b;
  if (!message) return [];
  const close = () => {
    b.message = null;
    draw(b);
    focusAt(b);
  };
  return make("div", { class: `wb-message ${message.tone}`, role: message.tone ? "alert" : "status" }, icon(message.tone === "wb-bad" ? "warn" : "info"),
    make("div", { class: "wb-said", dir: "auto" }, message.text),
    make("div", { class: "wb-acts" }, message.retry && button(message.retry.label, message.retry.go), button("Close", close, { look: "wb-quiet" })));
}

function drawNews(b) {
  const { news } = b;
  if (!news) return [];
  const parts = [
    news.readable && "The workspace can be read now",
    news.notes && `${plural(news.notes, "new note")} in ${plural(news.calls, "call")}`,
    news.gone && `${plural(news.gone, "note")} reworded or gone`,
    news.acts && `${plural(news.acts, "new correction")} by ${news.by.join(" and ")}`,
    news.customers && "the list of customers has changed",
    news.tables?.length && `${news.tables.join(" and ")} ${news.tables.length > 1 ? "have" : "has"} changed`,
  ].filter(Boolean);
  return make("div", { class: "wb-message tb-news", role: "status" }, icon("info"), make("div", { class: "wb-said" }, make("bdi", {}, `${sentence(parts.join("; "))}`)),
    make("div", { class: "wb-acts" }, button("Show them", () => readAnew(b))));
}

function readAnew(b) {
  if (b.pages) Object.assign(b, { news: null, message: { tone: "", text: "Reading the notes… What you correct meanwhile is done after that." } });
  send(b, { what: "read" });
  draw(b);
}

function drawOdd(b) {
  const problems = b.data?.status.problems ?? [];
  if (!problems.length) return [];
  return make("details", { class: "tb-odd" }, make("summary", {}, icon("warn"), ` ${plural(problems.length, "thing")} to look at in your files`),
    make("ul", {}, problems.slice(0, 50).map((problem) => make("li", { dir: "auto" }, problem)), problems.length > 50 && make("li", {}, `and ${count(problems.length - 50)} more; workbench notes lists all`)));
}

// What followed. It holds already, so keeping it writes nothing; putting back is an act.
function drawFollowed(b) {
  const { followed } = b;
  if (!followed) return [];
  const { act, rows, unseen } = followed;
  const own = act.notes?.length === 1 ? quoted(b, act.notes[0], 60) : act.notes ? plural(act.notes.length, "note") : "";
  const did = `${DONE[act.do]}${own ? ` ${own}` : ""}`;
  // Where all went the same way it is said once.
  const way = new Set(rows.map((row) => `${row.from} ${b.now.theme[row.note]}`)).size === 1 ? ` ${fromTo(b, rows[0])}` : "";
  const shown = followed.all ? rows : rows.slice(0, FOLLOWED);
  return make("section", { class: "tb-panel tb-followed", "aria-label": "What followed" },
    make("header", {}, icon("check"), make("b", { dir: "auto" }, `${did}. ${plural(rows.length + unseen, "more note")} followed${way}.`),
      make("div", { class: "wb-acts" }, button([icon("check"), rows.length > 1 ? "Keep all" : "Keep", ...key("k")], () => keepAll(b), { look: "wb-main" }),
        !unseen && button([icon("undo"), rows.length > 1 ? "Put all back" : "Put back", ...key("b")], () => putBack(b, rows)))),
    make("ul", {}, shown.map((row) => make("li", {}, mark(kindOf(b, row.note)), make("span", { class: "tb-said", dir: "auto" }, quoted(b, row.note, 160)),
      make("span", { class: "tb-because" }, sentence([way ? "" : fromTo(b, row), why(b, row)].filter(Boolean).join(", "))),
      make("span", { class: "wb-acts" },
        button([icon("check"), "Keep"], () => keepOne(b, row), { "aria-label": `Keep ${quoted(b, row.note, 40)}` }),
        button([icon("undo"), "Put back"], () => putBack(b, [row]), { look: "wb-quiet", "aria-label": `Put back ${quoted(b, row.note, 40)}` }))))),
    shown.length < rows.length && button(`${rows.length - shown.length} more`, () => {
      followed.all = true;
      draw(b);
    }, { look: "wb-quiet" }),
    unseen > 0 && make("p", { class: "wb-mute" }, `The first ${count(rows.length)} are listed. Undo takes all of it back.`));
}

function fromTo(b, row) {
  const title = row.from === TRAY || b.now.themes.has(row.from) ? titleOf(b, row.from) : row.title;
  return `from “${shorten(title, 40)}” to “${shorten(titleOf(b, b.now.theme[row.note]), 40)}”`;
}

function why(b, row) {
  const like = b.data.notes.like[row.note];
  if (like?.length) return `being like ${quoted(b, like[0], 50)}${like.length > 1 ? ` and ${like.length - 1} more` : ""}`;
  if (row.was === "came along") return "the cards that it had come along with are elsewhere now";
  return { joined: "too few were left there to stand alone", "kept apart": "kept apart", pinned: "pinned to a card" }[reasonOf(b, row.note)] ?? "found with these now";
}

function keepOne(b, row) {
  b.followed.rows = b.followed.rows.filter((one) => one !== row);
  if (!b.followed.rows.length) return keepAll(b);
  draw(b);
  b.slots.followed.querySelector("li button")?.focus();
}

function keepAll(b) {
  b.followed = null;
  b.say("Kept as it is.");
  draw(b);
  focusAt(b);
}

function putBack(b, rows) {
  const left = b.followed.rows.filter((row) => !rows.includes(row));
  const was = b.followed;
  const by = new Map();
  for (const row of rows) {
    by.set(row.from, [...(by.get(row.from) ?? []), row.note]);
  }
  for (const [theme, notes] of by) perform(b, theme === TRAY ? { do: "aside", notes, back: true } : { do: "move", theme, notes, back: true });
  b.followed = left.length ? { ...was, rows: left, all: false } : null;
  draw(b);
}

function kindOf(b, i) {
  return b.data.kinds[b.data.notes.kind[i]];
}

function quoted(b, i, length = 400) {
  const text = shorten(b.data.notes.text[i], length);
  return kindOf(b, i) === "quote" || length < 100 ? `“${text}”` : text;
}

// ---- Columns, tiles, tray: only cards near the window are in the page ----

function drawColumns(b) {
  b.columnsNode.hidden = !b.data?.n_notes;
  if (!b.data) return;
  const wanted = new Set(b.open);
  for (const [key, column] of b.columns) {
    if (wanted.has(key)) continue;
    column.node.remove();
    b.columns.delete(key);
  }
  b.open.forEach((key, n) => {
    let column = b.columns.get(key);
    if (!column) {
      column = makeColumn(b, key);
      b.columns.set(key, column);
    }
    if (b.columnsNode.children[n] !== column.node) b.columnsNode.insertBefore(column.node, b.columnsNode.children[n] ?? null);
    drawHead(b, column);
  });
  const places = placesInRows(b);
  for (const key of b.open) {
    const { node, list } = b.columns.get(key);
    const { span, lanes } = places();
    node.style.gridColumn = `span ${span}`;
    Object.assign(list, { key, items: b.lists.get(key), lanes });
    list.node.setAttribute("aria-label", `Notes of ${titleOf(b, key)}`);
    list.none.hidden = list.items.length > 0;
    fill(b, list);
  }
}

// Each row of columns fills the width, the last one too.
function placesInRows(b) {
  const n = b.open.length;
  const full = Math.max(1, Math.min(n, columnsInRow(b)));
  const last = n % full || full;
  b.columnsNode.style.setProperty("--columns", full * last);
  const widths = [full, last].map((columns) => (b.width - 10 * (columns - 1)) / columns - 20);
  const [lanes, lanesLast] = widths.map((width) => Math.max(1, Math.floor(width / LANE)));
  let k = 0;
  return () => (k++ < n - last ? { span: last, lanes } : { span: full, lanes: lanesLast });
}

function makeColumn(b, key) {
  const head = make("header", { class: "tb-head" });
  const list = makeList(b);
  const node = make("section", { class: "tb-column", data: { key } }, head, list.node, list.none);
  return { key, node, head, list };
}

function drawHead(b, column) {
  const row = b.now.themes.get(column.key);
  const shown = b.lists.get(column.key).length;
  const naming = b.panel?.kind === "rename" && b.panel.theme === column.key;
  const target = b.panel?.target === column.key;
  const source = b.panel?.kind === "merge" && b.panel.theme === column.key;
  column.node.classList.toggle("tb-target", target || (b.panel?.kind === "merge" && b.panel.into === column.key));
  column.node.classList.toggle("tb-source", source);
  const size = b.now.sizes.get(column.key);
  const { notes, ...rest } = row;
  memo(column.head, [rest, size, shown, naming, searching(b), b.data.spoken], () => [
    naming ? nameField(b, row) : make("h3", { class: "tb-title", tabIndex: -1, dir: "auto", data: { head: row.key }, title: row.name ? `“${row.claim}”` : "" }, row.name || row.claim),
    make("div", { class: "tb-count" }, make("span", {}, make("b", {}, count(row.n)), ` of ${plural(b.data.total, "customer")}`), drawTrend(b, row)),
    make("div", { class: "tb-chips" }, Object.entries(row.segments).filter(([segment]) => segment).map(([segment, n]) => make("span", { class: "tb-chip" }, make("bdi", {}, segment), ` ${count(n)}`))),
    make("div", { class: "tb-more" },
      make("span", {}, searching(b) ? `${count(shown)} of ${plural(size, "note")} shown` : plural(size, "note"), " · ", row.id ? make("span", { title: `Its notes stay, and new ones join. In a terminal: workbench themes ${row.id}` }, "kept ", make("code", {}, row.id)) : make("span", { title: "Its notes may change with the next call, until you touch it" }, "proposal")),
      make("span", { class: "tb-tools" },
        tool("pen", "Rename", "r", () => startNaming(b, row.key)), tool("merge", "Merge into another theme", "m", () => pick(b, { theme: row.key })), tool("up", "Fold into a tile", "-", () => fold(b, row.key, true)))),
  ], naming);
}

// Its name shows under the pointer and with the focus.
function tool(name, label, letter, onclick) {
  return make("button", { type: "button", class: "tb-tool", tabIndex: -1, data: { tip: `${label} (${letter})` }, "aria-label": label, "aria-keyshortcuts": letter, onclick }, icon(name));
}

function drawTrend(b, row) {
  if (row.counting) return make("span", { class: "tb-trend" }, "counting…");
  const found = trend(b, row);
  if (!found) return null;
  const most = Math.max(...found.bars, 1);
  return make("span", { class: "tb-trend", title: found.said },
    make("span", { class: "tb-bars", "aria-hidden": "true" }, found.bars.map((n) => make("i", { style: `height:${n ? Math.max(3, Math.round((14 * n) / most)) : 1}px` }))),
    make("span", { "aria-hidden": "true" }, found.word), hidden(found.said));
}

function nameField(b, row) {
  const field = make("input", {
    class: "wb-input tb-name", value: row.name || "", maxLength: 200, dir: "auto", "aria-label": "Name of the theme", placeholder: "Name this theme",
    onkeydown: (event) => {
      if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        rename(b, row, field.value);
      }
    },
    onblur: () => b.panel?.kind === "rename" && b.root.contains(field) && !b.naming && !rebuilding && closePanel(b, false),
  });
  return field;
}

function rename(b, row, name) {
  const words = name.trim();
  b.at = { key: row.key };
  if (!words || words === row.name) return closePanel(b);
  perform(b, { do: "rename", theme: row.key, name: words });
  focusAt(b);
}

function makeList(b) {
  const inner = make("div", { class: "tb-inner", role: "presentation" });
  const node = make("div", { class: "tb-list", role: "listbox", "aria-multiselectable": "true" }, inner);
  const list = { node, inner, none: make("p", { class: "tb-none wb-mute" }, "No notes here."), items: [], lanes: 1, heights: new Map(), width: 0 };
  let asked = false;
  node.addEventListener("scroll", () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      fill(b, list);
    });
  }, { passive: true });
  return list;
}

// Cards are placed by their heights, measured once they have been drawn; what is far from the window is only room.
function fill(b, list) {
  const { node, inner, items } = list;
  node.hidden = !items.length;
  if (!items.length) return inner.replaceChildren();
  fillRounds(b, list);
  node.classList.toggle("tb-above", node.scrollTop > 2);
  node.classList.toggle("tb-below", node.scrollTop + node.clientHeight < inner.offsetHeight - 2);
  const stop = inner.querySelector('[tabindex="0"]') ?? inner.firstElementChild;
  if (stop) stop.tabIndex = 0; // of what has come into sight
}

function fillRounds(b, list) {
  const { node, inner, items, lanes } = list;
  const width = node.clientWidth;
  if (width !== list.width) list.heights.clear();
  list.width = width;
  for (let round = 0; round < 3; round += 1) {
    const rows = layRows(list);
    inner.style.height = `${rows.height}px`;
    const from = topOf(rows, node);
    const first = rowAt(rows, from - REACH);
    const last = rowAt(rows, from + (node.clientHeight || 600) + REACH);
    const at = b.at?.note === undefined ? -1 : items.indexOf(b.at.note);
    const wanted = at >= 0 && at < first * lanes ? [at] : [];
    for (let n = first * lanes; n < Math.min((last + 1) * lanes, items.length); n += 1) {
      if (b.pages) need(b, list.key, n);
      if (items[n] !== undefined) wanted.push(n);
    }
    if (at >= (last + 1) * lanes) wanted.push(at);
    place(b, list, wanted, rows, node.scrollTop - from);
    const unknown = wanted.filter((n) => !list.heights.has(items[n]));
    const heights = unknown.map((n) => Math.ceil(b.cards.get(items[n]).getBoundingClientRect().height));
    unknown.forEach((n, k) => list.heights.set(items[n], heights[k]));
    if (!unknown.length || !width) return;
  }
}

// Where each row begins. Of what was not drawn yet the height is guessed; and since no element may be of any height, a very long
// list is scrolled in larger steps than it has pixels.
function layRows(list) {
  const { node, items, lanes, heights } = list;
  const n = Math.ceil(items.length / lanes);
  const tops = new Float64Array(n + 1);
  for (let row = 0; row < n; row += 1) {
    let height = 0;
    for (let k = row * lanes; k < Math.min(row * lanes + lanes, items.length); k += 1) {
      height = Math.max(height, (items[k] !== undefined && heights.get(items[k])) || ROW);
    }
    tops[row + 1] = tops[row] + height + GAP;
  }
  const total = Math.max(0, tops[n] - GAP);
  const height = Math.min(total, TALLEST);
  const room = node.clientHeight || 600;
  return { tops, total, height, scale: height < total ? (total - room) / (height - room) : 1 };
}

// How far down the list is scrolled, by the rows' own measure.
function topOf(rows, node) {
  return node.scrollTop * rows.scale;
}

function rowAt({ tops }, y) {
  let [low, high] = [0, Math.max(0, tops.length - 2)];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tops[middle + 1] > y) high = middle;
    else low = middle + 1;
  }
  return low;
}

function place(b, list, wanted, rows, shift) {
  const { inner, items, lanes } = list;
  const cards = wanted.map((n) => drawCard(b, items[n], n, items.length, list));
  const keep = new Set(cards);
  for (const card of [...inner.children]) if (!keep.has(card)) card.remove();
  cards.forEach((card, k) => {
    const n = wanted[k];
    const top = rows.tops[Math.floor(n / lanes)] + shift;
    const place = `translateY(${top}px)`;
    if (card.style.transform !== place) card.style.transform = place;
    const left = `calc(${((n % lanes) * 100) / lanes}% + ${n % lanes ? GAP / 2 : 0}px)`;
    const width = lanes === 1 ? "100%" : `calc(${100 / lanes}% - ${GAP / 2}px)`;
    if (card.style.width !== width) card.style.width = width;
    if (card.style.left !== left) card.style.left = left;
    if (inner.children[k] !== card) inner.insertBefore(card, inner.children[k] ?? null);
  });
}

function drawCard(b, i, n, size, list) {
  let card = b.cards.get(i);
  if (!card) {
    card = make("div", { class: "tb-card", role: "option", tabIndex: -1, data: { note: i } });
    b.cards.set(i, card);
  }
  const chosen = b.chosen.has(i);
  const waiting = b.acts.some((act) => act.notes?.includes(i));
  const { notes } = b.data;
  card.setAttribute("aria-selected", String(chosen));
  card.setAttribute("aria-posinset", n + 1);
  card.setAttribute("aria-setsize", size);
  card.classList.toggle("tb-came", reasonOf(b, i) === "came along");
  card.classList.toggle("tb-waiting", waiting);
  const changed = memo(card, [chosen, b.chosen.size > 0, b.words, b.fresh.has(i), notes.reason[i], notes.like[i], b.now.theme[i] === TRAY], () => {
    const customer = b.data.customers[customerOf(b, i)];
    const reason = cardReason(b, i);
    return [
      // While nothing is selected the box lies over the mark and shows under the pointer.
      make("span", { class: `tb-check ${chosen ? "tb-on" : ""} ${b.chosen.size ? "" : "tb-over"}`, title: "Select (Space)", "aria-hidden": "true" }, chosen && icon("check")),
      mark(kindOf(b, i)),
      make("div", { class: "tb-body" },
        make("p", { class: "tb-text", dir: "auto" }, markHits(b, i)),
        b.fresh.has(i) && make("p", { class: "tb-why" }, icon("plus"), "new"),
        reason && make("p", { class: "tb-why" }, icon("right"), reason),
        notes.works.has(i) && b.now.theme[i] !== TRAY && make("p", { class: "tb-against" }, icon("cross"), "may say the opposite"),
        make("p", { class: "tb-who" }, make("bdi", {}, customer), `, ${dayWords(b, b.data.calls.day[notes.call[i]])}`, (notes.tags[i] ?? []).map((tag) => make("bdi", { class: "tb-tag" }, ` #${tag}`)))),
    ];
  });
  if (changed) list.heights.delete(i);
  return card;
}

function reasonOf(b, i) {
  return b.data.reasons[b.data.notes.reason[i]];
}

function cardReason(b, i) {
  const reason = reasonOf(b, i);
  const like = b.data.notes.like[i];
  if (reason === "came along") return like?.length ? `came along, like ${quoted(b, like[0], 30)}` : "came along";
  return { placed: "moved by you", "set aside": "left out by you", pinned: "pinned", "kept apart": "kept apart", joined: "joined: near to these words" }[reason] ?? "";
}

function markHits(b, i) {
  const text = b.data.notes.text[i];
  const quote = kindOf(b, i) === "quote";
  const words = b.words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const parts = words.length ? text.split(new RegExp(`(${words.join("|")})`, "giu")) : [text];
  return [quote && "“", ...parts.map((part, n) => (n % 2 ? make("mark", {}, part) : part)), quote && "”"];
}

function drawTiles(b) {
  b.tiles.hidden = !b.data || !b.folded.length;
  if (!b.data) return;
  const target = (key) => b.panel?.target === key || (b.panel?.kind === "merge" && b.panel.into === key);
  memo(b.tiles, [b.folded.map((key) => { const { notes, ...row } = b.now.themes.get(key); return [row, b.lists.get(key).length]; }), searching(b), b.data.spoken, b.data.total], () =>
    b.folded.map((key) => {
      const row = b.now.themes.get(key);
      const shown = b.lists.get(key).length;
      return make("button", { type: "button", class: `tb-tile ${searching(b) && !shown ? "tb-far" : ""}`, tabIndex: -1, data: { key, tile: key }, title: `Open: ${row.name || row.claim}` },
        make("span", { class: "tb-n" }, make("b", {}, count(row.n)), make("span", {}, `of ${count(b.data.total)}`)),
        make("span", { class: "tb-label", dir: "auto" }, row.name || row.claim, searching(b) && make("span", { class: "tb-found" }, shown ? ` ${plural(shown, "hit")}` : "")),
        drawTrend(b, row));
    }));
  for (const tile of b.tiles.children) tile.classList.toggle("tb-target", target(Number(tile.dataset.key)));
}

function drawTray(b) {
  b.tray.hidden = !b.data?.n_notes;
  if (b.tray.hidden) return;
  if (!b.trayList) {
    b.trayList = makeList(b);
    b.trayList.node.setAttribute("aria-label", "Notes left out");
    b.trayHead = make("header", {});
    b.tray.append(b.trayHead, b.trayList.node, b.trayList.none);
  }
  const { items } = Object.assign(b.trayList, { key: TRAY, items: b.lists.get(TRAY), lanes: Math.max(1, Math.floor(b.width / 300)) });
  const { uncounted } = b.data.status;
  const n = b.now.sizes.get(TRAY);
  memo(b.trayHead, [items.length, n, uncounted], () => [
    icon("tray"), make("h3", {}, "Left out"),
    make("span", { class: "wb-mute" }, `${searching(b) ? `${count(items.length)} of ` : ""}${plural(n, "note")}, in no theme.`, uncounted ? ` ${plural(uncounted, "more note")} never counted: your own takes, and customers who do not count.` : ""),
  ]);
  b.trayList.none.textContent = n ? "None of the notes left out fits the search or the filter." : "Drag a card here, or press x, to leave it out of all themes.";
  b.trayList.none.hidden = items.length > 0;
  b.tray.classList.toggle("tb-target", b.panel?.target === TRAY);
  fill(b, b.trayList);
}

function drawFoot(b) {
  b.foot.hidden = !b.data?.n_notes;
  if (b.foot.hidden) return;
  const order = b.order.filter((key) => b.data.themes.has(key));
  const sorted = b.data.rank.every((key, n) => key === order[n]);
  memo(b.foot, [sorted, b.width < 520], () => [
    !sorted && button("Sort by customers", () => {
      b.order = b.data.rank.slice();
      draw(b);
    }, { look: "wb-quiet" }),
    b.width >= 520 && KEYS.filter(([, , brief]) => brief && brief !== "all keys").map(([names, , brief]) => make("span", { class: "tb-key" }, ...key(...names), ` ${brief}`)),
    button([...key("?"), "all keys"], () => openPanel(b, { kind: "keys" }), { look: "wb-quiet" }),
  ]);
}

// ---- Panels ----

function drawPanel(b, panel) {
  if (!panel) return [];
  const draws = { chosen: drawChosen, move: drawMove, merge: drawMerge, new: drawNew, pair: drawPair, note: drawNote, keys: drawKeys };
  return draws[panel.kind]?.(b, panel) ?? [];
}

function openPanel(b, panel, refocus = true) {
  b.panel = panel;
  draw(b);
  const first = refocus && b.slots.panel.querySelector("[autofocus], input, button");
  if (first) first.focus({ preventScroll: true });
  if (b.slots.panel.firstElementChild) bringIntoView(b, b.slots.panel);
}

function closePanel(b, refocus = true) {
  b.panel = null;
  draw(b);
  if (refocus) focusAt(b);
}

function form(label, submit, ...children) {
  return make("form", {
    class: "tb-panel", "aria-label": label, onsubmit: (event) => {
      event.preventDefault();
      submit();
    },
  }, ...children);
}

function cancel(b) {
  return button(["Cancel", ...key("Esc")], () => closePanel(b), { look: "wb-quiet" });
}

function drawChosen(b) {
  const notes = [...b.chosen];
  return make("div", { class: "tb-panel tb-chosen", role: "group", "aria-label": "Selected notes" },
    make("b", {}, `${count(notes.length)} selected`), make("span", { class: "wb-mute" }, `from ${plural(customersOf(b, notes).size, "customer")}`),
    make("div", { class: "wb-acts" },
      button([icon("plus"), `New theme of ${plural(notes.length, "note")}`, ...key("s")], () => startTheme(b), { look: isWhole(b, notes) ? "" : "wb-main" }),
      button([icon("right"), "Move to", ...key("m")], () => pick(b, { notes })),
      button([icon("tray"), "Leave out", ...key("x")], () => leaveOut(b)),
      notes.length === 2 && button([icon("pin"), "Pin or part", ...key("p")], () => pair(b, "pin")),
      button(["Clear", ...key("Esc")], () => escape(b), { look: "wb-quiet" })));
}

// Cards or a theme picked up: type or use the arrows to choose where, Enter drops.
function drawMove(b, panel) {
  const list = make("div", { class: "tb-options", role: "listbox", id: `${b.view}-options`, "aria-label": "Themes" });
  const field = make("input", {
    class: "wb-input", role: "combobox", "aria-expanded": "true", "aria-controls": list.id, "aria-autocomplete": "list", dir: "auto",
    "aria-label": panel.notes ? "Move to which theme" : "Merge into which theme", placeholder: "Type a part of its name, or use the arrows", autocomplete: "off",
    oninput: () => {
      panel.target = undefined;
      draw(b);
    },
    onkeydown: (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: field.value ? 0 : 1, ArrowLeft: field.value ? 0 : -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const keys = choices(b, panel, field.value);
      const at = keys.indexOf(panel.target);
      panel.target = keys[(at + step + keys.length) % keys.length];
      draw(b);
    },
  });
  panel.redraw = () => {
    const keys = choices(b, panel, field.value);
    if (!keys.includes(panel.target)) panel.target = keys[0];
    const id = (one) => `${b.view}-option-${one}`;
    memo(list, [keys, panel.target, b.data.version, b.pages?.after?.said?.number], () => keys.map((one) =>
      make("div", { class: "tb-option", role: "option", id: id(one), "aria-selected": String(one === panel.target), data: { option: one } },
        make("span", { dir: "auto" }, titleOf(b, one)), make("span", { class: "wb-mute" }, one === TRAY ? "in no theme" : afterwards(b, panel, one)))));
    if (!keys.length) list.replaceChildren(make("p", { class: "wb-mute" }, "No theme is called like that."));
    field.setAttribute("aria-activedescendant", keys.length ? id(panel.target) : "");
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
    markTarget(b, panel.target);
  };
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-option]");
    if (option) dropOn(b, panel, Number(option.dataset.option));
  });
  const what = panel.notes ? (panel.notes.length === 1 ? quoted(b, panel.notes[0], 70) : plural(panel.notes.length, "note")) : titleOf(b, panel.theme);
  return form("Pick up", () => panel.target !== undefined && dropOn(b, panel, panel.target),
    make("div", { class: "tb-line" }, make("b", { dir: "auto" }, `${panel.notes ? "Move" : "Merge"} ${shorten(what, 90)} ${panel.notes ? "to" : "into"}`)),
    field, list,
    make("div", { class: "wb-acts" }, make("button", { type: "submit", class: "wb-button wb-main" }, icon(panel.notes ? "right" : "merge"), panel.notes ? "Drop here" : "Choose", ...key("Enter")), cancel(b)));
}

function choices(b, panel, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const keys = [...b.open, ...b.folded, ...(panel.notes ? [TRAY] : [])];
  return keys.filter((one) => one !== panel.theme && !(panel.notes && panel.notes.every((i) => b.now.theme[i] === one)) && words.every((word) => titleOf(b, one).toLowerCase().includes(word)));
}

function afterwards(b, panel, one) {
  const { n: now } = b.now.themes.get(one);
  const n = countAfter(b, panel, one);
  if (n === undefined) return `${count(now)} of ${count(b.data.total)}`;
  return n === now ? `${count(now)} of ${count(b.data.total)}` : `${count(now)} → ${count(n)} of ${count(b.data.total)}`;
}

// How many customers a theme would have with the notes, or the theme, that are picked up.
function countAfter(b, { notes, theme }, into) {
  if (b.pages) return countsAfter(b, notes ? { notes } : { theme })?.n[into];
  return customersOf(b, [...b.now.lists.get(into), ...(notes ?? b.now.lists.get(theme) ?? [])]).size;
}

function markTarget(b, target) {
  for (const node of [...b.columnsNode.children, ...b.tiles.children, b.tray]) node.classList.toggle("tb-target", Number(node.dataset.key) === target);
}

function dropOn(b, panel, key) {
  if (!panel.notes) return merge(b, panel.theme, key);
  moveTo(b, panel.notes, key);
}

function moveTo(b, notes, key) {
  const going = notes.filter((i) => b.now.theme[i] !== key);
  if (!going.length) return closePanel(b);
  perform(b, key === TRAY ? { do: "aside", notes: going } : { do: "move", notes: going, theme: key });
  goTo(b, { note: going[0] });
}

function merge(b, theme, into) {
  if (theme === into || !b.now.themes.has(theme) || !b.now.themes.has(into)) return;
  openPanel(b, { kind: "merge", theme, into });
}

// Before a merge the count that it would have, and which name stays. Where neither has a name, customers' words are found anew.
function drawMerge(b, panel) {
  const [one, other] = [b.now.themes.get(panel.theme), b.now.themes.get(panel.into)];
  if (!one || !other) return [];
  const n = countAfter(b, panel, panel.into);
  const names = [other, one].filter((row) => row.name).map((row) => ({ name: row.name, words: row.name }));
  const claims = [other, one].filter((row) => !row.name).map((row) => ({ name: row.claim.slice(0, 200), words: `“${row.claim}”`, note: "as its name" }));
  const options = [...names, ...(names.length ? [] : [{ name: "", words: "No name yet", note: "customers’ words stand for it, found anew" }]), ...claims];
  const radio = `${b.view}-name`;
  const own = make("input", { class: "wb-input", "aria-label": "Another name", placeholder: "Another name", maxLength: 200, dir: "auto", oninput: () => (ownChoice.checked = true) });
  const ownChoice = make("input", { type: "radio", name: radio, value: "own", "aria-label": "Write another name", onchange: () => own.focus() });
  const radios = options.map((option, k) => make("input", { type: "radio", name: radio, value: String(k), checked: k === 0, autofocus: k === 0 }));
  const go = () => {
    const k = radios.findIndex((node) => node.checked);
    const name = k < 0 ? own.value.trim() : options[k].name;
    if (k < 0 && !name) return own.focus();
    // Of two names the one that stays is that of the theme merged into.
    const swap = one.name && name === one.name && name !== other.name;
    const [theme, into] = swap ? [panel.into, panel.theme] : [panel.theme, panel.into];
    perform(b, { do: "merge", theme, into, name: name === b.now.themes.get(into).name ? "" : name });
    goTo(b, { key: into });
  };
  return form("Merge two themes", go,
    make("div", { class: "tb-result" }, make("p", {}, make("b", { class: "tb-big" }, n === undefined ? "…" : count(n)), ` of ${count(b.data.total)} after the merge`),
      make("p", { class: "wb-mute" }, `${count(other.n)} and ${count(one.n)}${n === undefined ? "" : `, ${count(one.n + other.n - n)} in both`}`)),
    make("fieldset", { class: "tb-names" }, make("legend", {}, "Which name stays"),
      options.map((option, k) => make("label", {}, radios[k], make("span", {}, make("bdi", {}, option.words), option.note && make("span", { class: "wb-mute" }, ` ${option.note}`)))),
      make("div", { class: "tb-own" }, ownChoice, own)),
    make("div", { class: "wb-acts" }, make("button", { type: "submit", class: "wb-button wb-main" }, icon("merge"), "Merge", ...key("Enter")), cancel(b)));
}

// The theme that the notes are the whole of, if they are that of one.
function isWhole(b, notes) {
  const themes = new Set(notes.map((i) => b.now.theme[i]));
  const [theme] = themes;
  return themes.size === 1 && theme !== TRAY && notes.length === b.now.sizes.get(theme);
}

function startTheme(b) {
  const notes = chosenOrFocused(b);
  if (!notes.length) return tell(b, "Select the cards for the new theme with Space, then press s.");
  if (isWhole(b, notes)) return tell(b, "These are all cards of one theme. Select only some of them, or others too; or give the theme a name with r.");
  openPanel(b, { kind: "new", notes });
}

// Before a new theme is made, the count that it would have, and what is left where its cards come from.
function drawNew(b, panel) {
  const { notes } = panel;
  const field = make("input", { class: "wb-input", "aria-label": "Name of the new theme", placeholder: "Name of the new theme (may stay empty)", maxLength: 200, dir: "auto", autofocus: true });
  const label = `New theme of ${plural(notes.length, "note")}`;
  return form(label, () => perform(b, { do: "new", notes: notes.slice(), name: field.value.trim() }),
    make("div", { class: "tb-result" }, make("p", {}, make("b", { class: "tb-big" }, count(customersOf(b, notes).size)), ` of ${plural(b.data.total, "customer")} in the new theme`),
      make("p", { class: "wb-mute", dir: "auto" }, whatIsLeft(b, notes))),
    make("div", { class: "tb-line" }, field),
    make("div", { class: "wb-acts" }, make("button", { type: "submit", class: "wb-button wb-main" }, icon("plus"), label, ...key("Enter")), cancel(b)));
}

function whatIsLeft(b, notes) {
  const sources = [...new Set(notes.map((i) => b.now.theme[i]))];
  const said = sources.slice(0, 3).map((key) => {
    if (key === TRAY) return `${count(notes.filter((i) => b.now.theme[i] === TRAY).length)} from those left out`;
    const [rest, both] = keptBy(b, notes, key);
    return `“${shorten(titleOf(b, key), 50)}” keeps ${rest === undefined ? "…" : rest ? count(rest) : "none"}${sources.length === 1 && both ? `, ${count(both)} in both` : ""}`;
  });
  if (sources.length > 3) said.push(`and ${plural(sources.length - 3, "theme")} more`);
  return said.join("; ");
}

// How many customers a theme keeps without some notes, and how many of them said one of those.
function keptBy(b, notes, key) {
  if (b.pages) return countsAfter(b, { notes })?.kept[key] ?? [];
  const gone = new Set(notes);
  const mine = customersOf(b, notes);
  const rest = customersOf(b, b.now.lists.get(key).filter((i) => !gone.has(i)));
  return [rest.size, [...mine].filter((customer) => rest.has(customer)).length];
}

function pair(b, how) {
  const notes = [...b.chosen];
  if (notes.length === 1 && b.at?.note !== undefined && b.at.note !== notes[0]) notes.push(b.at.note);
  if (notes.length !== 2) return tell(b, `Select two cards with Space, then press ${how === "pin" ? "p" : "d"}.`);
  openPanel(b, { kind: "pair", notes, how });
}

function drawPair(b, panel) {
  const { notes } = panel;
  const joins = notes.map((i, k) => make("input", { type: "radio", name: `${b.view}-joins`, checked: k === 0, value: String(k) }));
  const ordered = () => (joins[0].checked ? notes : [notes[1], notes[0]]);
  const act = (how) => () => perform(b, { do: how, notes: ordered() });
  const together = button([icon("pin"), "Always together", panel.how === "pin" && key("Enter")], act("pin"), { type: panel.how === "pin" ? "submit" : "button", look: panel.how === "pin" ? "wb-main" : "" });
  const apart = button([icon("cross"), "Always apart", panel.how === "apart" && key("Enter")], act("apart"), { type: panel.how === "apart" ? "submit" : "button", look: panel.how === "apart" ? "wb-main" : "" });
  return form("Pin or keep apart", () => {}, make("fieldset", { class: "tb-names" }, make("legend", {}, "Which of the two moves, where one must"),
    notes.map((i, k) => make("label", {}, joins[k], make("span", {}, make("bdi", {}, quoted(b, i, 90)), make("span", { class: "wb-mute" }, ` in ${shorten(titleOf(b, b.now.theme[i]), 50)}`))))),
  make("div", { class: "wb-acts" }, panel.how === "pin" ? [together, apart] : [apart, together], cancel(b)));
}

function showNote(b, note) {
  openPanel(b, { kind: "note", note }, false); // the focus stays on the card, for the next one
  send(b, { what: "note", note });
}

function hearNote(b, said) {
  b.panel = { ...b.panel, said };
  b.say(`${said.file}, line ${said.line}: ${said.lines.slice(said.line - said.first, said.last - said.first + 1).join(" ")}`);
}

// A row of a table may be long, and so are those above it.
function showHere(b) {
  const here = b.slots.panel.querySelector(".tb-here");
  if (here) here.parentElement.scrollTop = here.offsetTop - here.parentElement.offsetTop - 30;
}

function drawNote(b, panel) {
  const { said, note } = panel;
  const customer = b.data.customers[customerOf(b, note)];
  const close = button(["Close", ...key("Esc")], () => closePanel(b), { look: "wb-quiet" });
  if (!said) return make("section", { class: "tb-panel", "aria-label": "The note in its call", "aria-busy": "true" }, make("p", {}, "Looking it up…"), close);
  return make("section", { class: "tb-panel tb-call", "aria-label": "The note in its call" },
    make("header", {}, make("b", { dir: "auto" }, `${customer}${said.who ? `, ${said.who}` : ""}, ${dayWords(b, b.data.calls.day[b.data.notes.call[note]])}`), make("code", {}, `${said.file}:${said.line}`), said.at && make("span", { class: "wb-mute" }, `at ${said.at}`), make("div", { class: "wb-acts" }, close)),
    said.moved && make("p", { class: "wb-mute" }, "The note was reworded or taken out since; this is where it stood."),
    make("ol", { class: "tb-lines", tabIndex: 0 }, said.lines.map((line, k) => make("li", { class: said.first + k >= said.line && said.first + k <= said.last ? "tb-here" : "" }, make("span", { class: "tb-number" }, String(said.first + k)), make("span", { dir: "auto" }, line || " ")))),
    cardReason(b, note) && make("p", { class: "wb-mute" }, `Why it is in its theme: ${cardReason(b, note)}.`));
}

function drawKeys(b) {
  return make("section", { class: "tb-panel", "aria-label": "All keys" },
    make("header", {}, make("b", {}, "Keys, while the board has the focus"), make("div", { class: "wb-acts" }, button(["Close", ...key("Esc")], () => closePanel(b), { look: "wb-quiet", autofocus: true }))),
    make("dl", { class: "tb-keys" }, [...KEYS, ...(b.pages ? [[["n"], "newest first, or most typical first"]] : [])].map(([names, words]) => make("div", {}, make("dt", {}, ...key(...names)), make("dd", {}, words)))),
    make("p", { class: "wb-mute" }, "With the mouse: click shows a note in its call, its box or Ctrl+click selects, Shift+click selects up to there; drag cards onto a theme, or a theme onto another. With a finger: hold a card, then drag."),
    make("p", { class: "wb-mute" }, `Rising or falling: the share of the customers spoken to who raised it differs by half between the earlier and the later weeks, and by two customers at least. Bars: customers a week, the last ${WEEKS} weeks.`));
}

function tell(b, text) {
  b.message = { tone: "", text };
  b.say(text);
  draw(b);
}

// ---- Focus ----

function goTo(b, at) {
  b.at = at;
  draw(b);
  focusAt(b);
}

// The element of a place; of a card in a folded theme its tile.
function nodeAt(b, at) {
  if (!at) return null;
  if (at.note !== undefined) {
    const key = b.now.theme[at.note];
    const list = key === TRAY ? b.trayList : b.columns.get(key)?.list;
    if (list?.items.includes(at.note)) {
      reveal(b, list, at.note);
      return b.cards.get(at.note);
    }
    return key === TRAY ? null : nodeAt(b, { key });
  }
  return b.root.querySelector(`[data-head="${at.key}"], [data-tile="${at.key}"]`);
}

function reveal(b, list, i) {
  revealRow(b, list, list.items.indexOf(i));
}

function revealRow(b, list, n) {
  const { node } = list;
  const row = Math.floor(n / list.lanes);
  for (let round = 0; round < 2; round += 1) {
    const rows = layRows(list);
    const from = topOf(rows, node);
    const top = rows.tops[row] - (row ? FADE : 0);
    const bottom = Math.min(rows.tops[row + 1] + FADE, rows.total);
    if (top < from) node.scrollTop = top / rows.scale;
    else if (bottom > from + node.clientHeight) node.scrollTop = (bottom - node.clientHeight) / rows.scale;
    fill(b, list);
  }
}

function focusAt(b) {
  if (!b.data) return;
  const node = nodeAt(b, b.at) ?? b.root.querySelector(".tb-title, .tb-card, .tb-tile") ?? b.root;
  settle(b);
  node.focus({ preventScroll: true });
  bringIntoView(b, node);
}

function scrollerOf(b) {
  return b.root.closest(".jp-WindowedPanel-outer, .jp-Notebook") ?? document.scrollingElement;
}

// Below the panels, which stay at the top of the window.
function bringIntoView(b, node) {
  const scroller = scrollerOf(b);
  const page = scroller === document.scrollingElement;
  const window_ = page ? { top: 0, bottom: window.innerHeight } : scroller.getBoundingClientRect();
  const box = node.getBoundingClientRect();
  const top = Math.max(window_.top, b.panels.offsetHeight && !b.panels.contains(node) ? b.panels.getBoundingClientRect().bottom : 0);
  if (box.top < top) scroller.scrollTop -= top - box.top + 8;
  else if (box.bottom > window_.bottom) scroller.scrollTop += Math.min(box.bottom - window_.bottom + 8, box.top - top);
}

// One stop for Tab in each list of cards, and one elsewhere where the focus is; the arrows go on from there.
function settle(b) {
  const { at } = b;
  for (const node of b.root.querySelectorAll("[data-head], [data-tile]")) node.tabIndex = at?.key === Number(node.dataset.head ?? node.dataset.tile) ? 0 : -1;
  for (const tools of b.root.querySelectorAll(".tb-tool")) tools.tabIndex = at?.key === Number(tools.closest("[data-key]").dataset.key) ? 0 : -1;
  for (const inner of b.root.querySelectorAll(".tb-inner")) {
    const cards = [...inner.children];
    const stop = cards.find((card) => Number(card.dataset.note) === at?.note) ?? cards[0];
    for (const card of cards) card.tabIndex = card === stop ? 0 : -1;
  }
  if (b.open.length || b.lists.get(TRAY).length || !b.tiles.firstElementChild) return;
  if (!b.tiles.querySelector('[tabindex="0"]')) b.tiles.firstElementChild.tabIndex = 0;
}

function remember(b, node) {
  const place = node.closest?.("[data-note], [data-head], [data-tile]");
  if (!place) return;
  b.at = place.dataset.note !== undefined ? { note: Number(place.dataset.note) } : { key: Number(place.dataset.head ?? place.dataset.tile) };
  settle(b);
}

function step(b, direction, more) {
  const { note } = b.at ?? {};
  if (note !== undefined) {
    const key = b.now.theme[note];
    const list = key === TRAY ? b.trayList : b.columns.get(key)?.list;
    const n = list?.items.indexOf(note) ?? -1;
    const next = n >= 0 ? n + stepIn(list, n, direction) : -1;
    if (next >= 0 && next < list.items.length) return goToRow(b, key, next, more ? note : undefined);
    if (direction === "up" && key !== TRAY) return goTo(b, { key });
  }
  const head = b.at?.key !== undefined && b.columns.get(b.at.key);
  if (head && direction === "down" && head.list.items.length) return goToRow(b, head.key, 0);
  const from = (nodeAt(b, b.at) ?? b.root).getBoundingClientRect();
  let best = null;
  for (const node of b.root.querySelectorAll("[data-head], [data-note], [data-tile]")) {
    const box = node.getBoundingClientRect();
    const clip = node.closest(".tb-list")?.getBoundingClientRect();
    if (!box.width || (clip && (box.bottom < clip.top + 8 || box.top > clip.bottom - 8))) continue;
    const far = distance(from, box, direction);
    if (far !== null && (!best || far < best.far)) best = { far, node };
  }
  if (!best) return;
  remember(b, best.node);
  focusAt(b);
}

// How far the next card is in a list, whose cards may lie side by side; NaN where none is in that direction.
function stepIn({ lanes }, n, direction) {
  const lane = n % lanes;
  return { up: -lanes, down: lanes, left: lane > 0 ? -1 : NaN, right: lane < lanes - 1 ? 1 : NaN }[direction];
}

function distance(from, to, direction) {
  const across = direction === "left" || direction === "right";
  const ahead = { left: from.left - to.right, right: to.left - from.right, up: from.top - to.bottom, down: to.top - from.bottom }[direction];
  if (ahead < -4) return null;
  const aside = across ? Math.max(0, to.top - from.top, from.top - to.bottom) : Math.max(0, to.left - from.right, from.left - to.right);
  return Math.max(0, ahead) + 2 * aside;
}

// ---- Keys ----

function onKey(b, event) {
  if (event.isComposing || event.defaultPrevented || !b.data) return;
  goElsewhere(b);
  const { key: name, target } = event;
  const field = target.closest("input, select, textarea");
  if (name === "Escape") {
    event.preventDefault();
    return escape(b);
  }
  if (field || target.closest("form")) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey) {
    const back = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[name.toLowerCase()];
    if (back && canGo(b, back)) perform(b, { do: back });
    if (back) event.preventDefault();
    return;
  }
  if (event.altKey) return;
  const tile = target.closest("[data-tile]");
  if ((name === "Enter" || name === " ") && target.closest("button, summary") && !tile) return;
  const arrow = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" }[name];
  if (arrow) {
    event.preventDefault();
    return step(b, arrow, event.shiftKey);
  }
  const act = LETTERS[name];
  if (!act) return;
  event.preventDefault();
  // After a click on empty ground no card shows that it would be meant: the ring comes back first.
  if (target === b.root && !b.chosen.size && ON_A_PLACE.has(name)) return focusAt(b);
  act(b);
}

const ON_A_PLACE = new Set([" ", "Enter", "m", "r", "p", "d", "x"]);
const LETTERS = {
  " ": (b) => b.at?.note !== undefined && toggle(b, b.at.note),
  Enter: (b) => (b.at?.note !== undefined ? showNote(b, b.at.note) : b.columns.has(b.at?.key) ? startNaming(b, b.at.key) : b.at && fold(b, b.at.key, false)),
  Home: (b) => toRow(b, () => 0),
  End: (b) => toRow(b, ({ items }) => items.length - 1),
  PageDown: (b) => toRow(b, (list, n) => n + pageOf(list)),
  PageUp: (b) => toRow(b, (list, n) => n - pageOf(list)),
  m: (b) => {
    const notes = chosenOrFocused(b);
    if (notes.length) pick(b, { notes });
    else if (b.at?.key) pick(b, { theme: b.at.key });
  },
  s: (b) => startTheme(b),
  r: (b) => themeAt(b) && startNaming(b, themeAt(b)),
  p: (b) => pair(b, "pin"),
  d: (b) => pair(b, "apart"),
  x: (b) => leaveOut(b),
  k: (b) => (b.followed ? keepAll(b) : themeAt(b) && perform(b, { do: "keep", theme: themeAt(b) })),
  b: (b) => (b.followed?.unseen ? tell(b, "They are too many to be put back one by one; u takes all of it back.") : b.followed ? putBack(b, b.followed.rows) : tell(b, "Nothing has followed that could be put back; u takes your last correction back.")),
  u: (b) => (canGo(b, "undo") ? perform(b, { do: "undo" }) : tell(b, "There is no correction of yours to take back.")),
  y: (b) => (canGo(b, "redo") ? perform(b, { do: "redo" }) : tell(b, "There is nothing to bring back.")),
  "/": (b) => b.searchField.focus(),
  a: (b) => chooseHits(b),
  n: (b) => newestFirst(b),
  f: (b) => toggleFilters(b),
  "-": (b) => themeAt(b) && fold(b, themeAt(b), b.columns.has(themeAt(b))),
  "?": (b) => (b.panel?.kind === "keys" ? closePanel(b) : openPanel(b, { kind: "keys" })),
};

// Whether there is something to take back or bring back; an act on its way may be that.
function canGo(b, back) {
  return Boolean(b.data.status[back]) || b.acts.length > 0;
}

function themeAt(b) {
  return b.at?.key ?? (b.at?.note === undefined ? undefined : b.now.theme[b.at.note]);
}

function toRow(b, which) {
  const key = themeAt(b);
  const list = key === TRAY ? b.trayList : b.columns.get(key)?.list;
  if (!list?.items.length) return;
  const n = which(list, Math.max(0, list.items.indexOf(b.at.note)));
  goToRow(b, key, Math.max(0, Math.min(n, list.items.length - 1)));
}

// So many cards are a page of a list: as many rows as are in sight, but for one.
function pageOf({ node, lanes }) {
  return lanes * Math.max(1, Math.floor(node.clientHeight / (ROW + GAP)) - 1);
}

function chosenOrFocused(b) {
  if (b.chosen.size) return [...b.chosen];
  return b.at?.note === undefined ? [] : [b.at.note];
}

function toggle(b, i) {
  if (!b.chosen.delete(i)) b.chosen.add(i);
  b.from = i;
  b.say(`${b.chosen.has(i) ? "Selected" : "Not selected"}, ${b.chosen.size} in all`);
  draw(b);
}

function chooseHits(b) {
  if (!searching(b)) return tell(b, "Search or filter first; then a selects all that is found.");
  gather(b, [...b.lists].map(([key, items]) => [key, 0, items.length]), (notes) => {
    choose(b, notes);
    focusAt(b);
  });
}

function choose(b, notes) {
  for (const i of notes) b.chosen.add(i);
  b.say(`${plural(b.chosen.size, "note")} selected`);
  draw(b);
}

function chooseTo(b, i) {
  const key = b.now.theme[i];
  const list = b.lists.get(key);
  const [from, to] = [list.indexOf(b.from), list.indexOf(i)];
  if (from < 0) return toggle(b, i);
  gather(b, [[key, Math.min(from, to), Math.max(from, to) + 1]], (notes) => choose(b, notes));
}

function leaveOut(b) {
  const notes = chosenOrFocused(b).filter((i) => b.now.theme[i] !== TRAY);
  if (notes.length) return moveTo(b, notes, TRAY);
  tell(b, b.at?.note === undefined ? "Go to a card, or select some with Space; then x leaves them out." : "It is left out already.");
}

function pick(b, what) {
  openPanel(b, { kind: "move", ...what });
}

function startNaming(b, key) {
  if (!b.columns.has(key)) fold(b, key, false);
  b.at = { key };
  b.panel = { kind: "rename", theme: key };
  b.naming = true;
  draw(b);
  b.naming = false;
  const field = b.root.querySelector(".tb-name");
  field?.focus();
  field?.select();
}

function fold(b, key, folded) {
  b.folds.set(key, folded);
  goTo(b, { key });
}

function escape(b) {
  if (b.drag) return endDrag(b, false);
  if (b.panel) return closePanel(b);
  if (b.chosen.size) b.chosen.clear();
  else if (searching(b)) clearFind(b);
  else if (b.message) b.message = null;
  draw(b);
  focusAt(b);
}

// ---- Pointer: click, select, drag ----

function onClick(b, event) {
  if (b.dragged) return;
  const there = event.target.closest("[data-key]");
  if (there && b.panel?.kind === "move" && choices(b, b.panel, "").includes(Number(there.dataset.key))) return dropOn(b, b.panel, Number(there.dataset.key));
  const tile = event.target.closest("[data-tile]");
  if (tile) return fold(b, Number(tile.dataset.tile), false);
  const card = event.target.closest("[data-note]");
  if (!card) return;
  const i = Number(card.dataset.note);
  b.at = { note: i };
  if (event.shiftKey) chooseTo(b, i);
  else if (event.ctrlKey || event.metaKey || event.target.closest(".tb-check") || b.chosen.size) toggle(b, i);
  else return showNote(b, i);
  focusAt(b);
}

function onPress(b, event) {
  goElsewhere(b);
  if (event.button !== 0 || !b.data || event.target.closest("input, select, textarea, summary, .tb-panel, .wb-message, button:not([data-tile])")) return;
  const card = event.target.closest("[data-note]");
  const theme = event.target.closest(".tb-head, [data-tile]")?.closest("[data-key]");
  if (!card && !theme) {
    // A press beside the cards must not give the focus, and with it the letters, to the notebook.
    if (!event.target.closest("button, a, [tabindex]:not(.wb-face)")) setTimeout(() => !b.root.contains(document.activeElement) && focusAt(b));
    return;
  }
  b.press = { x: event.clientX, y: event.clientY, id: event.pointerId, card, theme, touch: event.pointerType === "touch" };
  if (b.press.touch) b.press.timer = setTimeout(() => b.press && startDrag(b), 350);
}

function onMove(b, event) {
  const { press, drag } = b;
  if (drag) {
    drag.x = event.clientX;
    drag.y = event.clientY;
    drag.frame ||= requestAnimationFrame(() => moveDrag(b));
    return;
  }
  if (!press || press.id !== event.pointerId) return;
  const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (press.touch) {
    if (far > 10) stopPress(b); // the page is scrolled
  } else if (far > 5) {
    startDrag(b);
    onMove(b, event);
  }
}

function stopPress(b) {
  clearTimeout(b.press?.timer);
  b.press = null;
}

function startDrag(b) {
  const { card, theme, x, y, id } = b.press;
  stopPress(b);
  const i = card && Number(card.dataset.note);
  const notes = card ? (b.chosen.has(i) ? [...b.chosen] : [i]) : null;
  const source = card ?? theme;
  const box = source.getBoundingClientRect();
  const ghost = make("div", { class: "tb-ghost", "aria-hidden": "true", style: `width:${Math.min(box.width, 280)}px` },
    make("p", { dir: "auto" }, notes ? shorten(b.data.notes.text[i], 120) : titleOf(b, Number(theme.dataset.key))), notes?.length > 1 && make("b", {}, plural(notes.length, "note")));
  b.root.append(ghost);
  b.root.classList.add("tb-dragging");
  b.drag = { notes, theme: theme && !card ? Number(theme.dataset.key) : undefined, ghost, x, y, source };
  source.classList.add("tb-lifted");
  measureTargets(b);
  try {
    b.root.setPointerCapture(id);
  } catch {
    // the pointer is gone already
  }
  moveDrag(b);
}

function measureTargets(b) {
  const { drag } = b;
  drag.base = b.root.getBoundingClientRect();
  drag.targets = [...b.columnsNode.children, ...b.tiles.children, ...(drag.notes ? [b.tray] : [])].map((node) => ({ node, box: node.getBoundingClientRect(), key: Number(node.dataset.key) }));
  drag.scroller = scrollerOf(b);
  drag.window = drag.scroller.getBoundingClientRect();
}

// One frame of a drag: no measuring but where the page is scrolled.
function moveDrag(b) {
  const { drag } = b;
  if (!drag) return;
  drag.frame = 0;
  drag.ghost.style.transform = `translate(${drag.x - drag.base.left + 10}px, ${drag.y - drag.base.top + 10}px)`;
  const over = drag.targets.find(({ box }) => drag.x >= box.left && drag.x <= box.right && drag.y >= box.top && drag.y <= box.bottom);
  const target = over && over.key !== drag.theme ? over : null;
  if (target?.node !== drag.over?.node) {
    drag.over?.node.classList.remove("tb-target");
    target?.node.classList.add("tb-target");
    drag.over = target;
  }
  const edge = drag.y < drag.window.top + 40 ? -14 : drag.y > drag.window.bottom - 40 ? 14 : 0;
  if (!edge) return;
  const before = drag.scroller.scrollTop;
  drag.scroller.scrollTop += edge;
  if (drag.scroller.scrollTop === before) return;
  measureTargets(b);
  drag.frame = requestAnimationFrame(() => moveDrag(b));
}

function onRelease(b, event) {
  stopPress(b);
  if (!b.drag) return;
  const done = event.type === "pointerup";
  if (done) {
    // It falls where the hand lets go, also where no frame has been drawn since.
    cancelAnimationFrame(b.drag.frame);
    onMove(b, event);
    moveDrag(b);
  }
  endDrag(b, done);
}

function endDrag(b, done) {
  const { drag } = b;
  cancelAnimationFrame(drag.frame);
  drag.ghost.remove();
  drag.source.classList.remove("tb-lifted");
  drag.over?.node.classList.remove("tb-target");
  b.root.classList.remove("tb-dragging");
  b.drag = null;
  b.dragged = true; // the click that ends a drag is none
  setTimeout(() => (b.dragged = false));
  if (!done || !drag.over) return draw(b);
  if (drag.notes) moveTo(b, drag.notes, drag.over.key);
  else if (drag.over.key !== TRAY) merge(b, drag.theme, drag.over.key);
}

// ---- Listening ----

function listen(b) {
  const { root } = b;
  root.addEventListener("keydown", (event) => onKey(b, event));
  root.addEventListener("click", (event) => onClick(b, event));
  root.addEventListener("focusin", (event) => remember(b, event.target));
  root.addEventListener("pointerdown", (event) => onPress(b, event));
  root.addEventListener("pointermove", (event) => onMove(b, event));
  for (const type of ["pointerup", "pointercancel"]) root.addEventListener(type, (event) => onRelease(b, event));
  root.addEventListener("touchmove", (event) => b.drag && event.preventDefault(), { passive: false });
  let seen = true;
  const watch = new IntersectionObserver(([entry]) => (seen = entry.isIntersecting));
  watch.observe(root);
  const sizes = new ResizeObserver(() => {
    const width = root.clientWidth;
    if (!width || width === b.width) return;
    b.width = width;
    draw(b);
  });
  sizes.observe(root);
  const lost = () => silent(b);
  b.model.on("comm_live_update", lost);
  const clock = setInterval(() => tick(b), 1000);
  const look = setInterval(() => {
    if (!seen || document.hidden || !root.isConnected || (b.acts.length && !b.pages)) return; // what a large board works out may take longer
    if (b.message?.about === "silence" && Date.now() - b.polled < PATIENCE * 4) return; // questions would pile up in the kernel
    b.polled = Date.now();
    b.asked ||= Date.now();
    send(b, b.data || b.trouble ? { what: "poll" } : { what: "hello", asked: [] });
  }, LOOK_EVERY);
  return () => {
    watch.disconnect();
    sizes.disconnect();
    clearInterval(clock);
    clearInterval(look);
    b.model.off("comm_live_update", lost);
  };
}

function tick(b) {
  const now = Date.now();
  if (b.acts.some((act) => now > act.until) || (b.asked && now - b.asked > PATIENCE)) silent(b);
}

export default { render };
