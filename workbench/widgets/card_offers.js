// What notes and quarter offer for a card, for the PM to take or leave: words for what is open, metrics, who may say the opposite.

const N_MAYBE = 3; // of notes that may say the opposite so many are shown at first
const SHORT = { baseline: "Now", size: "By how much", deadline: "Until" };

function askOffers(ui) {
  if (!ui.chosen) return;
  later(ui, "offer", 120, () => send(ui, { kind: "offer", key: ui.chosen, seq: ++ui.seq }));
}

function hearOffers(ui, { key, against, proposals }) {
  const before = JSON.stringify(ui.offers[key]);
  ui.offers[key] = { against, proposals };
  for (const found of against) ui.notes[found.note] ??= found;
  if (key === ui.chosen && JSON.stringify(ui.offers[key]) !== before) drawOffers(ui);
}

// Nothing else is drawn anew: a note that is being dragged, or a key's next target, stays where it is.
function drawOffers(ui) {
  if (ui.pressed) return void (ui.stale ||= "offers");
  ui.stale = false;
  keepFocus(ui, () => {
    ui.shown.forEach((show) => show());
    ui.side.querySelector(".hc-judge")?.replaceChildren(...[maybeAgainst(ui)].flat().filter(Boolean));
  });
}

// ---------------------------------------------------------------------------------------------- words for what is open

// The first with its source, the others behind a word. Nothing is written before somebody takes it.
function offers(ui, field) {
  const node = make("div", { class: "hc-offers" });
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    const value = valueOf(ui, ui.chosen, field);
    const isOpen = (Array.isArray(value) ? value.length < LINES[field].offered : !value) || card.findings.some(({ rule }) => rule === `${field}-vanity`);
    const clash = ui.clashes[ui.chosen]?.[field];
    const stands = ({ words }) => Array.isArray(value) && value.some((row) => flat(Object.values(row)[0]) === flat(words));
    const offered = (ui.offers[ui.chosen]?.proposals ?? []).filter((one) => one.field === field && !stands(one));
    const found = isOpen && !clash && !isLocked(ui, field) ? offered : [];
    const state = JSON.stringify([found, ui.chosen]);
    if (node.dataset.state === state) return;
    node.dataset.state = state;
    const [first, ...rest] = found.map((proposal, i) => offerRow(ui, field, proposal, i));
    const more = rest.length
      ? foldOut(
          ui,
          `offers-${field}`,
          make("summary", { data: { focus: `more ${field}` } }, field === "logging" ? `${rest.length} more` : `${rest.length} more from the notes`),
          make("ul", { role: "list" }, rest),
        )
      : null;
    node.replaceChildren(...(first ? [make("ul", { role: "list" }, first), more].filter(Boolean) : []));
  });
  return node;
}

function offerRow(ui, field, proposal, i) {
  const words = proposal.asks ? "Answer it" : "Take it over";
  return make(
    "li",
    { class: field in SHORT ? "hc-offer hc-offer-short" : "hc-offer" },
    make("span", { class: "hc-offer-words", dir: "auto" }, field in SHORT ? `${SHORT[field]}: ${proposal.words}` : proposal.words),
    make(
      "span",
      { class: "hc-offer-why", dir: "auto" },
      proposal.why,
      proposal.where ? make("span", { class: "hc-where" }, ` ${proposal.where.replace(/^interviews\//, "")}`) : null,
    ),
    button(words, () => takeOver(ui, field, proposal), {
      look: "wb-quiet",
      data: { focus: `offer ${field} ${i}` },
      "aria-label": field in SHORT ? `${words}: ${SHORT[field]} ${proposal.words}` : `${words}: ${proposal.words}`,
    }),
  );
}

function takeOver(ui, field, { words, asks, fields }) {
  // A question is no answer, and would count as one.
  if (asks) return focusField(ui, field);
  if (field in LINES) {
    const names = Object.keys(LINES[field].cells);
    const row = Object.fromEntries(names.map((name, i) => [name, i ? "" : words]));
    act(ui, "Words taken over", field, (now) => [...now, row], (now) => now.filter((one) => one[names[0]] !== words));
    ui.middle.querySelector(`[data-part="${field}"] .hc-rails li:last-child [data-rail="${names.at(-1)}"]`)?.focus();
    return;
  }
  // Of a size its unit comes along, and goes with it.
  const key = ui.chosen;
  const changes = Object.entries(fields).map(([name, value]) => {
    const was = valueOf(ui, key, name);
    edit(ui, key, name, value, 0);
    return [name, (now) => (now === value ? was : now)];
  });
  ui.undo.push({ key, words: "Words taken over", changes });
  ui.say("Words taken over");
  refresh(ui);
  focusField(ui, field);
  selectGap(ui, field);
}

