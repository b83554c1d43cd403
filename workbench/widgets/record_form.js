// A form for one record: at the left its parts, in the middle what is typed, at the right what could be written.

const N_OFFERED = 3; // offers of a place before the rest is asked for
const N_QUOTES = 6; // notes that an offer stands on, of those shown
const N_NOTES = 4; // notes of a place before the rest is asked for
const N_SEARCHED = 8; // records to choose from before a search helps
const OFFERS_AFTER = 1000; // without a key, until offers and the linter's word are asked for anew
const LIST_SHAPES = ["list", "pairs", "order", "notes"];
const KINDS_OF_ICON = { check: "check", clock: "clock", cross: "cross", info: "info" };

export default { render: ({ model, el }) => openView(model, el) };

// One view on the form. What it knows:
// - cards: records as the kernel sent them last, by key
// - rows: the items of each list of a record as they stand on the page, empty ones and those too many among them
// - going: the record that was asked for and is not shown yet
// - back: the record that was written in before the form was opened with another one
// - then: what is done once all is saved
// The rest as in fields.js.
function openView(model, el) {
  const root = ground(el, "wb-form");
  const ui = {
    model,
    root,
    view: Math.random().toString(36).slice(2),
    store: () => localStorage,
    seq: 0,
    place: "",
    form: "",
    places: [],
    maxLetters: 2000,
    trouble: "",
    today: "",
    chosen: "",
    going: "",
    back: "",
    filter: "", // the words by which a record is chosen
    query: "", // those by which a note is found
    cards: {},
    notes: {},
    names: {},
    rows: {},
    offers: {},
    pastes: false,
    paste: "",
    isFresh: false, // whether the text for a chat is of what stands in the form
    copyThen: null,
    asking: "",
    then: null,
    ...fieldState(),
    say: makeCrier(root),
  };
  root.tabIndex = -1;
  ui.body = make("div", { class: "rf-body" });
  root.append(ui.body);
  drawLoading(ui);
  const end = live(ui, {
    receive: (message) => hear(ui, message),
    look: () => send(ui, { kind: ui.place ? "look" : "hello", chosen: ui.chosen }),
    redraw: () => refresh(ui),
  });
  send(ui, { kind: "hello" });
  ui.timers.hello = setTimeout(() => ui.place || drawLoading(ui, true), PATIENCE);
  return end;
}

function cardOf(ui, key) {
  return ui.cards[key];
}

function placeOf(ui, field) {
  return ui.places.find((place) => place.field === field);
}

// ---------------------------------------------------------------------------------------------- to and from the kernel

function hear(ui, message) {
  if (message.kind === "news" && message.but !== ui.view && ui.place) send(ui, { kind: "look", chosen: ui.chosen });
  if (message.view !== ui.view) return;
  ui.asked = 0;
  if (message.kind === "state") hearState(ui, message);
  if (message.kind === "card") hearCard(ui, message);
  if (message.kind === "offered") hearOffers(ui, message);
  if (message.kind === "pasted") hearPaste(ui, message);
  if (message.kind === "found") hearFound(ui, message);
  if (message.kind === "unsaved") hearUnsaved(ui, message);
}

function hearState(ui, message) {
  const first = !ui.place;
  const { card } = message;
  for (const name of ["place", "form", "title", "places", "pastes", "trouble", "today"]) ui[name] = message[name];
  ui.maxLetters = message.max_letters;
  Object.assign(ui.notes, message.notes);
  clearTimeout(ui.timers.hello);
  if (card) ui.cards[card.key] = card;
  if (card && message.did === "name" && message.key !== card.key) rename(ui, message.key, card.key);
  const chosen = first || message.did || ui.going === card?.key ? card?.key ?? "" : ui.chosen;
  const anew = chosen !== ui.chosen || !ui.shown.length;
  ui.chosen = chosen;
  if (ui.going === chosen) ui.going = "";
  if (first) {
    recall(ui);
    ui.back = leftAt(ui, card);
    if (ui.back) ui.say(wasWriting(ui));
  }
  if (message.did) ui.asking = "";
  ui.isFresh = false;
  if (anew) keepFocus(ui, () => drawAll(ui));
  else refresh(ui);
  if (ui.found) find(ui);
  askOffers(ui, 0);
}

// A record was saved; one without a name has become a file then, and is called by its name.
function hearCard(ui, { card, was, clashes, refused, joined, saved, seq }) {
  ui.cards[card.key] = card;
  if (was !== card.key) rename(ui, was, card.key);
  const { key } = card;
  keepPlace(ui, card);
  const sent = ui.sending[key];
  if (sent && seq === sent.seq) {
    delete ui.sending[key];
    clearTimeout(ui.timers[`wait ${key}`]);
    for (const [name, clash] of Object.entries(clashes)) {
      ui.clashes[key] = { ...ui.clashes[key], [name]: { mine: ui.edits[key]?.fields[name] ?? sent.fields[name], theirs: clash.theirs } };
      if (ui.edits[key]) delete ui.edits[key].fields[name];
    }
    // What is typed by now was typed over what was sent, not over what somebody else has put beside it.
    const edit = ui.edits[key];
    for (const name of Object.keys(edit?.base ?? {})) if (name in sent.fields) edit.base[name] = sent.fields[name];
    if (edit && !Object.keys(edit.fields).length) delete ui.edits[key];
    if (refused) (ui.said[key] = { text: refused, bad: true }), ui.say(refused);
    else if (Object.keys(clashes).length) ui.said[key] = { text: "Not saved: choose below which text is to hold.", bad: true };
    else if (saved) ui.said[key] = { text: joined.length ? `Saved ${saved}. Somebody else has written in ${joined.join(", ")} too; both are kept.` : `Saved ${saved}` };
    remember(ui);
    if (ui.edits[key]) flush(ui, key);
    else if (ui.then) ui.then();
    else if (ui.copyThen) askPaste(ui, 0);
  }
  ui.isFresh = false;
  refresh(ui);
  askOffers(ui, OFFERS_AFTER);
}

function rename(ui, was, key) {
  for (const kept of [ui.edits, ui.sending, ui.clashes, ui.held, ui.said, ui.rows, ui.offers]) {
    if (was in kept) [kept[key]] = [kept[was], delete kept[was]];
  }
  if (ui.edits[key]) later(ui, `send ${key}`, PAUSE, () => flush(ui, key));
  if (ui.sending[key]) awaitAnswer(ui, key);
  clearTimeout(ui.timers[`wait ${was}`]);
  delete ui.cards[was];
  if (ui.chosen === was) ui.chosen = key;
  ui.undo.forEach((act) => act.key === was && (act.key = key));
}

