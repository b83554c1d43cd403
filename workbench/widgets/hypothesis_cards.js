// Hypotheses as cards: at the left the list, in the middle the sentence field by field, at the right the evidence.

const N_SHOWN = 5; // notes of a side before the rest is asked for
const N_OFFERED = 3; // of new notes so many are shown with their words

const MEANINGS = {
  change: ["If", "we do this. Anybody should be able to see that it is done."],
  segment: ["For", "these customers, named so that you could list them."],
  metric: ["Then", "this number moves, by so much, until that day."],
  because: ["Because", "so many customers say so. Each counts once."],
  guardrails: ["Guardrails", "What must not get worse meanwhile, and how far it may."],
  slice: ["Thin slice", "The least you could build that might prove you wrong."],
  logging: ["Logged first", "What must be counted before anything is built, so that the result can be read."],
  decision_rule: ["Decide", "What you do on which result. It is written before the start."],
  result: ["Measured", "What came out, with its numbers."],
  believed: ["We believed", "What you held to be true before the test."],
  observed: ["We observed", "What happened, so that anybody could have seen it."],
  learned: ["We learned", "What that says about what you believed."],
  therefore: ["Therefore", "What you do now, and who does it."],
};
const HINTS = {
  change: "show what is wrong with a row before anything is saved",
  segment: "new teams that bring 50 customers or more",
  metric: "teams that send a first invoice within 7 days",
  baseline: "30 %",
  size: "3",
  deadline: "2027-02-26",
  because: "in your own words: why this change would help them",
  slice: "CSV files only, for ten teams",
  decision_rule: "Ship if … Stop if … Otherwise …",
  owner: "one name",
  traffic: "400/week",
  customers: "240",
  sd: "6 minutes",
  result: "32.1 %, 4,012 of 12,498",
  believed: "doubles are what makes them give up",
  observed: "they gave up at the same step, one page later",
  learned: "it is the waiting, not the doubles",
  therefore: "we stop here, and look at the waiting next",
};
// These stand side by side, so what is to be settled in them stands below all of them.
const THEN = ["baseline", "direction", "size", "deadline"];
// Parts of the sentence that nobody moves while the test runs, or once it is closed; the kernel says since when.
const LOCKED = ["change", "segment", "metric", "guardrails", "decision_rule"];
// Fields of several lines, each with its cells: what a cell is called, and what could stand in it.
const LINES = {
  guardrails: {
    one: "guardrail",
    cells: { name: ["Name", "import errors"], limit: ["Limit", "at most 2 in 1,000"] },
    offered: 3, // until so many stand, more are offered
  },
  logging: { one: "line to log", cells: { what: ["Words", "who saw the page, and when"] }, offered: Infinity },
};
const SIDES = {
  evidence: { word: "For", other: "against", icon: "check", move: "Move to Against" },
  against: { word: "Against", other: "evidence", icon: "cross", move: "Move to For" },
};
const SETTLED = {
  running: ["The test runs", "clock"],
  supported: ["Supported", "check"],
  refuted: ["Refuted", "cross"],
  dropped: ["Dropped", "info"],
};

export default { render: ({ model, el }) => openView(model, el) };

// One view on the cards. It knows cards and notes as the kernel sent them last, and what fields.js keeps of what is typed.
function openView(model, el) {
  const root = ground(el, "wb-cards");
  const view = Math.random().toString(36).slice(2);
  const ui = {
    model,
    root,
    view,
    store: () => sessionStorage,
    seq: 0,
    place: "",
    maxLetters: 2000,
    trouble: "",
    empty: "",
    chosen: "",
    query: "",
    found: null,
    cards: [],
    notes: {},
    themes: [],
    metrics: [],
    today: "",
    offers: {},
    lines: {}, // the rows of guardrails and of what is logged, those among them that are still empty
    news: {},
    ...fieldState(),
    say: makeCrier(root),
  };
  root.tabIndex = -1;
  ui.body = make("div", { class: "hc-body" });
  root.append(ui.body);
  drawLoading(ui);
  const end = live(ui, {
    receive: (message) => hear(ui, message),
    look: () => send(ui, { kind: ui.place ? "look" : "hello", chosen: ui.chosen }),
    redraw: () => (ui.stale === "offers" ? drawOffers : refresh)(ui),
  });
  send(ui, { kind: "hello" });
  ui.timers.hello = setTimeout(() => ui.place || drawLoading(ui, true), PATIENCE);
  return end;
}

// ---------------------------------------------------------------------------------------------- to and from the kernel

function hear(ui, message) {
  if (message.kind === "state") hearState(ui, message);
  if (message.kind === "card") hearCard(ui, message);
  if (message.kind === "state" || message.view === ui.view) ui.asked = 0;
  if (message.view !== ui.view) return;
  if (message.kind === "unsaved") hearUnsaved(ui, message);
  if (message.kind === "offered") hearOffers(ui, message);
  if (message.kind === "found") hearFound(ui, message);
}

function hearState(ui, message) {
  const first = !ui.place;
  const before = cardOf(ui, ui.chosen);
  const kept = ui.cards.filter((card) => isBusy(ui, card.key) && !message.cards.some((one) => one.key === card.key));
  Object.assign(ui, {
    place: message.place,
    // A card that something is typed into stays until that is saved, whatever became of it on disk.
    cards: [...message.cards, ...kept],
    notes: { ...ui.notes, ...message.notes },
    themes: message.themes,
    metrics: message.metrics,
    today: message.today,
    trouble: message.trouble,
    empty: message.empty,
    maxLetters: message.max_letters,
  });
  clearTimeout(ui.timers.hello);
  if (first) recall(ui);
  const choose = message.view === ui.view && message.choose;
  if (choose || !cardOf(ui, ui.chosen))
    ui.chosen = choose || (ui.cards.find((card) => card.status !== "dropped") ?? ui.cards[0])?.key || "";
  if (message.read && before) tellNews(ui, before, message.read);
  if (first || choose || !ui.shown.length) keepFocus(ui, () => drawAll(ui));
  else if (before && before.key !== ui.chosen) keepFocus(ui, () => drawAll(ui));
  else refresh(ui);
  askOffers(ui);
  if (choose) focusField(ui, "change");
  else if (ui.found && message.read) find(ui);
}