// What stands in square brackets is the PM's to say, so it is what is typed over next.
function selectGap(ui, field) {
  const node = ui.middle.querySelector(`[data-field="${field}"]`);
  const gap = node?.value.match(/\[[^\]]*\]/);
  if (gap) node.setSelectionRange(gap.index, gap.index + gap[0].length);
}

// ---------------------------------------------------------------------------------------------- metrics to choose from

function metricChooser(ui) {
  const n = ui.metrics.reduce((sum, { metrics }) => sum + metrics.length, 0);
  const pick = (metric) => {
    const was = valueOf(ui, ui.chosen, "metric");
    ui.open.delete("metrics");
    fold.open = false;
    const family = valueOf(ui, ui.chosen, "family");
    edit(ui, ui.chosen, "metric", metric.words, 0);
    // The family that was chosen was chosen of another metric.
    edit(ui, ui.chosen, "family", "", 0);
    const changes = [["metric", (now) => (now === metric.words ? was : now)], ["family", (now) => now || family]];
    ui.undo.push({ key: ui.chosen, words: `Metric “${metric.name}” chosen`, changes });
    ui.say(ui.undo.at(-1).words);
    refresh(ui);
    focusField(ui, "metric");
    selectGap(ui, "metric");
  };
  const rows = ui.metrics.map(({ family, metrics }) =>
    make(
      "div",
      { role: "group", "aria-label": family, class: "hc-family" },
      make("p", { class: "hc-family-name" }, family),
      metrics.map((metric) =>
        make(
          "button",
          {
            type: "button",
            class: "hc-metric",
            tabIndex: -1,
            onclick: () => pick(metric),
            onkeydown: (event) => walk(event, [...fold.querySelectorAll(".hc-metric")], (next) => next.focus()),
          },
          make("b", {}, metric.name),
          make("span", {}, metric.counted),
          make("span", { class: "wb-mute" }, metric.when),
        ),
      ),
    ),
  );
  const fold = foldOut(
    ui,
    "metrics",
    make("summary", { data: { focus: "metrics" } }, `Choose one of ${n} metrics`),
    make("div", { class: "hc-families" }, rows),
  );
  const first = fold.querySelector(".hc-metric");
  if (first) first.tabIndex = 0;
  ui.shown.push(() => {
    fold.hidden = isLocked(ui, "metric") || CLOSED.includes(valueOf(ui, ui.chosen, "status"));
  });
  return make("div", { class: "hc-about-metric" }, familyField(ui), fold);
}

// What is read from words may be wrong, so that the PM can say otherwise; what was chosen is kept.
function familyField(ui) {
  const id = nameOf(ui, "family", "field");
  const said = make("p", { class: "hc-keys", id: nameOf(ui, "family", "notes") });
  const unchosen = make("option", { value: "" });
  const node = make(
    "select",
    {
      id,
      class: "wb-input",
      data: { field: "family" },
      "aria-describedby": nameOf(ui, "family", "notes"),
      onchange: () => edit(ui, ui.chosen, "family", node.value, 0),
    },
    unchosen,
    ui.metrics.map(({ family }) => make("option", { value: family.toLowerCase() }, family)),
  );
  const own = make("span", { class: "hc-family-own" }, make("label", { htmlFor: id }, "Family"), node);
  ui.shown.push(() => {
    const { metric, closed } = cardOf(ui, ui.chosen);
    unchosen.textContent = metric.read ? `As it reads: ${metric.read}` : "Not chosen";
    node.value = valueOf(ui, ui.chosen, "family");
    said.textContent = metric.said;
    own.hidden = closed || !valueOf(ui, ui.chosen, "metric");
  });
  return make("div", { class: "hc-family-line" }, said, own);
}

// ---------------------------------------------------------------------------------------------- who may say the opposite