function askOffers(ui, wait) {
  if (ui.chosen) later(ui, "offer", wait, () => (isBusy(ui, ui.chosen) ? askOffers(ui, OFFERS_AFTER) : send(ui, { kind: "offer", key: ui.chosen, seq: ++ui.seq })));
}

function hearOffers(ui, { key, offers, names, card, trouble }) {
  Object.assign(ui, { trouble, names });
  ui.offers[key] = offers;
  if (key === ui.chosen) askPaste(ui, 200);
  for (const offer of Object.values(offers).flat()) for (const note of offer.notes) ui.notes[note.note] = note;
  if (card && !isBusy(ui, key)) ui.cards[key] = card;
  refresh(ui);
}

function askPaste(ui, wait) {
  if (ui.pastes && ui.chosen) later(ui, "paste", wait, () => !isBusy(ui, ui.chosen) && send(ui, { kind: "paste", key: ui.chosen, seq: (ui.pasteSeq = ++ui.seq) }));
}

function hearPaste(ui, { key, seq, text }) {
  if (key !== ui.chosen || seq !== ui.pasteSeq) return;
  ui.paste = text;
  ui.isFresh = !isBusy(ui, key);
  refresh(ui);
  if (ui.isFresh) ui.copyThen?.();
}

function isBusy(ui, key) {
  return key in ui.edits || key in ui.sending;
}

