// Of a large board the kernel sends the themes with their counts, and the notes as they come into sight. Its lists are as long as
// they are, with holes where nothing was asked for yet; `loaded` says which blocks of them were. Questions are numbered: an answer
// to one that was asked before the search, the order or the themes changed is not taken.

const BLOCK = 40; // notes asked for at once
const MOST = 1000; // notes that may be selected at once; as the kernel has it
const TYPING = 200; // ms after the last letter of a search

function openPages(b, message) {
  const { data } = b;
  b.pages = { asked: b.pages?.asked ?? 0, since: 0, lists: new Map(), loaded: new Set(), asking: new Set(), needs: new Map(), found: null, newest: b.pages?.newest ?? false, after: null, going: null, placing: null, then: null, timer: 0 };
  b.pages.since = b.pages.asked + 1;
  data.notes = { call: {}, id: {}, kind: {}, text: {}, theme: {}, reason: {}, tags: {}, like: {}, works: new Set() };
  Object.assign(data, { calls: { id: {}, day: {}, customer: {}, week: {} }, customers: {}, segments: {} });
  learn(b, message);
  for (const key of [TRAY, ...data.themes.keys()]) b.pages.lists.set(key, new Array(sizeOf(b, key)));
  if (asksMore(b)) return askLists(b);
  for (const list of message.lists) takeList(b, list);
}

function sizeOf(b, key) {
  return key === TRAY ? b.data.n_left : b.data.themes.get(key).n_notes;
}

// Whether the lists are others than the kernel gives by itself.
function asksMore(b) {
  return searching(b) || b.pages.newest;
}

// What is said of some notes, into what is known.
function learn(b, { notes, calls, customers, segments, who }) {
  const { data } = b;
  who.forEach((c, k) => {
    data.customers[c] = customers[k];
    data.segments[c] = segments[k];
  });
  calls.at.forEach((c, k) => {
    data.calls.id[c] = calls.id[k];
    data.calls.day[c] = calls.day[k];
    data.calls.customer[c] = calls.customer[k];
    data.calls.week[c] = monday(calls.day[k]);
  });
  notes.at.forEach((i, k) => {
    for (const name of ["call", "id", "kind", "text", "theme", "reason"]) data.notes[name][i] = notes[name][k];
    delete data.notes.like[i];
  });
  Object.assign(data.notes.tags, notes.tags);
  Object.assign(data.notes.like, notes.like);
  for (const i of notes.works) data.notes.works.add(i);
  for (const i of notes.fresh ?? []) b.fresh.add(i);
}

function ask(b, what, more) {
  const { pages } = b;
  pages.asked += 1;
  send(b, { what, number: pages.asked, version: b.data.version, find: b.find, newest: pages.newest, ...more });
  return pages.asked;
}

// ---- Lists ----

// Another search or another order: the kernel says how many each list has then.
function askLists(b) {
  const { pages } = b;
  clearTimeout(pages.timer);
  pages.since = ask(b, "find", {});
  pages.asking.clear();
  pages.needs.clear();
  pages.waiting = true;
  pages.going = pages.then = null;
}

// While it is typed.
function askListsSoon(b) {
  clearTimeout(b.pages.timer);
  b.pages.waiting = true;
  b.pages.timer = setTimeout(() => b.data && askLists(b), TYPING);
}

function hearLists(b, message) {
  const { pages } = b;
  if (message.number !== pages.since) return;
  if (message.version !== b.data.version) return askLists(b);
  pages.waiting = false;
  pages.found = { customers: message.customers, n: Object.values(message.n).reduce((sum, n) => sum + n, 0) };
  pages.loaded.clear();
  for (const key of [TRAY, ...b.data.themes.keys()]) pages.lists.set(key, new Array(message.n[key] ?? 0));
  replay(b);
}

// Called for each row that is in sight; what is not known yet is asked for in one message.
function need(b, key, n) {
  const { pages } = b;
  if (pages.waiting) return;
  let block = Math.floor(n / BLOCK);
  if (pages.loaded.has(`${key} ${block}`) && b.acts.length) block += 1; // a card that was moved away has let the others up
  const name = `${key} ${block}`;
  if (pages.loaded.has(name) || pages.asking.has(name)) return;
  pages.asking.add(name);
  if (!pages.needs.size) setTimeout(() => askNeeded(b), 20);
  pages.needs.set(name, [key, block * BLOCK, (block + 1) * BLOCK]);
}

function askNeeded(b) {
  const lists = [...b.pages.needs.values()];
  b.pages.needs.clear();
  if (lists.length) ask(b, "cards", { lists });
}