// Ranked by the kernel; each is confirmed or not by one key, and what is not is remembered, so that it is asked once.
function maybeAgainst(ui) {
  const card = cardOf(ui, ui.chosen);
  const judged = ["against", "not_against"].flatMap((name) => valueOf(ui, ui.chosen, name));
  // What has joined the theme is offered above, and is asked about once it is answered.
  const elsewhere = newNotes(ui);
  const found = (ui.offers[ui.chosen]?.against ?? []).filter(({ note }) => !judged.includes(note) && !elsewhere.includes(note));
  const all = ui.open.has("maybe") || found.length <= N_MAYBE + 1;
  const shown = all ? found : found.slice(0, N_MAYBE);
  if (CLOSED.includes(card.status)) return null;
  const head = { tabIndex: -1, data: { focus: "judged" } };
  return [
    found.length
      ? make(
          "div",
          { class: "hc-maybe" },
          make("h5", head, "May say the opposite: does it?"),
          make("p", { class: "hc-keys" }, "Likeliest first. ", key("Enter"), " yes, ", key("Del"), " no."),
          make("ul", { role: "list" }, shown.map((one, i) => maybeRow(ui, one, i))),
          all
            ? null
            : button(
                `Show all ${found.length}`,
                () => {
                  ui.open.add("maybe");
                  refresh(ui);
                  focusMaybe(ui, N_MAYBE);
                },
                { look: "wb-quiet", data: { focus: "all maybe" } },
              ),
        )
      : judged.length && ui.offers[ui.chosen]
        ? make("p", { class: "hc-none", ...head }, "No other note that may say the opposite.")
        : null,
    rejected(ui),
  ];
}

function maybeRow(ui, found, i) {
  const confirm = () => judge(ui, found, i, true);
  const reject = () => judge(ui, found, i, false);
  const node = make(
    "li",
    {
      class: "hc-maybe-row",
      tabIndex: i ? -1 : 0,
      data: { maybe: found.note, focus: `maybe ${found.note}` },
      "aria-keyshortcuts": "Enter Delete",
      onkeydown: (event) => {
        if (event.target !== node) return;
        if (event.key === "Enter") (event.preventDefault(), confirm());
        else if (event.key === "Delete" || event.key === "Backspace") (event.preventDefault(), reject());
        else walk(event, [...ui.side.querySelectorAll(".hc-maybe .hc-maybe-row")], (next) => next.focus());
      },
    },
    noteText(ui.notes[found.note] ?? found),
    make("span", { class: "hc-signs", dir: "auto" }, found.why, found.inside ? " It counts for it now." : ""),
    make(
      "span",
      { class: "hc-maybe-acts" },
      button([icon("cross"), "Against"], confirm, { tabIndex: -1 }),
      button("No", reject, { tabIndex: -1, "aria-label": "No, it does not say the opposite" }),
    ),
  );
  return node;
}

function judge(ui, { note }, i, isAgainst) {
  const before = valueOf(ui, ui.chosen, "evidence");
  const place = before.indexOf(note);
  const to = isAgainst ? "against" : "not_against";
  const words = isAgainst ? "Note added to Against" : "Note is not against it";
  const key = ui.chosen;
  edit(ui, key, to, withAt(note, valueOf(ui, key, to).length)(valueOf(ui, key, to)), 0);
  const changes = [[to, without(note)]];
  if (isAgainst && place >= 0) {
    edit(ui, key, "evidence", without(note)(before), 0);
    changes.push(["evidence", withAt(note, place)]);
  }
  ui.undo.push({ key, words, changes });
  ui.say(words);
  refresh(ui);
  focusMaybe(ui, i);
}

function focusMaybe(ui, i) {
  // Not at a note above, where the key that said no would take it out.
  const rows = [...ui.side.querySelectorAll(".hc-maybe .hc-maybe-row")];
  (rows[Math.min(i, rows.length - 1)] ?? ui.side.querySelector('[data-focus="judged"]') ?? ui.results.opener).focus();
}

function rejected(ui) {
  const ids = valueOf(ui, ui.chosen, "not_against");
  if (!ids.length) return null;
  const again = (id) => {
    const place = valueOf(ui, ui.chosen, "not_against").indexOf(id);
    act(ui, "Note asked about again", "not_against", without(id), withAt(id, place));
  };
  return foldOut(
    ui,
    "rejected",
    make("summary", { data: { focus: "rejected" } }, `Looked at, not against it (${ids.length})`),
    make(
      "ul",
      { role: "list" },
      ids.map((id) =>
        make(
          "li",
          { class: "hc-maybe-row" },
          noteText(ui.notes[id] ?? { note: id, gone: true, text: "Not found: reworded or removed", customer: id }),
          make("span", { class: "hc-maybe-acts" }, button("Ask again", () => again(id), { look: "wb-quiet", data: { focus: `again ${id}` } })),
        ),
      ),
    ),
  );
}
