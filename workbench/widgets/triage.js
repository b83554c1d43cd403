// Triage: one sentence at a time, one key for what becomes of it.
//
// What is decided is shown at once, and kept here (and put aside for the tab) until the kernel has answered that it is on the disk.
// One batch is on its way at a time, so that the kernel does things in the order in which they were decided.

const PATIENCE = 4000; // ms until a kernel that says nothing counts as not answering
const LOOK_EVERY = 3000;
const DRAFT_AFTER = 250;
const ROW = 34; // height of a row of the list, as in triage.css
const REACH = 6; // rows drawn beyond the window
const PACE_OF = 20; // so many of the last decisions tell the pace
const ENOUGH = 0.5; // of a sentence decides it, as in triage.py
const AROUND = 240; // letters of what stands around it
const LONGEST = 60; // s; who takes longer over a sentence was elsewhere
const UNSENT = "workbench-triage-unsent-";
const LAST_AT = "workbench-triage-at-";
const MADE_INTO = [["observation", "1", "-"], ["pain", "2", "!"], ["workaround", "3", "~"], ["wish", "4", "?"]];
const KEYS = [
  ["k", "keep: the words become a quote of the call"],
  ["e", "edit: a note in your words; 1 observation, 2 pain, 3 workaround, 4 wish"],
  ["d", "drop: not worth a note"],
  ["j →", "next, without deciding"],
  ["←", "the one before"],
  ["x", "the next sentence as well"],
  ["Shift x", "one sentence less"],
  ["#", "tags; Enter keeps the quote with them"],
  ["u", "undo, also Ctrl Z"],
  ["o", "order: the most telling first, or as it was said"],
  ["?", "these keys"],
];