// A new record gets its id here, so that a save whose answer is lost can be sent again and makes no second file.
function newId(ui, key) {
  if (ui.sending[key]?.id) return ui.sending[key].id;
  if (key !== "new") return "";
  const bytes = crypto.getRandomValues(new Uint8Array(3));
  return `D-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

// Each view keeps what it has not saved under a name of its own, in the browser, so that it is there after the tab was closed.
function storeName(ui) {
  return `${storeHead(ui)}${ui.view}`;
}

function storeHead(ui) {
  return `workbench-form-${ui.place}-${ui.form}-`;
}

function recall(ui) {
  try {
    for (const name of Object.keys(localStorage).filter((one) => one.startsWith(storeHead(ui)) && one !== spareName(ui))) {
      for (const [key, edit] of Object.entries(JSON.parse(localStorage.getItem(name)))) {
        const own = ui.edits[key];
        ui.edits[key] = { ...edit, ...own, fields: { ...edit.fields, ...own?.fields }, base: { ...edit.base, ...own?.base } };
      }
      localStorage.removeItem(name);
    }
  } catch {
    // Without such a store there is nothing to find in it.
  }
  remember(ui);
  Object.keys(ui.edits).forEach((key) => flush(ui, key));
}

// Items that a list has no room for are in no file; they are kept here until somebody takes them out or moves them.
function spareName(ui) {
  return `${storeHead(ui)}spare`;
}

function readSpare(ui, key, field) {
  try {
    const kept = JSON.parse(localStorage.getItem(spareName(ui)) ?? "{}")[key]?.[field] ?? [];
    return kept.map((one) => ({ spare: true, ...(one.value ? one : { value: one }) }));
  } catch {
    return [];
  }
}

function keepSpare(ui, field) {
  try {
    const all = JSON.parse(localStorage.getItem(spareName(ui)) ?? "{}");
    all[ui.chosen] = { ...all[ui.chosen], [field]: rowsOf(ui, field).filter((row) => row.spare && hasText(row)).map(({ value, day }) => ({ value, day })) };
    localStorage.setItem(spareName(ui), JSON.stringify(all));
  } catch {
    // Then it is as safe as this window.
  }
}

// A form opens with the week of the day, or with the decision that is needed first. Who was at work in another one is told so.
function placeName(ui) {
  return `workbench-place-${ui.place}-${ui.form}`;
}

function keepPlace(ui, { key, first }) {
  try {
    if (key === first) localStorage.removeItem(placeName(ui));
    else localStorage.setItem(placeName(ui), key);
  } catch {
    // Then it is found by hand.
  }
}

// What was typed there and not saved goes first: it is saved now, and nowhere in sight.
function leftAt(ui, card) {
  try {
    const keys = [...Object.keys(ui.sending), ...Object.keys(ui.edits), localStorage.getItem(placeName(ui))];
    return keys.find((key) => key && key !== card?.key && (!card?.choices || card.choices.some((one) => one.key === key))) ?? "";
  } catch {
    return "";
  }
}

function wasWriting(ui) {
  const one = cardOf(ui, ui.chosen)?.choices?.find(({ key }) => key === ui.back);
  return `You were writing in ${one ? [one.id, one.name && `“${one.name}”`].filter(Boolean).join(", ") : ui.back.split("/").at(-1).replace(/\.md$/, "")}.`;
}

// ---------------------------------------------------------------------------------------------- going and doing

function choose(ui, key) {
  if (key === ui.chosen) return;
  flush(ui, ui.chosen);
  ui.back = "";
  ui.going = key;
  ui.asking = "";
  if (ui.cards[key]) {
    ui.chosen = key;
    keepFocus(ui, () => drawAll(ui));
  }
  send(ui, { kind: "hello", chosen: key });
}

// What the kernel does with the record as a whole it does with all that was typed.
function doAct(ui, act) {
  const go = () => {
    ui.then = null;
    send(ui, { kind: "act", key: ui.chosen, act });
  };
  flush(ui, ui.chosen);
  if (isBusy(ui, ui.chosen)) ui.then = go;
  else go();
}

function isLocked(ui, field) {
  return Boolean(cardOf(ui, ui.chosen)?.locked[field]);
}

function focusField(ui, field) {
  ui.middle.querySelector(`[data-field="${field}"]`)?.focus();
}

// From the last line of a list, or out of a text, to the next place.
function nextField(ui, field) {
  const places = [...ui.middle.querySelectorAll("[data-part]")];
  const at = places.findIndex((node) => node.dataset.part === field);
  for (const place of places.slice(at + 1)) {
    const node = place.querySelector("[data-field]:is(textarea, select):not(:disabled)");
    if (node?.checkVisibility()) return node.focus();
  }
  ui.middle.querySelector(".rf-foot button")?.focus();
}

// ---------------------------------------------------------------------------------------------- drawing

function drawLoading(ui, late = false) {
  const said = late
    ? message("bad", "warn", [make("b", {}, "The kernel is not answering. "), "Run this cell again. What you typed before is kept in this browser."])
    : make("p", { class: "wb-mute", role: "status" }, "Reading the records …");
  const shapes = [0, 1, 2].map(() => make("div", { class: "hc-shape" }));
  ui.body.replaceChildren(make("div", { class: "hc-loading" }, said, late ? null : shapes));
}

function drawAll(ui) {
  ui.shown = [];
  ui.found = null;
  const card = cardOf(ui, ui.chosen);
  ui.warning = make("div", { class: "hc-trouble" });
  ui.list = make("nav", { class: "hc-list rf-list", "aria-label": ui.title });
  ui.middle = make("section", { class: "hc-middle rf-middle", "aria-label": ui.title });
  ui.body.classList.toggle("rf-with-list", Boolean(card?.choices));
  ui.body.replaceChildren(ui.warning, ui.list, ui.middle);
  ui.list.hidden = !card?.choices;
  if (card?.choices) drawChoices(ui);
  ui.shown.push(() => drawTrouble(ui));
  if (!card) {
    ui.middle.replaceChildren(make("h3", { class: "hc-title" }, ui.title), make("p", { class: "hc-lead" }, NOTHING[ui.form] ?? "Nothing to write into yet."));
  } else {
    ui.status = make("p", { class: "hc-status" });
    ui.middle.replaceChildren(head(ui), wayBack(ui), heading(ui), problemList(ui), keysLine(), fieldRows(ui), foot(ui));
  }
  ui.shown.forEach((show) => show());
}

const NOTHING = {
  SliceForm: "No hypothesis yet. Write one on its card first, in Tuesday’s notebook; then run this cell again.",
};

function drawTrouble(ui) {
  if (ui.warning.dataset.said === ui.trouble) return;
  ui.warning.dataset.said = ui.trouble;
  const again = () => send(ui, { kind: "hello", chosen: ui.chosen });
  const said = [ui.trouble, " Nothing is offered meanwhile; what you type is saved."];
  ui.warning.replaceChildren(ui.trouble ? message("bad", "warn", said, [button("Read again", again, { data: { focus: "again" } })]) : "");
}

function refresh(ui) {
  ui.stale = ui.pressed;
  if (ui.pressed || !ui.place) return;
  keepFocus(ui, () => (ui.shown.length ? ui.shown.forEach((show) => show()) : drawAll(ui)));
}

// What is drawn anew has the focus that it had; where it is gone, its place has it, so that the keys go on from there.
function keepFocus(ui, draw) {
  const node = document.activeElement;
  const inside = ui.root.contains(node);
  const { focus, field } = inside ? node.dataset : {};
  const part = inside && node.closest("[data-part]")?.dataset.part;
  draw();
  const hasIt = () => ui.root.contains(document.activeElement) && document.activeElement !== ui.root && document.activeElement.checkVisibility();
  if (!inside || node === ui.root || hasIt()) return;
  const named = (name, value) => value && ui.root.querySelector(`[data-${name}="${CSS.escape(value)}"]`);
  const within = part && ui.middle?.querySelector(`[data-part="${CSS.escape(part)}"]`)?.querySelector(FOCUSABLE);
  for (const place of [named("focus", focus), named("field", field), within, ui.root.querySelector(FOCUSABLE)].filter(Boolean)) {
    if (place.checkVisibility()) place.focus();
    if (hasIt()) return;
  }
}

function redrawWhen(node, state, draw) {
  const said = JSON.stringify(state);
  if (node.dataset.state === said) return;
  node.dataset.state = said;
  node.replaceChildren(...[draw()].flat(2).filter(Boolean));
}

// ---------------------------------------------------------------------------------------------- the head, and what to choose from

function head(ui) {
  const file = make("p", { class: "hc-file" });
  const back = button([icon("undo"), "Undo"], () => takeBack(ui), { look: "wb-quiet", data: { focus: "undo" } });
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    file.textContent = card.file || "Not a file yet: it becomes one with the first thing you write.";
    back.hidden = ui.undo.at(-1)?.key !== ui.chosen;
    back.title = ui.undo.at(-1) ? `Take back: ${ui.undo.at(-1).words} (Ctrl+Z)` : "";
    showStatus(ui);
  });
  return make("header", { class: "hc-head" }, file, make("span", { class: "rf-saved" }, back, ui.status));
}

function wayBack(ui) {
  const box = make("div", { class: "rf-back" });
  const go = () => choose(ui, ui.back);
  const stay = () => {
    ui.back = "";
    keepPlace(ui, { key: ui.chosen, first: ui.chosen });
    refresh(ui);
    ui.middle.querySelector("textarea")?.focus();
  };
  ui.shown.push(() =>
    redrawWhen(box, [ui.back], () =>
      ui.back ? message("", "clock", wasWriting(ui), [button("Go there", go, { look: "wb-main", data: { focus: "back" } }), button("Stay here", stay, { look: "wb-quiet", data: { focus: "stay" } })]) : [],
    ),
  );
  return box;
}

function heading(ui) {
  const box = make("div", { class: "rf-heading" });
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    redrawWhen(box, [card.id, card.week, card.now, card.choices?.find((one) => one.key === card.key)], () => {
      if (!card.week) {
        const own = card.choices?.find((one) => one.key === card.key);
        const name = own ? own.name || "Its question is still open" : card.choices ? "A new one" : ui.title;
        return make("h3", { class: "hc-title", dir: "auto" }, own ? [make("span", { class: "hc-id" }, `${own.id} `), name] : name);
      }
      const step = (key, sign, words) =>
        make("button", { type: "button", class: "wb-button wb-quiet rf-step", title: words, "aria-label": words, data: { focus: sign }, onclick: () => choose(ui, key) }, icon(sign));
      return [
        make("h3", { class: "hc-title" }, `${ui.title}, ${card.week}`),
        make("span", { class: "rf-week" }, step(card.before, "left", "The week before"), make("span", {}, card.days), step(card.after, "right", "The week after")),
        card.now === card.key
          ? make("span", { class: "wb-mute" }, "this week")
          : button("This week", () => choose(ui, card.now), { look: "wb-quiet", data: { focus: "now" } }),
      ];
    });
  });
  return box;
}

function problemList(ui) {
  const box = make("div", { class: "rf-problems" });
  ui.shown.push(() => {
    const { problems } = cardOf(ui, ui.chosen);
    redrawWhen(box, problems, () => problems.map((problem) => message("warn", "warn", problem)));
  });
  return box;
}

function keysLine() {
  return make("p", { class: "hc-keys" }, key("Enter"), " adds a line, ", key("⌫"), " on an empty one takes it out, ", key("Alt"), " ", key("↑"), key("↓"), " moves it.");
}

function drawChoices(ui) {
  const list = make("ul", { role: "list" });
  const search = make("input", {
    type: "search",
    class: "wb-input",
    placeholder: "words or an id",
    "aria-label": `Search ${ui.title}`,
    dir: "auto",
    value: ui.filter,
    oninput: () => {
      ui.filter = search.value;
      show();
    },
    onkeydown: (event) => event.key === "ArrowDown" && (event.preventDefault(), list.querySelector("button")?.focus()),
  });
  const none = make("p", { class: "hc-none", role: "status" });
  const show = () => {
    const { choices, new: fresh } = cardOf(ui, ui.chosen);
    const words = ui.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const found = choices.filter((one) => words.every((word) => `${one.id} ${one.name} ${one.state}`.toLowerCase().includes(word)));
    search.hidden = choices.length <= N_SEARCHED;
    none.textContent = found.length || !words.length ? "" : `“${ui.filter}” is in none of the ${choices.length}. Try fewer words.`;
    redrawWhen(list, [found, ui.chosen, Boolean(fresh)], () => found.map((one) => make("li", {}, choiceButton(ui, one))));
    create.hidden = !fresh;
    create.lastChild.textContent = fresh ?? "";
  };
  const create = button([icon("plus"), "New"], () => choose(ui, "new"), { data: { focus: "new" } });
  ui.list.replaceChildren(make("h3", { class: "hc-heading" }, CHOICES[ui.form] ?? ui.title), search, none, list, create);
  ui.shown.push(show);
}

const CHOICES = { SliceForm: "Hypotheses", DecisionForm: "Decisions" };

function choiceButton(ui, one) {
  const current = one.key === ui.chosen;
  return make(
    "button",
    {
      type: "button",
      class: "hc-choice",
      "aria-current": current ? "true" : null,
      data: { focus: `choice ${one.key}` },
      onclick: () => choose(ui, one.key),
      onkeydown: (event) => walk(event, [...ui.list.querySelectorAll(".hc-choice")], (node) => node.focus()),
    },
    make("span", { class: "hc-id", dir: "auto" }, one.id),
    make("span", { class: "hc-name", dir: "auto" }, one.name || "Still open"),
    make("span", { class: "hc-state" }, one.sign ? icon(KINDS_OF_ICON[one.sign]) : null, one.state),
  );
}

// ---------------------------------------------------------------------------------------------- places

function fieldRows(ui) {
  const last = ui.places.findLast((place) => place.shape === "notes");
  return make(
    "div",
    { class: "hc-fields" },
    ui.places.map((place) => [
      place.part ? make("h4", { class: "rf-part" }, place.part) : null,
      placeRow(ui, place),
      place === last ? searchRow(ui, place) : null,
    ]),
  );
}

// Below the last of the places that take notes: any note is found by words, for each of them.
function searchRow(ui, { field }) {
  const add = (note, side) => {
    ui.notes[note.note] = note;
    act(ui, `1 note added to ${placeOf(ui, side).label}`, side, (now) => withAt(note.note, now.length)(now), without(note.note));
  };
  const row = make("div", { class: "hc-row rf-row rf-find" }, make("div", { class: "hc-controls" }, addPanel(ui, { add })));
  ui.shown.push(() => (row.hidden = isLocked(ui, field)));
  return row;
}

function placeRow(ui, place) {
  const isList = LIST_SHAPES.includes(place.shape);
  const id = nameOf(ui, place.field, isList ? "label" : "field");
  const meaning = make("p", { id: nameOf(ui, place.field, "meaning") });
  const tally = make("p", { class: "rf-tally" });
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    const words = card.locked[place.field] ?? "";
    const n = card.tallies[place.field];
    redrawWhen(meaning, [words], () => (words ? [icon("lock"), make("span", {}, words)] : make("span", {}, place.meaning)));
    meaning.classList.toggle("hc-lock", Boolean(words));
    redrawWhen(tally, [n], () => (n ? [icon(n.good ? "check" : "info"), make("span", {}, n.words)] : []));
    tally.classList.toggle("hc-good", Boolean(n?.good));
  });
  const control = isList ? (place.shape === "notes" ? noteList : itemList)(ui, place) : single(ui, place);
  const label = isList ? make("h4", { id }, place.label) : make("h4", {}, make("label", { htmlFor: id }, place.label));
  return make(
    "div",
    { class: "hc-row rf-row", data: { part: place.field }, ...(isList ? { role: "group", "aria-labelledby": id } : {}) },
    make("div", { class: "hc-word" }, label, tally, meaning),
    make("div", { class: "hc-controls" }, make("div", { class: "hc-field" }, control, notices(ui, place.field))),
    offerList(ui, place),
  );
}

function single(ui, place) {
  if (place.shape === "choice") return choiceField(ui, place);
  const { field } = place;
  const node = make("textarea", {
    id: nameOf(ui, field, "field"),
    rows: 1,
    class: "wb-input",
    dir: "auto",
    placeholder: place.hint,
    spellcheck: true,
    maxLength: ui.maxLetters,
    "aria-describedby": `${nameOf(ui, field, "notes")} ${nameOf(ui, field, "meaning")}`,
    data: { field },
    // A field is one line, so Enter goes on to the next.
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      nextField(ui, field);
    },
  });
  bindText(ui, node, field);
  if (field === "title") node.addEventListener("blur", () => nameFile(ui));
  return make("div", { class: `hc-tall ${place.shape === "long" ? "rf-long" : ""}` }, node, place.shape === "day" ? calendar(ui, field) : null);
}

// A new record's file is called after its question once that is written to its end.
function nameFile(ui) {
  const go = () => /\/D-[0-9a-f]{6}\.md$/.test(ui.chosen) && doAct(ui, "name");
  if (isBusy(ui, ui.chosen)) ui.then ??= () => ((ui.then = null), go());
  else go();
}

// A day is typed; the calendar beside it is for those who would rather point.
function calendar(ui, field) {
  const picker = make("input", {
    type: "date",
    tabIndex: -1,
    class: "hc-picker",
    "aria-hidden": "true",
    onchange: () => {
      if (!picker.value) return;
      edit(ui, ui.chosen, field, picker.value, 0);
      refresh(ui);
    },
  });
  const show = () => {
    picker.value = valueOf(ui, ui.chosen, field);
    picker.showPicker();
  };
  const opener = make("button", { type: "button", class: "hc-calendar", tabIndex: -1, "aria-label": "Choose the day in a calendar", onclick: show }, icon("calendar"));
  ui.shown.push(() => (opener.hidden = isLocked(ui, field)));
  return [opener, picker];
}

function choiceField(ui, place) {
  const { field } = place;
  const node = make("select", {
    id: nameOf(ui, field, "field"),
    class: "wb-input",
    data: { field },
    "aria-describedby": `${nameOf(ui, field, "notes")} ${nameOf(ui, field, "meaning")}`,
    onchange: () => {
      const was = valueOf(ui, ui.chosen, field);
      const now = node.value;
      edit(ui, ui.chosen, field, now, 0);
      ui.undo.push({ key: ui.chosen, words: place.label, changes: [[field, (value) => (value === now ? was : value)]] });
      refresh(ui);
    },
  });
  ui.shown.push(() => {
    const value = valueOf(ui, ui.chosen, field);
    const known = place.options_of ? valueOf(ui, ui.chosen, place.options_of).map((one) => [one, one]) : place.options;
    const options = value && !known.some(([one]) => one === value) ? [...known, [value, `${value} (not among the options)`]] : known;
    redrawWhen(node, options, () => [["", "…"], ...options].map(([one, words]) => make("option", { value: one }, words)));
    node.value = value;
    node.disabled = isLocked(ui, field);
  });
  return node;
}

// ---------------------------------------------------------------------------------------------- items of a list

const isPair = (place) => place.shape === "pairs" || place.shape === "order";

function hasText({ value }) {
  return Array.isArray(value) ? value.some(Boolean) : Boolean(value);
}

function rowsOf(ui, field) {
  const rows = (ui.rows[ui.chosen] ??= {});
  rows[field] ??= [
    ...valueOf(ui, ui.chosen, field).map((value) => ({ value })),
    ...readSpare(ui, ui.chosen, field),
  ];
  return rows[field];
}

// What of the rows goes into the record.
function valuesOf(rows) {
  return rows.filter((row) => !row.spare && hasText(row)).map((row) => row.value);
}

function isFull(ui, place) {
  return Boolean(place.most) && rowsOf(ui, place.field).filter((row) => !row.spare).length >= place.most;
}

function itemList(ui, place) {
  const { field } = place;
  const list = make("ul", { role: "list", class: "rf-items" });
  const add = () => {
    const rows = rowsOf(ui, field);
    const blank = rows.find((row) => !hasText(row)) ?? newRow(ui, place);
    if (!rows.includes(blank)) rows.push(blank);
    draw(blank);
  };
  // All rows anew, with the focus on one of them.
  const draw = (focused, { half = 0, end = true, keep } = {}) => {
    const rows = rowsOf(ui, field);
    if (!rows.length && !isLocked(ui, field)) rows.push(newRow(ui, place));
    list.replaceChildren(...rows.map((row, i) => itemRow(ui, place, row, i, draw)));
    list.dataset.drawn = "yes";
    const node = list.children[rows.indexOf(focused)]?.querySelectorAll("textarea")[half];
    if (keep && node) (node.value = keep.text), (node.dataset.typed = keep.typed), stretch(node);
    if (!node) return;
    node.focus();
    const at = keep ? keep.at : end ? node.value.length : 0;
    node.setSelectionRange(at, at);
  };
  const more = button([icon("plus"), "Add"], add, { look: "wb-quiet", "aria-label": `Add to ${place.label}`, data: { focus: `add ${field}` } });
  ui.shown.push(() => {
    const locked = isLocked(ui, field);
    if (list.dataset.drawn !== "yes" || list.dataset.locked !== String(locked) || takeIn(ui, place, list, draw)) {
      list.dataset.locked = String(locked);
      if (list.dataset.drawn !== "yes" || !list.contains(document.activeElement)) draw(null);
    }
    rowsOf(ui, field).forEach((row) => row.show?.());
    more.hidden = locked || !rowsOf(ui, field).some(hasText);
  });
  return [list, more];
}

function newRow(ui, place) {
  const spare = isFull(ui, place);
  return { value: isPair(place) ? ["", ""] : "", spare, day: spare ? ui.today : undefined };
}

// What somebody else has written, or an undo, comes into the rows; the row under the hands stays as it is typed.
function takeIn(ui, place, list, draw) {
  const rows = rowsOf(ui, place.field);
  const value = valueOf(ui, ui.chosen, place.field);
  if (JSON.stringify(valuesOf(rows)) === JSON.stringify(value)) return false;
  const node = list.contains(document.activeElement) ? document.activeElement : null;
  const at = node ? [...list.children].findIndex((one) => one.contains(node)) : -1;
  const own = rows[at];
  const next = value.map((one) => ({ value: one }));
  next.push(...rows.filter((row) => row.spare));
  let focused = null;
  if (own && node.matches("textarea")) {
    focused = next.find((row) => JSON.stringify(row.value) === JSON.stringify(own.value)) ?? null;
    if (!focused && (isTypedIn(node) || !hasText(own))) {
      // Written a little otherwise by the kernel, such as without a second colon: it is the same row.
      if (next.length === rows.length && isTypedIn(node)) next[at] = own;
      else next.splice(Math.min(at, next.length), 0, own);
      focused = own;
    }
    focused ??= next[Math.min(at, next.length - 1)];
  }
  ui.rows[ui.chosen][place.field] = next;
  const half = node ? [...list.children[at].querySelectorAll("textarea")].indexOf(node) : 0;
  const same = focused && own && JSON.stringify(focused.value) === JSON.stringify(own.value);
  draw(focused, { half: Math.max(half, 0), keep: same ? { text: node.value, at: node.selectionStart, typed: node.dataset.typed ?? "" } : undefined });
  return true;
}

function itemRow(ui, place, row, i, draw) {
  const locked = isLocked(ui, place.field);
  const halves = isPair(place) ? [0, 1] : [0];
  const cells = halves.map((half) => itemCell(ui, place, row, i, half, draw));
  const remove = make(
    "button",
    {
      type: "button",
      class: "hc-remove",
      tabIndex: -1,
      hidden: locked || (i === 0 && !hasText(row) && rowsOf(ui, place.field).length === 1),
      "aria-label": `Take out ${i + 1} of ${place.label}`,
      onclick: () => removeRow(ui, place, row, draw),
    },
    icon("cross"),
  );
  return make(
    "li",
    { class: row.spare ? "rf-spare" : "" },
    make("div", { class: `rf-item ${isPair(place) ? "rf-pair" : ""}` }, cells, remove),
    recordName(ui, row),
    row.spare ? spareNotice(ui, place, row, draw) : null,
  );
}

// An id says little to who has not got its record before them.
function recordName(ui, row) {
  const node = make("p", { class: "rf-name", dir: "auto" });
  const show = () => {
    const id = flat(Array.isArray(row.value) ? row.value[0] : row.value);
    node.textContent = ui.names[id] ?? "";
  };
  row.show = show;
  show();
  return node;
}

function itemCell(ui, place, row, i, half, draw) {
  const { field } = place;
  const pair = isPair(place);
  const read = () => (pair ? row.value[half] : row.value);
  const label = pair && half ? place.behind[0] : place.label;
  const node = make("textarea", {
    rows: 1,
    class: "wb-input",
    dir: "auto",
    placeholder: i ? "" : pair && half ? place.behind[1] : place.hint,
    spellcheck: true,
    maxLength: ui.maxLetters,
    readOnly: isLocked(ui, field),
    "aria-label": `${label}, ${i + 1}`,
    "aria-describedby": `${nameOf(ui, field, "notes")} ${nameOf(ui, field, "meaning")}`,
    data: { field, item: String(i) },
  });
  node.value = read();
  const typed = () => {
    const text = flat(node.value);
    if (pair) row.value = half ? [row.value[0], text] : [text, row.value[1]];
    else row.value = text;
    node.dataset.typed = "yes";
    stretch(node);
    row.spared?.();
    saveRows(ui, place);
  };
  node.addEventListener("input", typed);
  node.addEventListener("blur", () => {
    delete node.dataset.typed;
    if (node.value.includes("\n")) node.value = flat(node.value);
    stretch(node);
    flush(ui, ui.chosen);
  });
  // Lines that were copied somewhere else are items.
  node.addEventListener("paste", (event) => {
    const lines = event.clipboardData.getData("text/plain").split(/\r?\n/).map(flat).filter(Boolean);
    if (lines.length < 2 || pair || node.readOnly) return;
    event.preventDefault();
    pasteLines(ui, place, row, node, lines, draw);
  });
  node.addEventListener("keydown", (event) => itemKey(event, ui, place, row, half, node, draw));
  const tall = make("div", { class: "hc-tall" }, node);
  stretch(node);
  return tall;
}

function itemKey(event, ui, place, row, half, node, draw) {
  const rows = rowsOf(ui, place.field);
  const at = rows.indexOf(row);
  const lastHalf = !isPair(place) || half === 1;
  if (event.isComposing || node.readOnly) return;
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    moveRow(ui, place, row, event.key === "ArrowUp" ? -1 : 1, half, draw);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (!hasText(row)) {
      // An empty line is where a list ends.
      if (rows.length > 1) rows.splice(at, 1);
      draw(null);
      nextField(ui, place.field);
    } else if (!lastHalf) node.closest("li").querySelectorAll("textarea")[1].focus();
    else if (row.spare) nextField(ui, place.field);
    else {
      const blank = rows[at + 1] && !hasText(rows[at + 1]) ? rows[at + 1] : newRow(ui, place);
      if (!rows.includes(blank)) rows.splice(at + 1, 0, blank);
      draw(blank);
      if (blank.spare) ui.say(place.over);
    }
  } else if (event.key === "Backspace" && !node.value && (half === 1 || !hasText(row))) {
    if (half === 1) {
      event.preventDefault();
      return void node.closest("li").querySelectorAll("textarea")[0].focus();
    }
    if (rows.length < 2) return;
    event.preventDefault();
    removeRow(ui, place, row, draw, at ? rows[at - 1] : rows[1]);
  }
}

function saveRows(ui, place, wait = PAUSE) {
  const rows = rowsOf(ui, place.field);
  const value = valuesOf(rows);
  if (place.most) keepSpare(ui, place.field);
  if (JSON.stringify(value) !== JSON.stringify(valueOf(ui, ui.chosen, place.field))) edit(ui, ui.chosen, place.field, value, wait);
}

function removeRow(ui, place, row, draw, next) {
  const rows = rowsOf(ui, place.field);
  const at = rows.indexOf(row);
  const place_ = valuesOf(rows.slice(0, at)).length;
  rows.splice(at, 1);
  const waiting = place.most && !isFull(ui, place) && rows.find((one) => one.spare);
  if (waiting) {
    // There is room for it now.
    delete waiting.spare;
    ui.say(`“${waiting.value}” is in now.`);
  }
  if (hasText(row) && !row.spare) {
    const words = "1 line taken out";
    const key = ui.chosen;
    const same = JSON.stringify(row.value);
    ui.undo.push({ key, words, changes: [[place.field, (now) => (now.some((one) => JSON.stringify(one) === same) ? now : [...now.slice(0, place_), row.value, ...now.slice(place_)])]] });
    ui.say(words);
  }
  saveRows(ui, place, 0);
  draw(next ?? rows[Math.min(at, rows.length - 1)] ?? null);
  refresh(ui);
}

function moveRow(ui, place, row, by, half, draw) {
  const rows = rowsOf(ui, place.field);
  const at = rows.indexOf(row);
  const other = rows[at + by];
  if (!other || row.spare !== other.spare || !hasText(row)) return;
  const was = valuesOf(rows);
  [rows[at], rows[at + by]] = [other, row];
  const now = valuesOf(rows);
  saveRows(ui, place, 0);
  const words = `Line moved to place ${at + by + 1}`;
  ui.undo.push({ key: ui.chosen, words, changes: [[place.field, (value) => (JSON.stringify(value) === JSON.stringify(now) ? was : value)]] });
  ui.say(words);
  draw(row, { half });
  refresh(ui);
}

function pasteLines(ui, place, row, node, lines, draw) {
  const rows = rowsOf(ui, place.field);
  const before = node.value.slice(0, node.selectionStart);
  const behind = node.value.slice(node.selectionEnd);
  const [first, ...rest] = lines;
  row.value = flat(before + first);
  rest[rest.length - 1] += behind;
  let at = rows.indexOf(row);
  let last = row;
  for (const line of rest) {
    last = { ...newRow(ui, place), value: flat(line) };
    rows.splice(++at, 0, last);
  }
  saveRows(ui, place, 0);
  draw(last);
  refresh(ui);
}

// One too many is not taken, and not lost: it stays here as it was typed, until it is moved, put in or dropped.
function spareNotice(ui, place, row, draw) {
  const other = placeOf(ui, place.instead);
  const room = !isFull(ui, place);
  const putIn = () => {
    delete row.spare;
    saveRows(ui, place, 0);
    ui.say(`“${row.value}” is in now.`);
    draw(row);
    refresh(ui);
  };
  const drop = () => {
    const { value } = row;
    removeRow(ui, place, row, draw);
    ui.say(`Dropped: “${value}”`);
    focusField(ui, place.field);
  };
  const move = () => {
    if (!hasText(row)) return;
    const rows = rowsOf(ui, place.field);
    rows.splice(rows.indexOf(row), 1);
    saveRows(ui, place, 0);
    const text = row.value;
    const now = valueOf(ui, ui.chosen, other.field);
    edit(ui, ui.chosen, other.field, withAt(text, now.length)(now), 0);
    ui.undo.push({ key: ui.chosen, words: `Moved to ${other.label}`, changes: [[other.field, without(text)]] });
    ui.say(`Moved to ${other.label}`);
    draw(null);
    refresh(ui);
    focusField(ui, place.field);
  };
  const acts = [
    room ? button("Put it in", putIn, { data: { focus: `in ${place.field}` } }) : null,
    other ? button(`Move it to ${other.label}`, move, { data: { focus: `move ${place.field}` } }) : null,
    button("Drop it", drop, { look: "wb-quiet", data: { focus: `drop ${place.field}` } }),
  ].filter(Boolean);
  const when = row.day && row.day !== ui.today ? ` You typed it on ${row.day}.` : "";
  const node = message("warn", "warn", [room ? `There is room for it now; so far it is kept in this browser alone.` : place.over, when], acts);
  // An empty line has nothing to move.
  row.spared = () => acts.forEach((one) => (one.hidden = !hasText(row)));
  row.spared();
  return node;
}

// Notes are taken from what is offered; what they say is what was said.
function noteList(ui, place) {
  const { field } = place;
  const list = make("ul", { role: "list", class: "rf-notes" });
  ui.shown.push(() => {
    const ids = valueOf(ui, ui.chosen, field);
    const all = ui.open.has(field) || ids.length <= N_NOTES + 1;
    redrawWhen(list, [ids, ids.map((id) => ui.notes[id]), isLocked(ui, field), all], () => {
      if (!ids.length) return make("li", { class: "hc-none", tabIndex: -1, data: { field } }, "No note yet. Those of its hypotheses are offered here; any other is found by words, below.");
      const showAll = () => {
        ui.open.add(field);
        refresh(ui);
        focusField(ui, field);
      };
      return [
        // The last, so that one that was just added is seen.
        (all ? ids : ids.slice(-N_NOTES)).map((id) => noteItem(ui, place, id)),
        all ? null : make("li", {}, button(`Show all ${ids.length}`, showAll, { look: "wb-quiet", data: { focus: `all ${field}` } })),
      ];
    });
  });
  return list;
}

function noteItem(ui, place, id) {
  const { field } = place;
  const remove = () => {
    const was = valueOf(ui, ui.chosen, field);
    act(ui, "1 note taken out", field, without(id), withAt(id, was.indexOf(id)));
    focusField(ui, field);
  };
  const note = ui.notes[id] ?? { note: id, gone: true, text: "Not found: reworded or removed", customer: id };
  return make(
    "li",
    { class: "rf-note" },
    noteText(note),
    isLocked(ui, field)
      ? null
      : make("button", { type: "button", class: "hc-remove", title: "Take out", "aria-label": `Take out: ${note.text}`, data: { field, focus: `note ${id}` }, onclick: remove }, icon("cross")),
  );
}

// ---------------------------------------------------------------------------------------------- what could be written

function offerList(ui, place) {
  const node = make("div", { class: "rf-offers" });
  ui.shown.push(() => {
    const found = offersFor(ui, place);
    redrawWhen(node, [found, ui.chosen], () => {
      if (!found.length) return [];
      const rows = found.map((offer, i) => offerItem(ui, place, offer, i));
      const rest = rows.splice(N_OFFERED);
      const words = place.shape === "notes" || LIST_SHAPES.includes(place.shape) ? `${found.length} to consider` : "To consider";
      return [
        make("p", { class: "rf-consider" }, words),
        make("ul", { role: "list" }, rows),
        rest.length
          ? foldOut(ui, `offers ${place.field}`, make("summary", { data: { focus: `more ${place.field}` } }, `${rest.length} more`), make("ul", { role: "list" }, rest))
          : null,
      ];
    });
  });
  return node;
}

// What stands there already is not offered, nor anything else where one text stands.
function offersFor(ui, place) {
  const all = ui.offers[ui.chosen]?.[place.field] ?? [];
  if (isLocked(ui, place.field) || ui.clashes[ui.chosen]?.[place.field]) return [];
  const value = valueOf(ui, ui.chosen, place.field);
  if (!LIST_SHAPES.includes(place.shape)) return value ? [] : all;
  if (place.most && value.length >= place.most) return [];
  const name = (one) => flat(Array.isArray(one) ? one[0] : one).toLowerCase().replace(/:$/, "");
  const there = value.map(name);
  // "Activation:" is answered by "Activation: 31 %".
  return all.filter((offer) => !there.some((one) => one === name(offer.value) || (/:$/.test(flat(offer.words)) && one.startsWith(`${name(offer.value)}:`))));
}

function offerItem(ui, place, offer, i) {
  const shown = place.shape === "notes" ? offer.notes[0]?.text ?? offer.words : offer.words;
  const quotes = offer.notes.length && place.shape !== "notes";
  return make(
    "li",
    { class: "hc-offer rf-offer" },
    make("span", { class: "hc-offer-words", dir: "auto" }, place.shape === "notes" && offer.notes[0] ? noteText(offer.notes[0]) : shown),
    place.shape === "order" && ui.names[offer.value[0]] ? make("span", { class: "hc-offer-why", dir: "auto" }, ui.names[offer.value[0]]) : null,
    make("span", { class: "hc-offer-why", dir: "auto" }, place.shape === "notes" ? offer.why.split(": “")[0] : offer.why),
    quotes
      ? foldOut(
          ui,
          `quotes ${place.field} ${offer.words}`,
          make("summary", { data: { focus: `quotes ${place.field} ${i}` } }, offer.notes.length === 1 ? "What was said" : `What was said (${offer.notes.length})`),
          make(
            "ul",
            { role: "list" },
            offer.notes.slice(0, N_QUOTES).map((note) => make("li", {}, noteText(note))),
            offer.notes.length > N_QUOTES ? make("li", { class: "wb-mute" }, `and ${offer.notes.length - N_QUOTES} more`) : null,
          ),
        )
      : null,
    button(icon("plus"), () => takeOffer(ui, place, offer, i), { look: "wb-quiet", title: "Take it", "aria-label": `Take it: ${shown}`, data: { focus: `offer ${place.field} ${i}` } }),
  );
}

// What is left open in it, behind a colon or between brackets, is the PM's to say, so the focus goes there.
function takeOffer(ui, place, { value, words }, i) {
  const { field } = place;
  const open = /:$/.test(flat(words)) || /\[[^\]]*\]/.test(words);
  if (!LIST_SHAPES.includes(place.shape)) {
    const was = valueOf(ui, ui.chosen, field);
    act(ui, "Taken over", field, () => value, (now) => (now === value ? was : now));
    focusField(ui, field);
    return;
  }
  if (place.shape === "notes") act(ui, "1 note taken over", field, (now) => withAt(value, now.length)(now), without(value));
  else {
    const rows = rowsOf(ui, field);
    const spare = isFull(ui, place) && !rows.some((row) => !row.spare && !hasText(row));
    if (spare) {
      rows.push({ value, spare, day: ui.today });
      saveRows(ui, place, 0);
      ui.middle.querySelector(`[data-part="${field}"] .rf-items`).dataset.drawn = "";
      ui.say(place.over);
      refresh(ui);
    } else {
      const same = JSON.stringify(value);
      act(ui, "Taken over", field, (now) => [...now, value], (now) => now.filter((one) => JSON.stringify(one) !== same));
    }
  }
  const items = [...ui.middle.querySelectorAll(`[data-part="${field}"] textarea`)];
  const item = items.find((node) => flat(node.value) === flat(Array.isArray(value) ? value[0] : value));
  if (open && item) {
    item.focus();
    const gap = item.value.match(/\[[^\]]*\]/);
    if (gap) item.setSelectionRange(gap.index, gap.index + gap[0].length);
    else item.setSelectionRange(item.value.length, item.value.length);
    return;
  }
  const next = ui.middle.querySelectorAll(`[data-part="${field}"] .rf-offer > .wb-button`);
  (next[Math.min(i, next.length - 1)] ?? item ?? ui.middle.querySelector(`[data-field="${field}"]`))?.focus();
}

// ---------------------------------------------------------------------------------------------- the foot

function foot(ui) {
  const acts = make("div", { class: "rf-acts" });
  const plan = make("div", { class: "rf-plan" });
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    redrawWhen(acts, [card.acts, ui.asking], () => card.acts.map((one) => actButton(ui, one)));
    redrawWhen(plan, [ui.paste], () => (ui.paste ? pastePanel(ui) : []));
  });
  return make("footer", { class: "rf-foot" }, acts, plan);
}

// What cannot be taken back is asked about once.
function actButton(ui, { act: name, label, missing, sure }) {
  if (missing) {
    const id = nameOf(ui, name, "missing");
    return make(
      "div",
      { class: "rf-act" },
      button(label, () => ui.say(missing), { "aria-disabled": "true", "aria-describedby": id, data: { focus: `act ${name}` } }),
      make("p", { class: "hc-finding", id }, icon("warn"), make("span", {}, missing)),
    );
  }
  if (sure && ui.asking === name) {
    const no = () => {
      ui.asking = "";
      refresh(ui);
      ui.root.querySelector(`[data-focus="act ${name}"]`)?.focus();
    };
    return make("div", { class: "rf-act" }, message("", "info", sure, [button(`${label}`, () => doAct(ui, name), { look: "wb-main", data: { focus: `sure ${name}` } }), button("Not yet", no, { look: "wb-quiet" })]));
  }
  const ask = () => {
    if (!sure) return doAct(ui, name);
    ui.asking = name;
    refresh(ui);
    ui.root.querySelector(`[data-focus="sure ${name}"]`)?.focus();
  };
  return make("div", { class: "rf-act" }, button(label, ask, { data: { focus: `act ${name}` } }));
}

function pastePanel(ui) {
  const text = make("pre", { class: "rf-text", tabIndex: 0, dir: "auto", "aria-label": "The plan as text" }, ui.paste);
  const said = make("span", { class: "wb-status", role: "status" });
  const copy = async () => {
    // What was typed a moment ago belongs to it.
    if (isBusy(ui, ui.chosen) || !ui.isFresh) {
      said.replaceChildren("One moment …");
      flush(ui, ui.chosen);
      ui.copyThen = () => ui.root.querySelector('[data-focus="copy"]')?.click();
      if (!isBusy(ui, ui.chosen)) askPaste(ui, 0);
      return;
    }
    ui.copyThen = null;
    try {
      await navigator.clipboard.writeText(ui.paste);
      said.replaceChildren(icon("check"), "Copied");
    } catch {
      // Where the browser does not let a page copy, the person can.
      fold.open = true;
      text.focus();
      const range = document.createRange();
      range.selectNodeContents(text);
      const selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      said.replaceChildren("Selected: press Ctrl+C, or ⌘C on a Mac");
    }
  };
  const fold = foldOut(ui, "plan", make("summary", { data: { focus: "plan" } }, "See the text"), text);
  return [
    make("h4", {}, "Ready to paste in chat"),
    make("p", { class: "wb-mute" }, "Customers stand in it only as far as they agreed."),
    make("div", { class: "rf-copy" }, button("Copy", copy, { data: { focus: "copy" } }), said),
    fold,
  ];
}