// Whether text of a card is on its way, or somebody is at its fields.
function isBusy(ui, key) {
  const open = [ui.edits, ui.sending].some((kept) => key in kept) || Object.keys(ui.clashes[key] ?? {}).length;
  return Boolean(open) || (key === ui.chosen && Boolean(ui.middle?.contains(document.activeElement)));
}

// Says what became of the card before one's eyes; a number that changes without a word is puzzling.
function tellNews(ui, before, at) {
  const now = cardOf(ui, before.key);
  const size = ({ counted: { n, of } }) => `${n} of ${of}`;
  const ids = (card) => JSON.stringify([card.fields.evidence, card.fields.against]);
  if (!now) {
    const what = before.file ? `${before.file} was removed or renamed` : `The theme of a draft is there no more (${before.title})`;
    ui.news[ui.chosen] = `${what}, as seen on disk at ${at}. This is another hypothesis.`;
  } else if (size(now) !== size(before)) {
    ui.news[now.key] = `Notes or themes have changed on disk (seen at ${at}): ${size(now)} customers now, ${size(before)} before.`;
  } else if (ids(now) !== ids(before)) {
    const whose = now.file ? "Somebody has changed the evidence in the file" : "Notes or themes have changed, so this is drafted anew";
    ui.news[now.key] = `${whose} (seen on disk at ${at}).`;
  } else return;
  ui.say(ui.news[ui.chosen] ?? "");
}

// A card was saved, by this view or by another one. A draft has become a file then, and is called by its name.
function hearCard(ui, { card, was, notes, clashes, refused, saved, view, seq }) {
  const place = ui.cards.findIndex((one) => one.key === was || one.key === card.key);
  if (place < 0) ui.cards.push(card);
  else ui.cards[place] = card;
  Object.assign(ui.notes, notes);
  if (was !== card.key) rename(ui, was, card.key);
  const sent = ui.sending[card.key];
  if (view === ui.view && sent && seq === sent.seq) {
    delete ui.sending[card.key];
    clearTimeout(ui.timers[`wait ${card.key}`]);
    for (const [name, clash] of Object.entries(clashes)) {
      ui.clashes[card.key] = {
        ...ui.clashes[card.key],
        [name]: { mine: ui.edits[card.key]?.fields[name] ?? sent.fields[name], theirs: clash.theirs },
      };
      if (ui.edits[card.key]) delete ui.edits[card.key].fields[name];
    }
    const edit = ui.edits[card.key];
    for (const name of Object.keys(edit?.base ?? {})) if (name in sent.fields) edit.base[name] = card.fields[name];
    if (edit && !Object.keys(edit.fields).length) delete ui.edits[card.key];
    if (refused) (ui.said[card.key] = { text: refused, bad: true }), ui.say(refused);
    else if (Object.keys(clashes).length) ui.said[card.key] = { text: "Not saved: choose below which text is to hold.", bad: true };
    else if (saved) ui.said[card.key] = { text: `Saved ${saved}` };
    remember(ui);
    if (ui.edits[card.key]) flush(ui, card.key);
  }
  if (card.key === ui.chosen) askOffers(ui);
  refresh(ui);
}

function rename(ui, was, key) {
  for (const kept of [ui.edits, ui.sending, ui.clashes, ui.held, ui.said, ui.news, ui.offers]) {
    if (was in kept) [kept[key]] = [kept[was], delete kept[was]];
  }
  if (ui.edits[key]) later(ui, `send ${key}`, PAUSE, () => flush(ui, key));
  if (ui.sending[key]) awaitAnswer(ui, key);
  clearTimeout(ui.timers[`wait ${was}`]);
  if (ui.open.delete(`learning ${was}`)) ui.open.add(`learning ${key}`);
  if (ui.chosen === was) ui.chosen = key;
  ui.undo.forEach((act) => act.key === was && (act.key = key));
}

function recall(ui) {
  try {
    ui.edits = JSON.parse(sessionStorage.getItem(storeName(ui)) ?? "{}");
  } catch {
    ui.edits = {};
  }
  for (const key of Object.keys(ui.edits)) {
    ui.chosen = cardOf(ui, key) ? key : ui.chosen;
    flush(ui, key);
  }
}

function storeName(ui) {
  return `workbench-hypotheses-${ui.place}`;
}

// ---------------------------------------------------------------------------------------------- what was typed

function cardOf(ui, key) {
  return ui.cards.find((card) => card.key === key);
}