function hearCards(b, message) {
  const { pages } = b;
  if (message.number < pages.since || message.version !== b.data.version) return;
  learn(b, message);
  for (const list of message.lists) takeList(b, list);
  const [key, n, note] = message.place ?? [];
  if (n >= 0 && pages.lists.has(key)) pages.lists.get(key)[n] = note;
  replay(b);
  const { going, then } = pages;
  if (then && then.ready()) {
    pages.then = null;
    then.go();
  }
  if (going && rowsOf(b, going.key)?.[going.n] !== undefined) {
    pages.going = null;
    arrive(b, going);
  } else if (note !== undefined && note === pages.placing) {
    pages.placing = null;
    if (b.root.contains(document.activeElement)) goTo(b, { note });
  }
}

function takeList(b, [key, first, rows]) {
  const items = b.pages.lists.get(key);
  if (!items) return;
  rows.forEach((i, k) => {
    if (first + k < items.length) items[first + k] = i;
  });
  const until = first + rows.length;
  for (let block = Math.ceil(first / BLOCK); block * BLOCK < until; block += 1) {
    if ((block + 1) * BLOCK <= until || until >= items.length) b.pages.loaded.add(`${key} ${block}`);
  }
}

// After an act: lists that changed are asked for again, and show what they had until that has come.
function renewLists(b, message) {
  const { pages, data } = b;
  const changed = new Set(message.lists);
  const known = new Set(message.notes.at);
  for (const i of Object.keys(data.notes.theme)) if (changed.has(data.notes.theme[i])) delete data.notes.theme[i];
  learn(b, message);
  pages.since = pages.asked + 1;
  pages.needs.clear();
  pages.asking.clear();
  for (const name of pages.loaded) if (changed.has(Number(name.split(" ")[0]))) pages.loaded.delete(name);
  for (const key of pages.lists.keys()) if (key !== TRAY && !data.themes.has(key)) pages.lists.delete(key);
  for (const key of [TRAY, ...data.themes.keys()]) {
    if (pages.lists.has(key) && !changed.has(key)) continue;
    const items = (pages.lists.get(key) ?? []).filter((i) => !known.has(i));
    if (!asksMore(b)) items.length = sizeOf(b, key);
    pages.lists.set(key, items);
  }
  if (asksMore(b)) askLists(b);
}

// ---- Going to a card that may not be there yet ----

// After an act the focus goes with the card, once the kernel has said where that lies; unless somebody goes elsewhere meanwhile.
function findAgain(b, mine) {
  if (mine) b.pages.placing = b.at?.note;
  const place = b.pages.placing ?? b.at?.note;
  const notes = [...b.chosen, ...(b.panel?.notes ?? [])];
  if (place !== undefined || notes.length) ask(b, "cards", { place, notes });
}

function goElsewhere(b) {
  if (b.pages) b.pages.placing = b.pages.going = null;
}

function rowsOf(b, key) {
  return key === TRAY ? b.trayList?.items : b.columns.get(key)?.list.items;
}

function goToRow(b, key, n, from) {
  const list = key === TRAY ? b.trayList : b.columns.get(key)?.list;
  if (!list?.items.length) return;
  const place = { key, n, from };
  if (list.items[n] !== undefined) return arrive(b, place);
  b.pages.going = place;
  revealRow(b, list, n);
  need(b, key, n);
}

function arrive(b, { key, n, from }) {
  const note = rowsOf(b, key)[n];
  if (from !== undefined) [from, note].forEach((i) => b.chosen.add(i));
  goTo(b, { note });
}

// The notes between two places of lists, those fetched that are not there yet; at most so many.
function gather(b, parts, go) {
  if (!b.pages) return go(parts.flatMap(([key, first, until]) => b.lists.get(key).slice(first, until)));
  const n = parts.reduce((sum, [, first, until]) => sum + until - first, 0);
  if (n > MOST) return tell(b, `At most ${MOST.toLocaleString("en-GB")} notes are selected at once, and these are ${n.toLocaleString("en-GB")}. Search for fewer; whole themes are merged with m.`);
  const holes = () => parts.filter(([key, first, until]) => { for (let k = first; k < until; k += 1) if (b.lists.get(key)?.[k] === undefined) return true; return false; });
  const all = () => parts.flatMap(([key, first, until]) => b.lists.get(key).slice(first, until));
  const missing = holes();
  if (!missing.length) return go(all());
  b.pages.then = { ready: () => { survey(b); return !holes().length; }, go: () => go(all()) };
  ask(b, "cards", { lists: missing });
}

// ---- Counts as they would be ----

// Of a move or a merge that is being chosen; null until the kernel has counted.
function countsAfter(b, what) {
  const { pages } = b;
  const asked = JSON.stringify([what, b.data.version]);
  if (pages.after?.of === asked) return pages.after.said;
  pages.after = { of: asked, number: ask(b, "after", what), said: null };
  return null;
}

function hearAfter(b, message) {
  if (b.pages.after?.number === message.number) b.pages.after.said = message;
}