function render({ model, el }) {
  const root = ground(el, "wb-triage");
  const cry = makeCrier(root);
  const me = Math.random().toString(36).slice(2, 8);
  const ui = {
    calls: [], week: [], drafts: {}, tags: [], limit: 200, counts: new Map(),
    scope: "", opening: null, data: null, // what is open: items, calls
    order: [], at: null, asSaid: false, filter: "all", span: null, mode: "", kind: "", told: "",
    acts: [], sent: null, sentAt: 0, undo: [], paces: [], lastAt: 0, message: null, polled: 0,
  };
  let nActs = 0;

  // ------------------------------------------------------------------ the page

  // Who walks through the calls by arrow keys stays there; who has chosen one goes on to its first sentence.
  let walks = false;
  const scope = make("select", { class: "wb-input", "aria-label": "Which calls", onchange: () => open(scope.value), onkeydown: (event) => (walks = event.key !== "Enter"), onpointerdown: () => (walks = false) });
  const progress = make("span", { class: "tg-progress" });
  const bar = make("span", { class: "tg-bar", "aria-hidden": "true" }, make("span", {}));
  const status = make("span", { class: "wb-status", role: "status" });
  const notices = make("div", { class: "tg-notices" });
  const card = make("section", { class: "tg-card", tabIndex: 0, "aria-label": "The sentence to decide on", "aria-describedby": `${me}-keys` });
  const keysAre = make("span", { class: "wb-hidden", id: `${me}-keys` }, "k keep, e edit, d drop, j next, left arrow back, x longer, u undo, question mark all keys");
  const acts = makeActs();
  const sides = make("div", { class: "tg-sides", role: "group", "aria-label": "Who speaks; whose words count" });
  const help = make("dl", { class: "tg-keys", hidden: true }, KEYS.map(([keys, what]) => make("div", {}, make("dt", {}, keys.split(" ").map((one) => [key(one), " "])), make("dd", {}, what))));
  const list = makeList();
  const body = make("div", { class: "tg-two" }, acts.node, card, sides, list.node);
  const nothing = make("div", { class: "tg-nothing", hidden: true });
  const drop = makeDrop(root, me, { post, cry, done: ({ files }) => {
    ui.wanted = files;
    post({ what: "hello" });
  } });
  const head = make("div", { class: "tg-head" }, scope, progress, bar, status, acts.ask);
  root.append(head, notices, keysAre, nothing, help, body, drop.node);

  // ------------------------------------------------------------------ to and from the kernel

  function post(message) {
    try {
      model.send({ ...message, view: me })?.catch?.(() => {});
    } catch {
      // The comm is closed, as after a restart of the kernel; the silence is noticed and shown.
    }
  }

  model.on("msg:custom", (message) => {
    if (message.drop) return drop.hear(message.drop);
    if (message.what === "done") return hearDone(message);
    if (message.view !== me) return;
    ui.heard = Date.now();
    if (message.what === "calls") hearCalls(message);
    else if (message.what === "counted") hearCount(message);
    else if (message.what === "opened") hearOpened(message);
    else if (message.what === "news") message.calls.forEach(takeCall);
    else if (message.what === "refused") say("bad", "This could not be done.", message.why);
  });

  function act(one) {
    nActs += 1;
    const full = { id: `${me}-${nActs}`, ...one };
    ui.acts.push(full);
    putAside();
    flush();
    return full.id;
  }

  function flush() {
    if (ui.sent || !ui.acts.length) return paintStatus();
    ui.sent = ui.acts.map((one) => one.id);
    ui.sentAt = Date.now();
    post({ what: "acts", acts: ui.acts });
    paintStatus();
  }

  function hearDone({ ids, refused, numbers, calls, view }) {
    if (view === me) {
      const done = new Set(ids);
      const mine = ui.acts.filter((one) => done.has(one.id));
      ui.acts = ui.acts.filter((one) => !done.has(one.id));
      ui.sent = null;
      ui.heard = Date.now();
      putAside();
      for (const one of mine) if (refused[one.id]) say("warn", "This was not done.", refused[one.id]);
      ui.undo = ui.undo.filter(({ id }) => !(done.has(id) && refused[id]));
      for (const one of ui.undo) one.n ??= numbers[one.id];
      for (const one of ui.acts) if (one.of) one.n ??= numbers[one.of];
      const stuck = Object.keys(refused).find((id) => !done.has(id));
      if (stuck) {
        ui.stuck = refused[stuck];
        say("bad", "Not on disk yet.", refused[stuck], [["Try again", () => flush()]]);
        setTimeout(flush, PATIENCE);
      } else {
        if (ui.stuck) settle();
        ui.stuck = "";
        flush();
      }
    }
    calls.forEach(takeCall);
    paintStatus();
  }

  // What is not known to be on disk lies in the tab's storage, for the view that comes after this one.
  function putAside() {
    try {
      const place = `${UNSENT}${me}`;
      if (ui.acts.length) sessionStorage.setItem(place, JSON.stringify({ workspace: ui.workspace, acts: ui.acts }));
      else sessionStorage.removeItem(place);
    } catch {
      // A browser that keeps nothing: what is on the page is still there.
    }
  }

  function bringBack() {
    const living = (globalThis.workbenchTriages ??= new Set());
    living.add(me);
    let n = 0;
    try {
      for (const place of Object.keys(sessionStorage)) {
        if (!place.startsWith(UNSENT) || living.has(place.slice(UNSENT.length))) continue;
        const left = JSON.parse(sessionStorage.getItem(place));
        if (left.workspace !== ui.workspace) continue;
        ui.acts.push(...left.acts);
        n += left.acts.length;
        putAside();
        sessionStorage.removeItem(place);
      }
    } catch {
      // None, or somebody else's.
    }
    if (n) {
      flush();
      say("info", `${n === 1 ? "1 decision" : `${n} decisions`} brought back.`, "The kernel had stopped before it could save.");
    }
  }

  function hearCalls(message) {
    const first = !ui.workspace;
    Object.assign(ui, { workspace: message.workspace, calls: message.calls, week: message.week, drafts: message.drafts, tags: message.tags, limit: message.limit });
    paintScopes();
    if (first) bringBack();
    if (!ui.calls.length) return paintNothing();
    const wanted = ui.calls.find((one) => ui.wanted?.includes(one.file));
    ui.wanted = null;
    if (wanted) return open(wanted.file);
    if (ui.data) return;
    const draft = Object.keys(ui.drafts)[0]?.split("|")[0];
    const there = ["all", ...(ui.week.length ? ["week"] : []), ...ui.calls.map((one) => one.file)];
    open([draft, lastAt()].find((one) => there.includes(one)) ?? ui.calls[0].file);
  }

  // Which calls were gone through in this tab, where a reload goes on: what was decided there is taken back there.
  function lastAt(name = "") {
    const place = `${LAST_AT}${ui.workspace}`;
    try {
      if (name) sessionStorage.setItem(place, name);
      return sessionStorage.getItem(place);
    } catch {
      return null; // a browser that keeps nothing
    }
  }

  // Calls are looked through one after the other, those that are asked for first.
  function countNext() {
    const wanted = ui.opening?.files ?? ui.calls.map((one) => one.file);
    const file = wanted.find((one) => !ui.counts.has(one));
    if (file) return post({ what: "count", file });
    if (ui.opening) post({ what: "open", scope: ui.opening.scope, files: ui.opening.files, limit: ui.opening.limit });
  }

  function hearCount({ file, left, n, trouble }) {
    ui.counts.set(file, { left, n, trouble });
    paintScopes();
    if (ui.opening) paintOpening();
    setTimeout(countNext, ui.opening ? 0 : 150); // what is decided meanwhile comes between
  }

  function filesOf(name) {
    if (name === "week") return ui.week;
    return name === "all" ? ui.calls.map((one) => one.file) : [name];
  }

  function open(name, more = 0) {
    const many = name === "week" || name === "all";
    ui.opening = { scope: name, files: filesOf(name), limit: many ? ui.limit + more : null, goesOn: more > 0 };
    scope.value = name;
    lastAt(name);
    paintOpening();
    countNext();
  }

  function hearOpened(message) {
    if (message.scope !== ui.opening?.scope) return;
    const again = ui.scope === message.scope;
    const was = again && !ui.opening.goesOn ? ui.at : null;
    ui.opening = null;
    ui.scope = message.scope;
    ui.data = { calls: message.calls, items: new Map(), n: message.n };
    for (const [rank, item] of message.items.entries()) {
      const key = `${message.calls[item.call].file}|${item.id}`;
      ui.data.items.set(key, { ...item, key, rank, of: message.calls[item.call], what: "", note: "", line: 0, hand: false });
    }
    message.calls.forEach((call) => takeCall(call));
    // What was decided and is not answered yet.
    for (const one of ui.acts) if (one.do === "decide") showDecided(ui.data.items.get(`${one.file}|${one.item}`), one);
    sort();
    if (message.trouble.length) say("warn", "Not all can be read.", message.trouble.join(" "));
    nothing.hidden = true;
    head.hidden = body.hidden = false;
    const drafted = ui.order.find((item) => ui.drafts[item.key]);
    if (ui.mode && ui.data.items.has(was?.key)) {
      ui.at = ui.data.items.get(was.key); // somebody writes
      paint();
    } else go(ui.data.items.get(was?.key) ?? drafted ?? ui.order.find((item) => !item.what && item.of.file === was?.of.file) ?? ui.order.find((item) => !item.what) ?? ui.order[0] ?? null);
    setTimeout(countNext, 300);
    const active = document.activeElement;
    if (!again && !ui.mode && (active === document.body || root.contains(active)) && !(active === scope && walks) && !active.closest(".dr-row, .dr-names")) card.focus({ preventScroll: true });
  }

  function takeCall(call) {
    const known = ui.data?.calls.find((one) => one.file === call.file);
    if (call.trouble) return say("bad", "A call cannot be read.", call.trouble);
    ui.counts.set(call.file, { left: call.left, n: call.n });
    paintScopes();
    if (!known) return;
    if (known.cut !== call.cut) {
      if (!ui.acts.length && !ui.mode) open(ui.scope); // other candidates: the transcript, or who is one of us, has changed
      else known.cut = "";
    }
    const takenBack = new Set(ui.acts.filter((one) => one.do === "undo" && one.file === call.file).map((one) => one.n));
    const decided = call.decided.filter(([n]) => !takenBack.has(n));
    Object.assign(known, { us: call.us, speakers: call.speakers, ours: call.ours, left: call.left, n: call.n, who: call.who, decided });
    const busy = new Set(ui.acts.filter((one) => one.file === call.file).map((one) => one.item));
    for (const item of ui.data.items.values()) {
      if (item.of.file !== call.file || busy.has(item.id)) continue;
      [item.what, item.note, item.line, item.hand] = call.states[item.id] ?? ["", "", 0, false];
    }
    paint();
  }

  // ------------------------------------------------------------------ which comes next

  function sort() {
    const items = [...ui.data.items.values()];
    if (ui.asSaid) items.sort((a, b) => a.call - b.call || a.turn - b.turn || a.start - b.start);
    else items.sort((a, b) => a.rank - b.rank);
    ui.order = items;
  }

  function go(item) {
    ui.at = item;
    ui.span = item && { start: item.start, end: item.end };
    ui.mode = "";
    ui.lastAt = Date.now();
    const draft = item && ui.drafts[item.key];
    if (draft && !item.what) begin(draft.kind, draft.typed, draft.end ? Number(draft.end) : item.end);
    paint();
    list.show();
  }

  function step(by) {
    const place = ui.order.indexOf(ui.at) + by;
    if (place < 0 || place >= ui.order.length) return cry(by < 0 ? "This is the first" : "This is the last");
    go(ui.order[place]);
    tell();
  }

  function nextOpen() {
    const place = ui.order.indexOf(ui.at);
    const next = ui.order.slice(place + 1).find((item) => !item.what) ?? ui.order.find((item) => !item.what);
    if (next) go(next);
    else paint();
  }

  // ------------------------------------------------------------------ deciding

  function wordsOf(item, { start, end } = ui.span) {
    return item.of.turns[item.turn][1].slice(start, end);
  }

  function decide(what, more = {}) {
    const item = ui.at;
    if (!item) return;
    if (item.hand) return what === "keep" && !more.kind && !more.typed ? nextOpen() : sayByHand(item);
    if (what === item.what && (what === "drop" || (!more.kind && !more.typed && item.note.startsWith(`"${wordsOf(item)}"`)))) return nextOpen();
    const before = { what: item.what, note: item.note };
    const covered = ui.order.filter((other) => other.of === item.of && other.turn === item.turn && shareOf(other) >= ENOUGH);
    const one = { do: "decide", file: item.of.file, item: item.id, at: item.at, words: wordsOf(item), what, ...more };
    const id = act(one);
    ui.undo.push({ id, file: item.of.file, item: item.id, before });
    const seconds = (Date.now() - ui.lastAt) / 1000;
    if (!before.what) ui.paces = [...ui.paces.slice(1 - PACE_OF), Math.min(seconds, LONGEST)];
    for (const other of [item, ...covered]) showDecided(other, one);
    forgetDraft(item);
    ui.told = what === "drop" ? "Dropped" : more.kind ? `Made a note: ${more.kind}` : "Kept";
    nextOpen();
    backToCard();
    tell();
  }

  // How much of another sentence is decided with the one that is looked at, as the kernel has it.
  function shareOf(other) {
    return (Math.min(ui.span.end, other.end) - Math.max(ui.span.start, other.start)) / (other.end - other.start);
  }

  function sayByHand(item) {
    say("info", "These words stand in the call already.", `${item.of.file}, line ${item.line}; they were not kept here, so change them there.`);
  }

  function showDecided(item, { what, kind, typed, words, note }) {
    if (!item) return;
    item.what = what === "open" ? "" : what;
    item.note = what !== "keep" ? (note ?? "") : (note ?? (kind ? `${SIGN[kind]}${typed}` : `"${words}"${typed ? ` ${typed}` : ""}`));
    item.line = 0;
  }

  function undo() {
    const last = ui.undo.pop() ?? lastOnDisk();
    if (!last) return cry("Nothing to undo");
    ui.told = "Taken back";
    if (last.back) {
      act(last.back);
      return paint();
    }
    act({ do: "undo", file: last.file, item: last.item, of: last.id, n: last.n });
    ui.paces.pop();
    const item = ui.data.items.get(`${last.file}|${last.item}`);
    if (item) {
      if (last.before) showDecided(item, last.before);
      go(item);
    } else paint();
    backToCard();
    tell();
  }

  // What was decided before this page was opened, of the call that is looked at.
  function lastOnDisk() {
    const call = ui.at?.of ?? ui.data?.calls[0];
    const last = call?.decided.pop();
    return last && { file: call.file, n: last[0], item: last[1] };
  }

  // The next sentence of the same turn comes in, or the last one goes.
  function extend(by) {
    const item = ui.at;
    if (!item || item.what) return;
    const to = endBy(item, by);
    if (to === undefined) return cry(by > 0 ? "The turn ends here" : "It is one sentence already");
    ui.span = { ...ui.span, end: to };
    paint();
    cry(wordsOf(item));
  }

  // Where it ends with a sentence more, or less; nowhere where there is none.
  function endBy(item, by) {
    const ends = sentenceEnds(item.of.turns[item.turn][1], ui.span.start);
    const place = ends.findIndex((end) => end >= ui.span.end);
    return by > 0 ? ends.find((end) => end > ui.span.end) : ends.slice(0, place).at(-1);
  }

  // ------------------------------------------------------------------ writing a note of it

  function begin(kind, typed = null, end = ui.span.end) {
    const item = ui.at;
    if (item.hand) return sayByHand(item);
    ui.span = { start: item.start, end };
    ui.mode = kind === "tags" ? "tags" : kind ? "edit" : "kind";
    ui.kind = kind;
    ui.typed = typed ?? (kind === "tags" ? "#" : wordsOf(item));
    ui.fresh = typed === null;
    paint();
  }

  function leave() {
    forgetDraft(ui.at);
    ui.mode = "";
    paint();
    backToCard();
  }

  // A field that was tall may have left the sentence above the window's edge.
  function backToCard() {
    card.focus({ preventScroll: true });
    card.querySelector(".tg-said")?.scrollIntoView({ block: "nearest" });
  }

  function keepDraft() {
    clearTimeout(ui.draftTimer);
    if (!ui.mode || ui.mode === "kind" || !ui.at) return;
    const draft = { kind: ui.kind, typed: ui.typed, end: String(ui.span.end) };
    ui.drafts[ui.at.key] = draft;
    post({ what: "draft", key: ui.at.key, draft, n: 0 });
  }

  function forgetDraft(item) {
    clearTimeout(ui.draftTimer);
    if (!item || !ui.drafts[item.key]) return;
    delete ui.drafts[item.key];
    post({ what: "draft", key: item.key, draft: null, n: 0 });
  }

  function makeEditor() {
    const tags = ui.mode === "tags";
    const input = make("textarea", {
      class: "wb-input tg-typed", rows: 1, dir: "auto", value: ui.typed,
      "aria-label": tags ? "Tags for the quote; Enter keeps it" : `The ${ui.kind}; Enter saves it, Escape leaves it`,
    });
    const pop = makePop(root, input, {
      rows: () => {
        const typed = input.value.slice(0, input.selectionStart).match(/(?:^|\s)#([\p{L}\p{N}_-]*)$/u)?.[1] ?? null;
        if (typed === null) return [];
        const fit = ui.tags.filter((one) => one.tag.toLowerCase().startsWith(typed.toLowerCase()));
        const rows = fit.slice(0, 6).map((one) => ({ text: `#${one.tag}`, aside: one.n_customers === 1 ? "1 customer" : `${one.n_customers} customers` }));
        if (typed && !fit.some((one) => one.tag === typed)) rows.push({ text: `#${typed}`, aside: "new tag" });
        return rows;
      },
      choose: (row) => {
        const at = input.selectionStart;
        input.setRangeText(`${row.text} `, input.value.lastIndexOf("#", at - 1), at, "end");
        typed();
      },
    });
    const typed = () => {
      ui.typed = input.value;
      grow(input);
      pop.open();
      clearTimeout(ui.draftTimer);
      ui.draftTimer = setTimeout(keepDraft, DRAFT_AFTER);
    };
    input.addEventListener("input", typed);
    input.addEventListener("blur", () => (pop.close(), ui.mode && keepDraft()));
    input.addEventListener("keydown", (event) => {
      if (composes(event) || pop.takes(event)) return;
      if (event.key === "Enter") {
        event.preventDefault();
        save();
      } else if (event.key === "Escape") {
        event.preventDefault();
        leave();
      }
    });
    const save = () => {
      const words = input.value.trim();
      if (!words && !tags) return cry("A note needs words");
      if (tags) decide("keep", { typed: words.replace(/(^|\s)#(?=\s|$)/g, "").trim() });
      else decide("keep", { kind: ui.kind, typed: words });
    };
    const node = make("div", { class: "tg-editor" },
      make("span", { class: "tg-label" }, tags ? "Tags" : [mark(ui.kind), " ", ui.kind]),
      make("div", { class: "tg-field" }, input, pop.node),
      make("span", { class: "wb-acts" },
        button(["Save ", key("Enter")], save, { look: "wb-main" }), button(["Leave it ", key("Esc")], leave, { look: "wb-quiet" })));
    return { node, focus: () => {
      input.focus({ preventScroll: true });
      if (ui.fresh && !tags) input.select();
      else input.setSelectionRange(input.value.length, input.value.length);
      ui.fresh = false;
      grow(input);
      if (tags) pop.open();
    } };
  }

  function makeKinds() {
    const choices = MADE_INTO.map(([kind, digit]) => button([mark(kind), ` ${kind} `, key(digit)], () => begin(kind), { "data-kind": kind }));
    const node = make("div", { class: "tg-editor tg-kinds", role: "group", "aria-label": "What is it" },
      make("span", { class: "tg-label" }, "What is it?"), ...choices, button(["Leave it ", key("Esc")], leave, { look: "wb-quiet" }));
    return { node, focus: () => choices[0].focus({ preventScroll: true }) };
  }

  // ------------------------------------------------------------------ drawing

  function paint() {
    if (!ui.data) return;
    paintProgress();
    paintCard();
    paintSides();
    acts.paint();
    list.paint();
    paintStatus();
  }

  function paintScopes() {
    const left = (files) => (files.every((one) => ui.counts.has(one)) ? files.reduce((sum, one) => sum + ui.counts.get(one).left, 0) : null);
    const leftWords = (files) => files.length === 1 && ui.counts.get(files[0])?.trouble ? " · cannot be read" : (left(files) === null ? "" : left(files) ? ` · ${left(files)} left` : " · done");
    const all = ui.calls.map((one) => one.file);
    const some = (files) => files.reduce((sum, one) => sum + (ui.counts.get(one)?.n ?? 0), 0) > ui.limit;
    const many = (files, words) => `${words}${leftWords(files)}${left(files) && some(files) ? `, ${ui.limit} at a time` : ""}`;
    const rows = [
      ...(ui.week.length > 1 && ui.week.length < all.length ? [["week", many(ui.week, `This week’s ${ui.week.length} calls`)]] : []),
      ...(all.length > 1 ? [["all", many(all, `All ${all.length} calls`)]] : []),
      ...[...ui.calls].sort((a, b) => isDone(a.file) - isDone(b.file)).map((one) => [one.file, `${one.title}${leftWords([one.file])}`]),
    ];
    const drawn = JSON.stringify(rows);
    if (scope.dataset.drawn === drawn) return;
    scope.dataset.drawn = drawn;
    const chosen = ui.opening?.scope ?? ui.scope;
    scope.replaceChildren(...rows.map(([value, words]) => make("option", { value }, words)));
    if (chosen) scope.value = chosen;
  }

  function isDone(file) {
    return Number(ui.counts.get(file)?.left === 0);
  }

  function paintOpening() {
    const { files } = ui.opening;
    if (files.length < 2 && ui.data) return;
    const read = files.filter((one) => ui.counts.has(one)).length;
    progress.textContent = files.length > 1 ? `${read} of ${files.length} calls looked through` : "looking through the call";
    bar.firstChild.style.width = `${(100 * read) / files.length}%`;
  }

  function paintProgress() {
    if (ui.opening) return;
    const n = ui.order.length;
    const left = ui.order.filter((item) => !item.what).length;
    const pace = ui.paces.length > 2 ? [...ui.paces].sort((a, b) => a - b)[Math.floor(ui.paces.length / 2)] : 0;
    const minutes = Math.ceil((left * pace) / 60);
    progress.textContent = !left ? `all ${n} decided` : `${left} of ${n} left${pace ? `, about ${minutes} min at this pace` : ""}`;
    bar.firstChild.style.width = `${n ? (100 * (n - left)) / n : 0}%`;
  }

  function paintNothing() {
    head.hidden = body.hidden = true;
    nothing.hidden = false;
    nothing.replaceChildren(make("h3", {}, "No call has a transcript yet"), make("p", {}, "Drop some here, or type  ", make("code", {}, "workbench import FILES"), "  in a terminal and run this cell again."));
  }

  function isOurs(call, speaker) {
    return call.us.some((name) => name.toLowerCase() === speaker.toLowerCase());
  }

  function turnAround(item, n) {
    const turn = item.of.turns[n];
    if (!turn) return null;
    const [speaker, text] = turn;
    const ours = isOurs(item.of, speaker);
    return make("p", { class: ours ? "tg-turn tg-us" : "tg-turn", dir: "auto" }, make("b", {}, speaker), " ", n < item.turn ? endOf(text) : startOf(text));
  }

  let drawnCard = "";
  function paintCard() {
    const item = ui.at;
    const left = ui.order.some((one) => !one.what);
    // While somebody types, nothing that comes from elsewhere draws the field anew.
    const now = item && JSON.stringify(ui.mode ? [item.key, ui.span, ui.mode, ui.kind] : [item.key, ui.span, item.what, item.note, item.line, item.of.us, ui.order.indexOf(item), ui.order.length, left, ui.scope]);
    if (now === drawnCard && now) return;
    drawnCard = now;
    if (!item) return card.replaceChildren(make("p", { class: "wb-mute" }, "There is nothing here that could be a note: no customer's sentence is long enough. Look at who speaks below."));
    const { of } = item;
    const [speaker, text] = of.turns[item.turn];
    const editor = ui.mode === "kind" ? makeKinds() : ui.mode ? makeEditor() : null;
    if (card.contains(document.activeElement)) card.focus({ preventScroll: true }); // what has the keyboard there goes
    card.replaceChildren(...[
      make("header", { class: "tg-meta" },
        make("span", {}, make("b", {}, of.title)), make("span", { class: "tg-where" }, item.at.startsWith("¶") ? `turn ${item.at.slice(1)}` : item.at),
        make("span", {}, `${ui.order.indexOf(item) + 1} of ${ui.order.length}`)),
      make("div", { class: "tg-around" }, [2, 1].map((by) => turnAround(item, item.turn - by))),
      make("blockquote", { class: "tg-said", dir: "auto" },
        make("span", { class: "tg-speaker" }, speaker),
        ui.span.start ? make("span", { class: "tg-rest" }, endOf(text.slice(0, ui.span.start))) : null,
        make("span", { class: "tg-words" }, markSignals(text, item, ui.span)),
        ui.span.end < text.length ? make("span", { class: "tg-rest" }, startOf(text.slice(ui.span.end))) : null),
      make("p", { class: "tg-why" }, icon("info"), " ", whyOf(text, item)),
      decided(item),
      editor?.node,
      make("div", { class: "tg-around" }, [1, 2].map((by) => turnAround(item, item.turn + by))),
      left ? null : finished(),
    ].filter(Boolean));
    root.classList.toggle("tg-writes", Boolean(editor));
    editor?.focus();
    editor?.node.scrollIntoView({ block: "nearest" });
  }

  function decided(item) {
    if (!item.what) return item.note ? make("p", { class: "tg-decided" }, icon("info"), " Kept by the program when the call came in: keep it, or drop it.") : null;
    const kept = item.what === "keep";
    return make("p", { class: `tg-decided tg-${item.what}` }, icon(kept ? "check" : "cross"), " ", kept ? "Kept: " : "Dropped.", kept ? make("span", { dir: "auto" }, item.note) : "",
      kept && item.line ? make("span", { class: "wb-mute" }, ` line ${item.line}`) : "");
  }

  function finished() {
    const next = ui.calls.find((one) => one.file !== ui.scope && ui.counts.get(one.file)?.left);
    const more = ui.data.n > ui.order.length;
    return make("div", { class: "tg-finished" }, make("b", {}, "All of these are decided."),
      more ? button([`The next ${Math.min(ui.limit, ui.data.n - ui.order.length)} `, key("Enter")], () => open(ui.scope, ui.order.length), { look: "wb-main" }) : null,
      !more && next ? button([`Next: ${next.title} `, key("Enter")], () => open(next.file), { look: "wb-main" }) : null);
  }

  function makeActs() {
    const one = (label, keys, what, look = "") => button([label, " ", key(keys)], what, { look, "aria-keyshortcuts": keys });
    const [keep, edit, drop] = [one("Keep", "k", () => decide("keep"), "wb-main"), one("Edit", "e", () => begin("")), one("Drop", "d", () => decide("drop"))];
    const [more, less, tag] = [one("Longer", "x", () => extend(1)), one("Shorter", "⇧x", () => extend(-1)), one("Tags", "#", () => begin("tags"))];
    const [back, next, take] = [one("Before", "←", () => step(-1)), one("Next", "j", () => step(1)), one("Undo", "u", undo)];
    const ask = button(["Keys ", key("?")], () => toggleHelp(), { look: "wb-quiet", "aria-expanded": "false" });
    const node = make("div", { class: "tg-acts", role: "toolbar", "aria-label": "Decide" },
      make("div", {}, keep, edit, drop), make("div", {}, more, less, tag), make("div", {}, back, next, take));
    return {
      node, ask,
      paint: () => {
        const open_ = Boolean(ui.at);
        for (const each of [keep, edit, drop, tag]) each.disabled = !open_;
        for (const [each, by] of [[more, 1], [less, -1]]) each.disabled = !open_ || Boolean(ui.at.what) || endBy(ui.at, by) === undefined;
        take.disabled = !ui.undo.length && !ui.at?.of.decided.length;
        // A browser takes the keyboard from what cannot be pressed any more, and gives it to nothing.
        if (node.querySelector(":disabled:focus")) card.focus({ preventScroll: true });
      },
    };
  }

  function toggleHelp() {
    help.hidden = !help.hidden;
    acts.ask.setAttribute("aria-expanded", String(!help.hidden));
  }

  function reorder() {
    ui.asSaid = !ui.asSaid;
    sort();
    paint();
    list.show();
    cry(ui.asSaid ? "In the order in which it was said" : "The most telling first");
  }

  // Who speaks, and whose words count; what was kept from somebody who turns out to be one of us can go.
  function paintSides() {
    const call = ui.at?.of ?? ui.data.calls[0];
    if (!call) return sides.replaceChildren();
    const now = JSON.stringify([call.file, call.speakers, call.ours, call.who]);
    if (sides.dataset.drawn === now) return;
    sides.dataset.drawn = now;
    const focused = sides.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    const people = call.speakers.map(({ name, words, us, named, unclear }) =>
      make("button", { type: "button", class: "wb-button tg-side", "aria-pressed": String(us), data: { name }, title: us ? "Click if they are the customer's" : named ? "Click if they are one of you" : "Click if one of you speaks, or nobody can tell", onclick: () => flip(call, name, !us) },
        make("b", {}, name), us ? (named ? " one of us" : " left out") : unclear ? " not said" : " customer", make("span", { class: "wb-mute" }, ` ${words.toLocaleString()} words`)));
    // Whoever may be one of us is neither joined to them nor counted by itself.
    const unclear = call.speakers.filter((one) => one.unclear).map(({ name, unclear: why }) =>
      make("div", { class: "wb-message wb-warn" }, icon("warn"), make("div", { class: "wb-said" }, make("b", {}, name), ` ${why}. What ${name} says does not count until you say whose side that is.`),
        make("span", { class: "wb-acts" }, button("One of us", () => (flip(call, name, true), card.focus({ preventScroll: true }))), button("The customer’s", () => toCustomer(call, name)))));
    const still = call.speakers.filter(({ us, named, there }) => us && named && there);
    const listed = still.map(({ name }) => make("p", { class: "wb-mute" }, icon("info"), ` ${name} still stands behind who: in the call (“${call.who}”). Take the name out there if it is one of you.`));
    const nameless = call.speakers.find(({ named }) => !named);
    const unnamed = nameless && make("p", { class: "wb-mute" }, nameless.us ? "Turns with no name are left out: none of them becomes a note." : "Turns with no name count as the customer's. Where one of you speaks in them, or nobody can tell, click: they are left out then, all of them.");
    const nobody = !call.us.length && call.speakers.length > 1 && make("p", { class: "wb-mute" }, "Nobody is one of you yet. Click on who asked the questions: their words are no evidence.");
    const wrong = call.ours.length > 0 && make("div", { class: "wb-message wb-warn" }, icon("warn"),
      make("div", { class: "wb-said" }, make("b", {}, `${call.ours.length === 1 ? "1 note" : `${call.ours.length} notes`} of this call ${call.ours.length === 1 ? "quotes" : "quote"} one of you.`), " They are no evidence.",
        make("ul", {}, call.ours.map(({ words, line }) => make("li", { dir: "auto" }, `Line ${line}: ${words}`)))),
      make("span", { class: "wb-acts" }, button("Take them out", () => takeOut(call))));
    sides.replaceChildren(...[make("span", { class: "tg-label" }, "Who speaks"), ...people, nobody, unnamed, ...unclear, ...listed, wrong].filter(Boolean));
    if (focused !== null) sides.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus();
    // What follows from the click may lie below the window's edge, and something may be left to do.
    if (ui.flipped !== call.file) return;
    ui.flipped = "";
    if (wrong) wrong.querySelector("button").focus({ preventScroll: true });
    sides.lastElementChild.scrollIntoView({ block: "nearest" });
  }

  function flip(call, name, us) {
    act({ do: "side", file: call.file, name, ours: us });
    ui.undo.push({ back: { do: "side", file: call.file, name, ours: !us } });
    ui.flipped = call.file;
    cry(us ? `${name} is one of us now` : `${name} is the customer's now`);
  }

  function toCustomer(call, name) {
    act({ do: "theirs", file: call.file, name });
    ui.undo.push({ back: { do: "not theirs", file: call.file, name } });
    ui.flipped = call.file;
    cry(`${name} is the customer's now`);
    card.focus({ preventScroll: true }); // the button goes
  }

  function takeOut(call) {
    const notes = call.ours.map(({ words }) => words);
    const one = { do: "out", file: call.file, notes };
    act(one);
    ui.undo.push({ back: { do: "back", file: call.file, notes } });
    cry(`${notes.length} taken out; u brings them back`);
    card.focus({ preventScroll: true });
  }

  function paintStatus() {
    const silent = ui.sent && Date.now() - ui.sentAt > PATIENCE;
    const n = ui.acts.length;
    const bad = silent || ui.stuck;
    const words = silent ? `The kernel does not answer: ${n} not on disk yet` : ui.stuck ? `${n} not on disk yet` : n ? "saving" : ui.undo.length ? "all on disk" : "";
    if (status.dataset.said === words) return;
    status.dataset.said = words;
    status.className = `wb-status ${bad ? "wb-bad" : ""}`;
    status.replaceChildren(...(words ? [bad ? icon("cross") : n ? null : icon("check"), make("span", {}, words)].filter(Boolean) : []));
    if (silent) say("bad", "The kernel does not answer.", "Nothing is lost: what you decide is kept in this tab. Restart the kernel and run the cell again; it is saved then.");
    else if (!bad && ui.message === "The kernel does not answer.") settle();
  }

  function say(look, bold, words = "", ways = []) {
    ui.message = bold;
    notices.replaceChildren(make("div", { class: `wb-message ${look === "info" ? "" : `wb-${look}`}`, role: look === "info" ? "status" : "alert" },
      icon(look === "info" ? "info" : "warn"), make("div", { class: "wb-said" }, make("b", {}, bold), " ", words),
      make("span", { class: "wb-acts" }, ways.map(([label, what]) => button(label, what)), button("Close", settle, { look: "wb-quiet" }))));
  }

  function settle() {
    ui.message = null;
    notices.replaceChildren();
  }

  // What is on the card now, for those who do not see it.
  function tell() {
    const item = ui.at;
    if (item) cry(`${ui.told ? `${ui.told}. ` : ""}${ui.order.indexOf(item) + 1} of ${ui.order.length}${item.what ? `, ${item.what === "keep" ? "kept" : "dropped"}` : ""}: ${wordsOf(item)}`);
    ui.told = "";
  }

  // ------------------------------------------------------------------ the whole list beside it

  function makeList() {
    const filter = make("select", { class: "wb-input", "aria-label": "Which are listed", onchange: () => {
      ui.filter = filter.value;
      paintList();
      show();
    } }, [["all", "all"], ["open", "left"], ["keep", "kept"], ["drop", "dropped"]].map(([value, words]) => make("option", { value }, words)));
    const order = button("", () => reorder(), { look: "wb-quiet", "aria-keyshortcuts": "o" });
    const inner = make("div", { class: "tg-inner" });
    const box = make("div", { class: "tg-list", role: "listbox", tabIndex: 0, "aria-label": "All candidates", onscroll: () => paintList(), onkeydown: walkList, onclick: (event) => {
      const row = event.target.closest("[data-key]");
      if (row) (go(ui.data.items.get(row.dataset.key)), card.focus({ preventScroll: true }));
    } }, inner);
    const node = make("details", { class: "tg-side-list", open: el.clientWidth === 0 || el.clientWidth >= 700 }, make("summary", {}, "All of them"), make("div", { class: "tg-filter" }, filter, order), box);
    node.addEventListener("toggle", () => node.open && (paintList(), show()));
    let items = [];

    function paintList() {
      order.replaceChildren(ui.asSaid ? "as it was said " : "most telling first ", ...key("o"));
      items = ui.filter === "all" ? ui.order : ui.order.filter((item) => (item.what || "open") === ui.filter);
      inner.style.height = `${items.length * ROW}px`;
      const first = Math.max(0, Math.floor(box.scrollTop / ROW) - REACH);
      const last = Math.min(items.length, Math.ceil((box.scrollTop + (box.clientHeight || 400)) / ROW) + REACH);
      inner.replaceChildren(...items.slice(first, last).map((item, k) => row(item, first + k)));
      const at = items.indexOf(ui.at);
      if (at >= first && at < last) box.setAttribute("aria-activedescendant", `${me}-row-${at}`);
      else box.removeAttribute("aria-activedescendant");
    }

    function row(item, n) {
      const word = item.what === "keep" ? "kept: " : item.what === "drop" ? "dropped: " : "";
      return make("div", { class: `tg-row ${item === ui.at ? "tg-at" : ""} ${item.what ? `tg-${item.what}` : ""}`, role: "option", id: `${me}-row-${n}`, data: { key: item.key }, "aria-selected": String(item === ui.at), "aria-posinset": n + 1, "aria-setsize": items.length, style: `transform: translateY(${n * ROW}px)` },
        make("span", { class: "tg-box" }, item.what ? icon(item.what === "keep" ? "check" : "cross") : null), hidden(word),
        make("span", { class: "tg-line", dir: "auto" }, wordsOf(item, item)));
    }

    function show() {
      const at = items.indexOf(ui.at);
      if (at < 0 || !box.clientHeight) return;
      if (at * ROW < box.scrollTop) box.scrollTop = at * ROW - ROW;
      else if ((at + 2) * ROW > box.scrollTop + box.clientHeight) box.scrollTop = (at + 2) * ROW - box.clientHeight;
    }

    function walkList(event) {
      const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
      if (!by || !items.length) return;
      event.preventDefault();
      event.stopPropagation();
      const at = items.indexOf(ui.at);
      go(items[Math.max(0, Math.min(items.length - 1, at < 0 ? 0 : at + by))]);
      box.focus();
    }
    return { node, paint: paintList, show };
  }

  // ------------------------------------------------------------------ keys

  root.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select");
    const ctrl = event.ctrlKey || event.metaKey;
    if (typing || composes(event)) return;
    if (ctrl && event.key.toLowerCase() === "z") {
      event.preventDefault();
      return undo();
    }
    if (ctrl || event.altKey || !ui.data) return;
    const kinds = ui.mode === "kind" && MADE_INTO.find((one) => one.slice(1).includes(event.key) || one[0][0] === event.key.toLowerCase());
    const what = kinds ? () => begin(kinds[0]) : ui.mode === "kind" && event.key !== "Escape" ? null : KEY_ACTS[event.shiftKey && event.key.toLowerCase() === "x" ? "X" : event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!what || (event.key === "Enter" && event.target !== card)) return;
    event.preventDefault();
    what();
  });
  const KEY_ACTS = {
    k: () => decide("keep"), e: () => ui.at && begin(""), d: () => decide("drop"), j: () => step(1), ArrowRight: () => step(1), ArrowLeft: () => step(-1),
    x: () => extend(1), X: () => extend(-1), u: undo, o: reorder, "?": toggleHelp, "#": () => ui.at && begin("tags"),
    Enter: () => card.querySelector(".tg-finished button")?.click(),
    Escape: () => (ui.mode ? leave() : help.hidden ? settle() : toggleHelp()),
  };

  // ------------------------------------------------------------------ living

  let seen = true;
  const watch = new IntersectionObserver(([entry]) => (seen = entry.isIntersecting));
  watch.observe(root);
  const clock = setInterval(() => {
    if (ui.sent && Date.now() - ui.sentAt > PATIENCE) {
      paintStatus();
      ui.sent = null; // sent again: the kernel does each act once
      const since = ui.sentAt;
      flush();
      ui.sentAt = since;
      paintStatus();
    }
    if (!ui.workspace && Date.now() - ui.polled > PATIENCE) {
      ui.polled = Date.now();
      post({ what: "hello" });
    } else if (seen && !document.hidden && root.isConnected && ui.data && !ui.acts.length && !ui.opening && Date.now() - ui.polled > LOOK_EVERY) {
      ui.polled = Date.now();
      post({ what: "poll", files: ui.data.calls.map((one) => one.file) });
    }
  }, 1000);
  const sizes = new ResizeObserver(() => {
    if (root.clientWidth >= 700) list.node.open = true; // nothing there to open it by, as in triage.css
    if (ui.data) list.paint();
  });
  sizes.observe(root);
  window.addEventListener("beforeunload", keepDraft);
  document.addEventListener("visibilitychange", keepDraft);
  ui.polled = Date.now();
  post({ what: "hello" });
  return () => {
    keepDraft();
    putAside();
    globalThis.workbenchTriages?.delete(me);
    clearInterval(clock);
    watch.disconnect();
    sizes.disconnect();
    window.removeEventListener("beforeunload", keepDraft);
    document.removeEventListener("visibilitychange", keepDraft);
  };
}

const SIGN = { observation: "", pain: "! ", workaround: "~ ", wish: "? " };

// Where the sentences of a text end that go on behind a place.
function sentenceEnds(text, from) {
  const rest = text.slice(from);
  const parts = Intl.Segmenter ? [...new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(rest)].map(({ segment }) => segment) : rest.match(/[^.!?…]+[.!?…]*\s*/g) ?? [rest];
  const ends = [];
  let at = from;
  for (const part of parts) {
    if (part.trim()) ends.push(at + part.trimEnd().length);
    at += part.length;
  }
  return ends;
}

// Words with the signals in them marked, each with what it is a signal of; of two that overlap the first.
function markSignals(text, item, { start, end }) {
  const parts = [];
  let at = start;
  for (const [from, to, why] of item.marks) {
    if (from < at || to > end) continue;
    parts.push(text.slice(at, from), make("mark", { title: why }, text.slice(from, to)));
    at = to;
  }
  return [...parts, text.slice(at, end)];
}

// Why it is suggested: what its signals are of, each with its words.
function whyOf(text, item) {
  const words = new Map();
  for (const [from, to, why] of item.marks) words.set(why, [...(words.get(why) ?? []), text.slice(from, to)]);
  if (!words.size) return item.why;
  return [...words].map(([why, said], n) => [n ? " · " : "", make("b", {}, why), ` ${said.join(", ")}`]);
}

// What stands around a sentence is there to understand it, not to be read whole.
function endOf(text) {
  if (text.length <= AROUND) return text;
  const end = text.slice(-AROUND);
  return `… ${end.slice(Math.max(0, end.slice(0, AROUND / 2).search(/\s/) + 1))}`;
}

function startOf(text) {
  if (text.length <= AROUND) return text;
  const start = text.slice(0, AROUND);
  const blank = start.search(/\s\S*$/); // none where words are written without
  return `${blank > AROUND / 2 ? start.slice(0, blank) : start} …`;
}

export default { render };