// A draft gets its id here, so that a save whose answer is lost can be sent again and makes no second file.
function newId(ui, key) {
  if (ui.sending[key]?.id) return ui.sending[key].id;
  if (!key.startsWith("draft-")) return "";
  const bytes = crypto.getRandomValues(new Uint8Array(3));
  return `H-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

// As `act`, of several lists at once: each name with the notes that come to it, so that one undo takes all of them out again.
function actOnLists(ui, words, comes) {
  const key = ui.chosen;
  const changes = comes.map(([name, notes]) => {
    const before = valueOf(ui, key, name);
    const added = notes.filter((note) => !before.includes(note));
    edit(ui, key, name, [...before, ...added], 0);
    return [name, (now) => now.filter((note) => !added.includes(note))];
  });
  ui.undo.push({ key, words, changes });
  ui.say(words);
  refresh(ui);
}

// ---------------------------------------------------------------------------------------------- drawing

function drawLoading(ui, late = false) {
  const said = late
    ? message("bad", "warn", [make("b", {}, "The kernel is not answering. "), "Run this cell again."])
    : make("p", { class: "wb-mute", role: "status" }, "Reading the notes …");
  const shapes = [0, 1, 2].map(() => make("div", { class: "hc-shape" }));
  ui.body.replaceChildren(make("div", { class: "hc-loading" }, said, late ? null : shapes));
}

function drawAll(ui) {
  ui.shown = [];
  ui.list = make("nav", { class: "hc-list", "aria-label": "Hypotheses" });
  ui.middle = make("section", { class: "hc-middle", "aria-label": "The chosen hypothesis" });
  ui.side = make("section", { class: "hc-side", "aria-label": "Evidence" });
  ui.warning = make("div", { class: "hc-trouble" });
  ui.body.replaceChildren(ui.warning, ui.list, ui.middle, ui.side);
  drawTrouble(ui);
  drawList(ui);
  if (!cardOf(ui, ui.chosen)) return drawEmpty(ui);
  ui.body.classList.remove("hc-bare");
  drawCard(ui);
  drawSide(ui);
}

function drawTrouble(ui) {
  if (ui.warning.dataset.said === ui.trouble) return;
  ui.warning.dataset.said = ui.trouble;
  const again = () => send(ui, { kind: "hello", chosen: ui.chosen });
  const said = ui.cards.length ? [ui.trouble, " What is shown here was read before; what you type is saved."] : ui.trouble;
  ui.warning.replaceChildren(
    ui.trouble ? message("bad", "warn", said, [button("Read again", again, { data: { focus: "again" } })]) : "",
  );
}

function refresh(ui) {
  ui.stale = ui.pressed;
  if (ui.pressed) return;
  keepFocus(ui, () => {
    if (!cardOf(ui, ui.chosen) || !ui.shown.length) return drawAll(ui);
    drawTrouble(ui);
    drawList(ui);
    ui.shown.forEach((show) => show());
    drawSide(ui);
  });
}

// What is drawn anew has the focus that it had; where it is gone, what is nearest has it, so that the keys go on from there.
function keepFocus(ui, draw) {
  const node = document.activeElement;
  const inside = ui.root.contains(node);
  const { focus, field, rail } = inside ? node.dataset : {};
  const region = inside && [ui.list, ui.middle, ui.side].findIndex((part) => part?.contains(node));
  const row = inside && node.closest("[data-part]")?.dataset.part;
  const side = inside && node.closest("[data-side]")?.dataset.side;
  draw();
  const hasIt = () => ui.root.contains(document.activeElement) && document.activeElement.checkVisibility();
  if (!inside || hasIt()) return;
  const first = (within) => [...(within?.querySelectorAll(FOCUSABLE) ?? [])].find((one) => one.checkVisibility());
  const named = (name, value) => value && ui.root.querySelector(`[data-${name}="${CSS.escape(value)}"]`);
  const places = [
    named("focus", focus),
    focus?.startsWith("maybe ") && named("focus", "judged"), // a note beside it would be taken out by the same key
    !rail && named("field", field),
    first(row && ui.middle.querySelector(`[data-part="${row}"]`)),
    first(side && ui.side.querySelector(`[data-side="${side}"]`)),
    region === 1 ? first(ui.middle.querySelector(".hc-foot")) : null,
    region === 2 ? first(ui.side) : null,
    ui.list.querySelector('[aria-current="true"]'),
    first(ui.root),
  ];
  for (const place of places.filter(Boolean)) {
    if (place.checkVisibility()) place.focus();
    if (hasIt()) return;
  }
}

function drawEmpty(ui) {
  ui.list.hidden = !ui.cards.length;
  ui.side.hidden = true;
  ui.body.classList.add("hc-bare");
  ui.middle.replaceChildren(
    make("h3", { class: "hc-title" }, ui.trouble ? "The notes cannot be read" : "No hypothesis yet"),
    make(
      "p",
      { class: "hc-lead" },
      ui.trouble ? "Nothing on disk was touched. Mend the line named above, then read again." : ui.empty,
    ),
    ui.trouble
      ? ""
      : make(
          "p",
          { class: "hc-begin" },
          button([icon("plus"), "Write one of your own"], () => send(ui, { kind: "draft", theme: "" })),
        ),
  );
}

// ---------------------------------------------------------------------------------------------- the list at the left

function drawList(ui) {
  if (!ui.list.children.length) {
    ui.rows = make("ul", { role: "list" });
    ui.chooser = make("ul", { role: "list" });
    ui.droppedRows = make("ul", { role: "list" });
    ui.list.append(
      make("h3", { class: "hc-heading" }, "Hypotheses"),
      ui.rows,
      foldOut(ui, "new", make("summary", { class: "wb-button" }, icon("plus"), "New hypothesis"), ui.chooser),
      foldOut(ui, "dropped", make("summary", {}, "Dropped"), ui.droppedRows),
    );
  }
  drawChooser(ui);
  const isDropped = (card) => valueOf(ui, card.key, "status") === "dropped";
  const rows = (cards) => cards.map((card) => make("li", {}, listButton(ui, card)));
  ui.rows.replaceChildren(...rows(ui.cards.filter((card) => !isDropped(card))));
  ui.droppedRows.replaceChildren(...rows(ui.cards.filter(isDropped)));
  ui.droppedRows.parentElement.hidden = !ui.droppedRows.children.length;
  ui.droppedRows.previousElementSibling.textContent = `Dropped (${ui.droppedRows.children.length})`;
}

function listButton(ui, card) {
  const chosen = card.key === ui.chosen;
  const open = missing(card);
  const [words, sign] = SETTLED[valueOf(ui, card.key, "status")] ?? [];
  const until = sign === "clock" && card.fields.deadline ? ` until ${card.fields.deadline}` : "";
  const state = words
    ? make("span", { class: "hc-state" }, icon(sign), `${words}${until}`)
    : open
      ? make("span", { class: "hc-state hc-warn" }, icon("warn"), `${open} ${open === 1 ? "thing" : "things"} to settle`)
      : make("span", { class: "hc-state hc-good" }, icon("check"), card.status === "ready" ? "Ready to test" : "All is settled");
  return make(
    "button",
    {
      type: "button",
      class: "hc-choice",
      "aria-current": chosen ? "true" : null,
      tabIndex: chosen ? 0 : -1,
      data: { key: card.key, focus: `card ${card.key}` },
      onclick: () => choose(ui, card.key),
      onkeydown: (event) =>
        walk(
          event,
          [...ui.list.querySelectorAll(".hc-choice")].filter((node) => node.checkVisibility()),
          (node) => choose(ui, node.dataset.key),
        ),
    },
    make("span", { class: "hc-id" }, card.file ? card.id : "Draft"),
    make("span", { class: "hc-name", dir: "auto" }, card.title),
    state,
  );
}

// What keeps a test from its start; the kernel says so, and it is what Wednesday's page asks for.
function missing(card) {
  return card.start.open.length;
}

function choose(ui, key) {
  flush(ui, ui.chosen);
  ui.chosen = key;
  drawAll(ui);
  askOffers(ui);
  ui.list.querySelector('[aria-current="true"]')?.focus();
  if (ui.found) find(ui);
}

// A draft of any theme, or of none.
function drawChooser(ui) {
  const state = JSON.stringify(ui.themes);
  if (ui.chooser.dataset.state === state) return;
  ui.chooser.dataset.state = state;
  const start = (theme) => {
    ui.open.delete("new");
    send(ui, { kind: "draft", theme });
  };
  const rows = ui.themes.map((theme) => [
    [
      make("span", { class: "hc-count" }, `${theme.n.toLocaleString("en-GB")} of ${theme.of.toLocaleString("en-GB")}`),
      hidden(" customers: "),
      make("span", { dir: "auto" }, theme.title),
    ],
    theme.theme,
  ]);
  ui.chooser.replaceChildren(
    ...[...rows, ["Without a theme", ""]].map(([words, theme]) =>
      make(
        "li",
        {},
        make("button", { type: "button", class: "hc-theme", data: { focus: `theme ${theme}` }, onclick: () => start(theme) }, words),
      ),
    ),
  );
}

// ---------------------------------------------------------------------------------------------- the card in the middle

function drawCard(ui) {
  ui.shown = [];
  ui.status = make("p", { class: "hc-status" });
  const title = make("h3", { class: "hc-title", dir: "auto" });
  const place = make("p", { class: "hc-file" });
  const problems = make("div", { class: "hc-problems" });
  const news = make("div", { class: "hc-news" });
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    title.textContent = card.title;
    place.textContent = card.file || "Not a file yet: it becomes one with the first thing you write.";
    problems.replaceChildren(...card.problems.map((problem) => message("warn", "warn", problem)));
    const said = ui.news[ui.chosen] ?? "";
    if (news.dataset.said !== said)
      news.replaceChildren(said ? message("", "info", said, [button("Close", () => closeNews(ui), { look: "wb-quiet", data: { focus: "news" } })]) : "");
    news.dataset.said = said;
    showStatus(ui);
  });
  ui.middle.replaceChildren(
    make("header", { class: "hc-head" }, place, ui.status),
    title,
    ownerLine(ui),
    news,
    problems,
    make(
      "div",
      { class: "hc-fields" },
      row(ui, "change", textField(ui, "change", "If we")),
      row(ui, "segment", textField(ui, "segment", "For these customers")),
      row(ui, "metric", thenFields(ui)),
      row(ui, "because", becauseFields(ui)),
      row(ui, "guardrails", linesField(ui, "guardrails")),
      row(ui, "slice", textField(ui, "slice", "Thin slice")),
      row(ui, "logging", linesField(ui, "logging")),
      row(ui, "decision_rule", textField(ui, "decision_rule", "Decide")),
    ),
    learningCard(ui),
    footer(ui),
  );
  ui.shown.forEach((show) => show());
}

function closeNews(ui) {
  delete ui.news[ui.chosen];
  refresh(ui);
}

// A part of the sentence: its word and what that means, then its fields with what is to be settled below each.
function row(ui, part, ...fields) {
  const [word, meaning] = MEANINGS[part];
  const group = fields.flat().length > 1 ? { role: "group", "aria-labelledby": `hc-${ui.view}-${part}` } : {};
  return make(
    "div",
    { class: "hc-row", data: { part }, ...group },
    make(
      "div",
      { class: "hc-word" },
      make("h4", { id: `hc-${ui.view}-${part}` }, word),
      LOCKED.includes(part) ? lockable(ui, part, meaning) : make("p", { id: `hc-${ui.view}-${part}-meaning` }, meaning),
    ),
    make("div", { class: "hc-controls" }, fields),
  );
}

// What a part means; once it is locked, since when instead.
function lockable(ui, part, meaning) {
  const node = make("p", { id: `hc-${ui.view}-${part}-meaning` });
  ui.shown.push(() => {
    const words = lockOf(ui);
    if (node.dataset.said === (words || meaning)) return;
    node.dataset.said = words || meaning;
    node.classList.toggle("hc-lock", Boolean(words));
    // A day is not broken in two.
    const pieces = words.split(/(\d{4}-\d\d-\d\d)/).map((piece, i) => (i % 2 ? make("span", { class: "hc-day" }, piece) : piece));
    node.replaceChildren(...(words ? [icon("lock"), make("span", {}, pieces)] : [meaning]));
  });
  return node;
}

function lockOf(ui) {
  return cardOf(ui, ui.chosen).locked;
}

function isLocked(ui, field) {
  return Boolean(lockOf(ui)) && (LOCKED.includes(field) || THEN.includes(field));
}

function textField(ui, field, label, properties = {}) {
  const id = nameOf(ui, field, "field");
  const part = THEN.includes(field) ? "metric" : field;
  const about = [nameOf(ui, field, "notes"), part in MEANINGS ? `hc-${ui.view}-${part}-meaning` : ""].join(" ").trim();
  const node = make("textarea", {
    id,
    rows: 1,
    class: "wb-input",
    dir: "auto",
    placeholder: HINTS[field] ?? "",
    spellcheck: true,
    maxLength: ui.maxLetters,
    "aria-describedby": about,
    data: { field },
    // A field is one line of the sentence, so Enter goes on to the next.
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      nextField(ui, node);
    },
    ...properties,
  });
  bindText(ui, node, field);
  const shown = field in MEANINGS && field !== "metric" && field !== "because";
  return make(
    "div",
    { class: `hc-field hc-field-${field.replace("_", "-")}` },
    make("label", { htmlFor: id, class: shown ? "wb-hidden" : "hc-label" }, label),
    make("div", { class: "hc-tall" }, node),
    THEN.includes(field) ? null : [notices(ui, field), offers(ui, field)],
  );
}

function nextField(ui, node) {
  const fields = [...ui.middle.querySelectorAll("textarea, input, select, button")].filter(
    (one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility() && !one.closest(".hc-offers, .hc-about-metric"),
  );
  fields[fields.indexOf(node) + 1]?.focus();
}

function focusField(ui, field) {
  ui.middle.querySelector(`[data-field="${field}"]`)?.focus();
}

function thenFields(ui) {
  return [
    textField(ui, "metric", "Metric"),
    metricChooser(ui),
    make(
      "div",
      { class: "hc-then" },
      textField(ui, "baseline", "Now"),
      directionField(ui),
      textField(ui, "size", "By how much"),
      deadlineField(ui),
    ),
    make(
      "div",
      {},
      THEN.map((field) => [notices(ui, field), field === "direction" ? null : offers(ui, field)]),
    ),
    unitQuestion(ui),
    sizeFields(ui),
  ];
}

function directionField(ui) {
  const id = nameOf(ui, "direction", "field");
  const node = make(
    "select",
    {
      id,
      class: "wb-input",
      data: { field: "direction" },
      "aria-describedby": nameOf(ui, "direction", "notes"),
      onchange: () => edit(ui, ui.chosen, "direction", node.value, 0),
    },
    make("option", { value: "" }, "…"),
    make("option", { value: "up" }, "rises"),
    make("option", { value: "down" }, "falls"),
  );
  ui.shown.push(() => {
    node.value = valueOf(ui, ui.chosen, "direction");
    node.disabled = isLocked(ui, "direction");
    node.setAttribute("aria-invalid", String(!node.value));
  });
  return make("div", { class: "hc-field hc-field-direction" }, make("label", { htmlFor: id, class: "hc-label" }, "It"), node);
}

// A day is typed; the calendar beside it is for those who would rather point.
function deadlineField(ui) {
  const field = textField(ui, "deadline", "Until", { spellcheck: false, inputMode: "numeric" });
  const picker = make("input", {
    type: "date",
    tabIndex: -1,
    class: "hc-picker",
    "aria-hidden": "true",
    onchange: () => {
      if (!picker.value) return;
      edit(ui, ui.chosen, "deadline", picker.value, 0);
      refresh(ui);
    },
  });
  const opener = make(
    "button",
    {
      type: "button",
      class: "hc-calendar",
      tabIndex: -1,
      "aria-label": "Choose the day in a calendar",
      onclick: () => {
        picker.value = valueOf(ui, ui.chosen, "deadline");
        picker.showPicker();
      },
    },
    icon("calendar"),
  );
  field.querySelector(".hc-tall").append(opener, picker);
  ui.shown.push(() => (opener.hidden = isLocked(ui, "deadline")));
  return field;
}

// "+3 %" can be read in two ways that differ tenfold in the people needed. Arrows choose.
function unitQuestion(ui) {
  const box = make("fieldset", { class: "hc-question", "aria-describedby": nameOf(ui, "unit", "legend") });
  const legend = make("legend", { id: nameOf(ui, "unit", "legend") });
  const rows = make("div", {});
  box.append(legend, rows);
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    const unit = valueOf(ui, ui.chosen, "unit");
    box.hidden = !card.readings.length; // as once it is closed
    box.classList.toggle("hc-asked", !unit);
    legend.replaceChildren(
      ...(unit
        ? ["That is"]
        : [icon("warn"), make("span", {}, `“${card.fields.size}” can mean two things. `, make("b", {}, "Which one?"))]),
    );
    const state = JSON.stringify([card.readings, ui.chosen]);
    if (rows.dataset.state !== state) {
      const focused = rows.contains(document.activeElement) ? document.activeElement.value : "";
      rows.replaceChildren(...card.readings.map((reading) => unitRow(ui, reading)));
      if (focused) rows.querySelector(`[value="${focused}"]`)?.focus();
    }
    rows.dataset.state = state;
    rows.querySelectorAll("input").forEach((input) => {
      input.checked = input.value === unit;
      input.disabled = isLocked(ui, "size");
      input.closest("label").hidden = input.disabled && Boolean(unit) && !input.checked;
    });
  });
  return box;
}

function unitRow(ui, reading) {
  const plain = reading.unit === "points" ? "the number itself moves by so much" : "by a share of what it is now";
  return make(
    "label",
    { class: "hc-reading" },
    make("input", {
      type: "radio",
      name: nameOf(ui, "unit", "choice"),
      value: reading.unit,
      data: { field: "unit" },
      onchange: () => {
        edit(ui, ui.chosen, "unit", reading.unit, 0);
        refresh(ui);
      },
    }),
    make("span", { class: "hc-reading-label" }, reading.label),
    make(
      "span",
      { class: "hc-outcome" },
      reading.outcome || plain,
      reading.needs ? [": ", make("b", {}, reading.needs)] : null,
      reading.share ? sizeBar(reading) : null,
    ),
  );
}

function becauseFields(ui) {
  const counted = make("p", { class: "hc-counted", data: { field: "counted" } });
  ui.shown.push(() => {
    const {
      counted: { n, of },
    } = cardOf(ui, ui.chosen);
    counted.replaceChildren(
      make("span", {}, make("b", {}, `${n} of ${of}`), " customers say so in their notes"),
      make("span", { class: "hc-locked" }, icon("lock"), "counted from the evidence"),
    );
  });
  return [counted, notices(ui, "evidence"), textField(ui, "because", "Your own reason, if you have one")];
}

// ---------------------------------------------------------------------------------------------- guardrails, and what is logged

// The rows shown are those on disk and, until something stands in them, those that were added and are still empty.
function linesField(ui, field) {
  const { one } = LINES[field];
  const list = make("ul", { role: "list", class: "hc-rails" });
  const stored = () => valueOf(ui, ui.chosen, field);
  const copied = (rows) => rows.map((row) => ({ ...row }));
  ui.lines[field] = copied(stored());
  ui.shown.push(() => {
    if (JSON.stringify(written(ui.lines[field])) !== JSON.stringify(stored())) {
      if ([...list.querySelectorAll("[data-rail]")].some(isTypedIn)) hold(ui, field, copied(written(ui.lines[field])));
      else ui.lines[field] = copied(stored());
    }
    const rows = ui.lines[field];
    if (list.children.length !== rows.length) list.replaceChildren(...rows.map((_, i) => lineRow(ui, field, i, remove)));
    rows.forEach((row, i) => showLine(ui, field, list.children[i], row));
    more.hidden = isLocked(ui, field);
  });
  const add = () => {
    ui.lines[field].push(Object.fromEntries(Object.keys(LINES[field].cells).map((name) => [name, ""])));
    refresh(ui);
    list.lastElementChild.querySelector("[data-rail]").focus();
  };
  const remove = (i) => {
    const [gone] = ui.lines[field].splice(i, 1);
    const place = written(ui.lines[field].slice(0, i)).length;
    const [name] = Object.values(gone);
    const what = one[0].toUpperCase() + one.slice(1);
    list.replaceChildren();
    if (!written([gone]).length) refresh(ui);
    else
      act(
        ui,
        name ? `${what} “${name}” taken out` : `${what} taken out`,
        field,
        () => written(ui.lines[field]),
        (now) => [...now.slice(0, place), gone, ...now.slice(place)],
      );
    (list.children[Math.min(i, list.children.length - 1)]?.querySelector("[data-rail]") ?? more).focus();
  };
  const more = button([icon("plus"), `Add a ${one}`], add, { data: { field } });
  return [list, notices(ui, field), offers(ui, field), more];
}

function written(rows) {
  return rows.filter((row) => Object.values(row).some(Boolean));
}

function showLine(ui, field, node, row) {
  const place = written(ui.lines[field]).indexOf(row);
  const found = cardOf(ui, ui.chosen).findings.filter((finding) => finding.field === `${field}.${place}`);
  node.querySelector(".hc-remove").hidden = isLocked(ui, field);
  for (const input of node.querySelectorAll("[data-rail]")) {
    const { rail: name } = input.dataset;
    if (input !== document.activeElement && flat(input.value) !== row[name]) input.value = row[name];
    input.readOnly = isLocked(ui, field);
    stretch(input);
    input.setAttribute("aria-invalid", String(found.some((finding) => finding.rule === `${LINES[field].one}-${name}`)));
  }
  node.querySelector(".hc-notices").replaceChildren(...found.map(findingLine));
}

function lineRow(ui, field, i, remove) {
  const { one, cells } = LINES[field];
  const about = nameOf(ui, `${field}-${i}`, "notes");
  const cell = ([name, [label, placeholder]]) => {
    const node = make("textarea", {
      rows: 1,
      class: "wb-input",
      dir: "auto",
      placeholder,
      maxLength: 400,
      "aria-label": `${label} of ${one} ${i + 1}`,
      "aria-describedby": about,
      data: { rail: name },
      oninput: () => {
        ui.lines[field][i][name] = flat(node.value);
        node.dataset.typed = "yes";
        stretch(node);
        edit(
          ui,
          ui.chosen,
          field,
          written(ui.lines[field]).map((row) => ({ ...row })),
        );
      },
      onblur: () => {
        letGo(ui, node, field);
        if (node.value.includes("\n")) node.value = flat(node.value);
        stretch(node);
        flush(ui, ui.chosen);
      },
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.isComposing) return;
        event.preventDefault();
        nextField(ui, node);
      },
    });
    return make("div", { class: "hc-tall" }, node);
  };
  return make(
    "li",
    {},
    make(
      "div",
      { class: `hc-rail hc-rail-${field}` },
      Object.entries(cells).map(cell),
      make(
        "button",
        { type: "button", class: "hc-remove", "aria-label": `Take out ${one} ${i + 1}`, onclick: () => remove(i) },
        icon("cross"),
      ),
    ),
    make("div", { class: "hc-notices", id: about }),
  );
}

// ---------------------------------------------------------------------------------------------- the foot of the card

function footer(ui) {
  const bar = make("div", { class: "hc-bar", "aria-hidden": "true" });
  const words = make("p", { class: "hc-parts" });
  const sentence = make("p", { class: "hc-sentence", dir: "auto" });
  const tally = make("div", { class: "hc-tally" }, bar, words);
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    const { n, of } = card.parts;
    const open = missing(card);
    const things = open ? ` ${open} ${open === 1 ? "thing" : "things"} to settle.` : "";
    bar.replaceChildren(...Array.from({ length: of }, (_, i) => make("i", { class: i < n ? "hc-on" : "" })));
    words.textContent = `${n === of ? `All ${of}` : `${n} of ${of}`} parts can be tested.${things}`;
    sentence.textContent = `${card.statement}.`;
    tally.hidden = valueOf(ui, ui.chosen, "status") in SETTLED;
  });
  return make(
    "footer",
    { class: "hc-foot" },
    make("div", { class: "hc-line" }, make("h4", {}, "In one sentence"), sentence),
    confidenceLine(ui),
    tally,
    stepButtons(ui),
  );
}

// ---------------------------------------------------------------------------------------------- evidence at the right

function drawSide(ui) {
  const focused = ui.side.contains(document.activeElement) ? document.activeElement : null;
  const side = focused?.closest("[data-side]")?.dataset.side;
  const { note, field } = focused?.dataset ?? {};
  if (!ui.search) {
    const add = (note, side) => addNote(ui, note, side);
    ui.search = addPanel(ui, { add, near: "this hypothesis", made: (node, note) => makeDraggable(ui, node, note.note, "", note) });
  }
  const parts = [
    sidePart(ui, "evidence"),
    sidePart(ui, "against"),
    ui.search,
    make("div", { class: "hc-out", data: { side: "out" } }, icon("cross"), "Drop it here to take it out"),
  ];
  // The search keeps its place in the page, and with it its focus.
  if (ui.search.parentElement === ui.side) {
    const [first, second, , out] = parts;
    [...ui.side.children].forEach((node) => node === ui.search || node.remove());
    ui.search.before(first, second);
    ui.search.after(out);
  } else ui.side.replaceChildren(...parts);
  if (side && note) focusNote(ui, note, side);
  if (field) ui.side.querySelector(`[data-field="${field}"]`)?.focus();
}

function focusNote(ui, note, side) {
  const nodes = [...ui.side.querySelectorAll(`[data-side="${side}"] [data-note]`)];
  // Where the last one went, the keys go on at what adds another.
  (nodes.find((node) => node.dataset.note === note) ?? nodes[0] ?? ui.results.opener).focus();
}

function sidePart(ui, side) {
  const { word, icon: sign } = SIDES[side];
  const card = cardOf(ui, ui.chosen);
  const ids = valueOf(ui, ui.chosen, side);
  const all = ui.open.has(side) || ids.length <= N_SHOWN + 1;
  const count =
    side === "evidence"
      ? `${card.counted.n.toLocaleString("en-GB")} of ${card.counted.of.toLocaleString("en-GB")} customers`
      : `${ids.length} ${ids.length === 1 ? "note" : "notes"}`;
  const list = make(
    "ul",
    { role: "list", class: "hc-notes" },
    (all ? ids : ids.slice(0, N_SHOWN)).map((id, i) => noteRow(ui, side, id, i)),
  );
  return make(
    "section",
    { class: "hc-part", data: { side }, "aria-label": side === "evidence" ? "Evidence for" : "Evidence against" },
    make(
      "header",
      { class: "hc-part-head" },
      make("h4", {}, icon(sign), `Evidence ${word.toLowerCase()}`),
      make("span", { class: "wb-mute" }, count),
    ),
    ids.length
      ? make(
          "p",
          { class: "hc-keys" },
          "Drag a note, or with the keys: ",
          key("Enter"),
          side === "evidence" ? " moves it to Against, " : " moves it to For, ",
          key("Del"),
          " takes it out.",
        )
      : null,
    list,
    ids.length || side === "against"
      ? null
      : make("p", { class: "hc-none" }, "No note yet. Add one in which a customer says so."),
    side === "evidence" ? [leftNotice(ui), offer(ui)] : null,
    all
      ? null
      : button(
          `Show all ${ids.length}`,
          () => {
            ui.open.add(side);
            drawSide(ui);
            focusNote(ui, ids[N_SHOWN], side);
          },
          { look: "wb-quiet", data: { focus: `all ${side}` } },
        ),
    side === "against" ? [make("div", { class: "hc-judge" }, maybeAgainst(ui)), unlooked(card), lookedFor(ui, ids)] : null,
  );
}

// Evidence is the PM's own, so nobody takes a note out because its theme has changed; it is said, and one click away.
function leftNotice(ui) {
  const { left } = cardOf(ui, ui.chosen).followed;
  const listed = (name) => valueOf(ui, ui.chosen, name).filter((id) => left.includes(id));
  const out = Object.keys(SIDES).map((side) => [side, listed(side)]).filter(([, ids]) => ids.length);
  const n = new Set(out.flatMap(([, ids]) => ids)).size;
  if (!n) return null;
  const words = n === 1 ? "1 note is no longer in the theme." : `${n} notes are no longer in the theme.`;
  const takeOutAll = () => {
    const key = ui.chosen;
    const changes = out.map(([side, ids]) => {
      const before = valueOf(ui, key, side);
      edit(ui, key, side, before.filter((id) => !ids.includes(id)), 0);
      return [side, (now) => [...before.filter((id) => ids.includes(id) || now.includes(id)), ...now.filter((id) => !before.includes(id))]];
    });
    ui.undo.push({ key, words: n === 1 ? "1 note taken out" : `${n} notes taken out`, changes });
    ui.say(ui.undo.at(-1).words);
    refresh(ui);
  };
  return message("warn", "warn", [make("b", {}, words), " It was the evidence when you wrote this; keep it, or take it out."], [
    button(n === 1 ? "Take it out" : "Take them out", takeOutAll, { data: { focus: "left" } }),
  ]);
}

function newNotes(ui) {
  const had = ["evidence", "against", "theme_notes"].flatMap((name) => valueOf(ui, ui.chosen, name));
  return cardOf(ui, ui.chosen).followed.new.filter((id) => !had.includes(id));
}

// Notes that have joined the theme since the PM looked at it.
function offer(ui) {
  const { followed } = cardOf(ui, ui.chosen);
  const ids = newNotes(ui);
  const n = ids.length;
  if (!n) return null;
  const against = ids.filter((id) => followed.against.includes(id));
  const support = ids.filter((id) => !followed.against.includes(id));
  const words = `${n} ${followed.known ? "new" : "more"} ${n === 1 ? "note" : "notes"} in this theme${followed.most ? `, of its ${followed.most} most typical` : ""}`;
  const opposite = against.length ? ` ${against.length === 1 ? "One" : against.length} may say the opposite, and would go to Against.` : "";
  const shown = make(
    "ul",
    { role: "list", class: "hc-offered" },
    ids.slice(0, N_OFFERED).map((id) => make("li", {}, noteText(ui.notes[id]))),
    n > N_OFFERED ? make("li", { class: "wb-mute" }, `and ${n - N_OFFERED} more`) : null,
  );
  const seen = ["theme_notes", followed.all];
  const it = n === 1 ? "it" : "them";
  const add = () => actOnLists(ui, `${n === 1 ? "1 note" : `${n} notes`} added`, [["evidence", support], ["against", against], seen]);
  const leave = () => actOnLists(ui, `${n === 1 ? "1 note" : `${n} notes`} left out`, [seen]);
  return message("", "info", [make("b", {}, `${words}: `), `add ${it}, or leave ${it}.${opposite}`, shown], [
    button(`Add ${it}`, add, { data: { focus: "add" } }),
    button(`Leave ${it}`, leave, { look: "wb-quiet", data: { focus: "leave" } }),
  ]);
}

function unlooked(card) {
  return card.findings.filter((finding) => finding.field === "against").map(findingLine);
}

function lookedFor(ui, ids) {
  const day = valueOf(ui, ui.chosen, "looked_for_against");
  const id = nameOf(ui, "looked_for_against", "field");
  const box = make("input", {
    type: "checkbox",
    id,
    checked: Boolean(day),
    data: { field: "looked_for_against" },
    onchange: () => {
      edit(ui, ui.chosen, "looked_for_against", box.checked ? ui.today || today() : "", 0);
      refresh(ui);
    },
  });
  const words = ids.length ? "Looked for evidence against" : "Looked for, none found";
  return make("label", { class: "hc-looked" }, box, make("span", {}, words, day ? ` (${day})` : ""));
}

function noteRow(ui, side, id, i) {
  const note = ui.notes[id] ?? { note: id, gone: true, text: "Not found: reworded or removed", customer: id };
  const left = cardOf(ui, ui.chosen).followed.left.includes(id);
  const { move, other } = SIDES[side];
  const node = make(
    "li",
    {
      class: `hc-note ${note.gone ? "hc-gone" : ""}`,
      tabIndex: i ? -1 : 0,
      data: { note: id },
      "aria-keyshortcuts": "Enter Delete",
      onkeydown: (event) => {
        if (event.target !== node) return;
        if (event.key === "Enter") (event.preventDefault(), moveNote(ui, id, side, other));
        else if (event.key === "Delete" || event.key === "Backspace") (event.preventDefault(), takeOut(ui, id, side));
        else walk(event, [...ui.side.querySelectorAll(".hc-note")], (next) => next.focus());
      },
    },
    make("span", { class: "hc-grip", "aria-hidden": "true" }),
    noteText(note, left ? "No longer in the theme" : ""),
    make(
      "span",
      { class: "hc-note-acts" },
      make(
        "button",
        { type: "button", tabIndex: -1, "aria-label": move, title: move, onclick: () => moveNote(ui, id, side, other) },
        icon(side === "evidence" ? "down" : "up"),
      ),
      make(
        "button",
        { type: "button", tabIndex: -1, "aria-label": "Take out", title: "Take out", onclick: () => takeOut(ui, id, side) },
        icon("cross"),
      ),
    ),
  );
  makeDraggable(ui, node, id, side);
  return node;
}

// Both lists in one act, so that one undo brings the note back to where it was.
function moveNote(ui, id, from, to) {
  const key = ui.chosen;
  const place = valueOf(ui, key, from).indexOf(id);
  const words = `Note moved to ${SIDES[to].word}`;
  edit(ui, key, from, without(id)(valueOf(ui, key, from)), 0);
  edit(ui, key, to, withAt(id, valueOf(ui, key, to).length)(valueOf(ui, key, to)), 0);
  ui.undo.push({
    key,
    words,
    changes: [
      [to, without(id)],
      [from, withAt(id, place)],
    ],
  });
  ui.say(words);
  refresh(ui);
  focusNote(ui, nextTo(ui, from, place), from);
}

function takeOut(ui, id, side) {
  const place = valueOf(ui, ui.chosen, side).indexOf(id);
  act(ui, "Note taken out", side, without(id), withAt(id, place));
  focusNote(ui, nextTo(ui, side, place), side);
}

function addNote(ui, note, side) {
  ui.notes[note.note] = note;
  act(ui, `Note added to ${SIDES[side].word}`, side, (now) => withAt(note.note, now.length)(now), without(note.note));
}

function nextTo(ui, side, place) {
  const ids = valueOf(ui, ui.chosen, side);
  return ids[Math.min(place, ids.length - 1)];
}

// ---------------------------------------------------------------------------------------------- dragging

// Mouse, pen and touch. A finger scrolls the page everywhere but on the grip.
function makeDraggable(ui, node, id, from, note) {
  let start = null;
  let ghost = null;
  const zoneAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest?.("[data-side]");
  const light = (zone) =>
    ui.side
      .querySelectorAll("[data-side]")
      .forEach((one) => one.classList.toggle("hc-over", one === zone && one.dataset.side !== from));
  const stop = () => {
    ghost?.remove();
    ghost = start = null;
    ui.root.classList.remove("hc-dragging");
    light(null);
    document.removeEventListener("keydown", escape, true);
  };
  const escape = (event) => event.key === "Escape" && (event.stopPropagation(), stop());
  node.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest("button") || (event.pointerType === "touch" && !event.target.closest(".hc-grip")))
      return;
    start = { x: event.clientX, y: event.clientY };
  });
  node.addEventListener("pointermove", (event) => {
    if (!start) return;
    if (!ghost) {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) < 6) return;
      node.setPointerCapture(event.pointerId);
      ghost = node.cloneNode(true);
      ghost.removeAttribute("tabindex");
      ghost.classList.add("hc-ghost");
      ghost.style.width = `${node.offsetWidth}px`;
      const grabbed = node.getBoundingClientRect();
      start = { x: start.x - grabbed.left, y: start.y - grabbed.top };
      ui.root.append(ghost);
      ui.root.classList.add("hc-dragging");
      document.addEventListener("keydown", escape, true);
    }
    const frame = ui.root.getBoundingClientRect();
    ghost.style.transform = `translate(${event.clientX - frame.left - start.x}px, ${event.clientY - frame.top - start.y}px)`;
    light(zoneAt(event));
  });
  node.addEventListener("pointerup", (event) => {
    const side = ghost && zoneAt(event)?.dataset.side;
    stop();
    if (!side || side === from) return;
    if (!from) {
      if (side !== "out") (addNote(ui, note, side), find(ui));
    } else if (side === "out") takeOut(ui, id, from);
    else moveNote(ui, id, from, side);
  });
  node.addEventListener("pointercancel", stop);
}
