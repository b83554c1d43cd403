// From a hypothesis to its result: how many customers a test takes, its start and its end, what was learned, how sure one was.

const ENDS = ["result", "believed", "observed", "learned", "therefore"];
const CLOSED = ["supported", "refuted", "dropped"];

// ---------------------------------------------------------------------------------------------- the head of the card

// One name, quietly: most of the time it stands there already.
function ownerLine(ui) {
  const made = make("span", { class: "hc-made" });
  const state = make("span", { class: "hc-state-now" });
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    const [words, sign] = SETTLED[valueOf(ui, ui.chosen, "status")] ?? [];
    state.replaceChildren(...(words ? [icon(sign), words] : []));
    const days = [
      [valueOf(ui, ui.chosen, "made"), "written down"],
      [valueOf(ui, ui.chosen, "started"), "started"],
      [valueOf(ui, ui.chosen, "closed"), "closed"],
    ];
    made.textContent = days
      .filter(([day]) => day)
      .map(([day, words]) => `${words} ${day}`)
      .join(" · ");
  });
  return make("div", { class: "hc-owner" }, textField(ui, "owner", "Owner", { spellcheck: false, autocomplete: "off" }), state, made);
}

// ---------------------------------------------------------------------------------------------- how many customers it takes

function sizeFields(ui) {
  const traffic = textField(ui, "traffic", "Traffic into the test", { spellcheck: false });
  const whole = textField(ui, "customers", "Or how many there are", { spellcheck: false });
  const spread = textField(ui, "sd", "Standard deviation", { spellcheck: false });
  const odd = make("div", { class: "hc-notices" });
  const said = make("div", { class: "hc-size-said" });
  ui.shown.push(() => {
    const { size } = cardOf(ui, ui.chosen);
    const { closed } = cardOf(ui, ui.chosen);
    traffic.hidden = whole.hidden = closed;
    spread.hidden = closed || (!size.asks_sd && !valueOf(ui, ui.chosen, "sd"));
    for (const [name, field] of [["traffic", traffic], ["customers", whole], ["sd", spread]])
      field.querySelector("textarea").setAttribute("aria-invalid", String(name in size.odd));
    const state = JSON.stringify([size, ui.chosen]);
    if (said.dataset.state === state) return;
    said.dataset.state = state;
    odd.replaceChildren(
      ...Object.values(size.odd).map((words) => make("p", { class: "hc-finding" }, icon("warn"), make("span", {}, words))),
      ...size.missing.map((words) => make("p", { class: "hc-finding hc-hint" }, icon("info"), make("span", {}, words))),
    );
    const [first, ...rest] = size.advice;
    said.replaceChildren(
      ...(first
        ? [
            message("warn", "warn", [
              make("b", {}, first),
              rest.length ? make("p", { class: "hc-instead" }, "What you can do:") : null,
              rest.length ? make("ul", { class: "hc-advice" }, rest.map((words) => make("li", {}, words))) : null,
            ]),
          ]
        : []),
      make("p", { class: "hc-method" }, [size.needed, size.visible, size.method].filter(Boolean).join(" ")),
    );
  });
  return make("div", { class: "hc-size" }, make("div", { class: "hc-size-fields" }, traffic, whole, spread), odd, said);
}

// To the same scale for both readings; the words beside it say the same.
function sizeBar(reading) {
  const bar = make("i", {});
  bar.style.width = `${Math.max(1, 100 * reading.share)}%`;
  return make("span", { class: `hc-size-bar ${reading.enough === false ? "hc-short" : ""}`, "aria-hidden": "true" }, bar);
}

// ---------------------------------------------------------------------------------------------- how sure one is

// The log grows by one line a day; what is typed on the same day again takes the place of that day's last line.
function confidenceLine(ui) {
  const id = nameOf(ui, "confidence", "field");
  const day = () => ui.today || today();
  const said = make("span", { class: "hc-sure-said", id: nameOf(ui, "confidence", "notes") });
  const node = make("input", {
    type: "number",
    id,
    min: 0,
    max: 100,
    step: 5,
    class: "wb-input",
    inputMode: "numeric",
    "aria-describedby": nameOf(ui, "confidence", "notes"),
    data: { field: "confidence" },
    oninput: () => {
      node.dataset.typed = "yes";
      const log = valueOf(ui, ui.chosen, "confidence");
      const last = log.findLastIndex((line) => line.startsWith(`${day()}:`));
      const kept = log.filter((_, i) => i !== last);
      const odd = !node.validity.valid && !node.validity.stepMismatch;
      node.setAttribute("aria-invalid", String(odd));
      if (odd) return void (said.textContent = "Write a number from 0 to 100.");
      edit(ui, ui.chosen, "confidence", node.value === "" ? kept : [...kept, `${day()}: ${Number(node.value)} %`]);
    },
    onblur: () => {
      delete node.dataset.typed;
      flush(ui, ui.chosen);
    },
    // A page that is scrolled under the pointer must not change what somebody believes.
    onwheel: () => node.blur(),
    onkeydown: (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      nextField(ui, node);
    },
  });
  const own = make("span", { class: "hc-sure-own" }, make("label", { htmlFor: id }, "How sure are you?"), node, make("span", {}, "%"));
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    const [last, percent] = (valueOf(ui, ui.chosen, "confidence").at(-1) ?? "").split(": ");
    const value = last === day() ? parseFloat(percent) : "";
    if (!isTypedIn(node) && node.value !== String(value)) node.value = value;
    if (!isTypedIn(node)) node.setAttribute("aria-invalid", "false");
    if (node.getAttribute("aria-invalid") !== "true") said.textContent = card.confidence.said;
    own.hidden = CLOSED.includes(valueOf(ui, ui.chosen, "status"));
  });
  return make("div", { class: "hc-sure" }, own, said);
}

// ---------------------------------------------------------------------------------------------- what was learned

// The card that a test closes with. Of one that is dropped only the reason is asked.
function learningCard(ui) {
  const heading = make("h4", { class: "hc-learning-head" });
  const rows = Object.fromEntries(ENDS.map((field) => [field, row(ui, field, textField(ui, field, MEANINGS[field][0]))]));
  const missing = make("p", { class: "hc-finding hc-hint", id: nameOf(ui, "learning", "missing") });
  const ends = make(
    "div",
    { class: "hc-acts" },
    endButton(ui, "supported", "check", "Supported"),
    endButton(ui, "refuted", "cross", "Refuted"),
    button("Not yet", () => foldLearning(ui), { look: "wb-quiet", data: { focus: "not-yet" } }),
  );
  const foot = make("div", { class: "hc-ends" }, missing, ends);
  const node = make("section", { class: "hc-learning", "aria-label": "Learning card" }, heading, ENDS.map((field) => rows[field]), foot);
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    const status = valueOf(ui, ui.chosen, "status");
    const filled = ENDS.filter((field) => valueOf(ui, ui.chosen, field));
    const dropped = status === "dropped";
    node.hidden = !filled.length && !CLOSED.includes(status) && !isClosing(ui);
    heading.textContent = dropped ? "Why it was dropped" : "Learning card";
    for (const field of ENDS) rows[field].hidden = dropped && field !== "learned" && !filled.includes(field);
    foot.hidden = status !== "running";
    missing.replaceChildren(...(card.close ? [icon("info"), make("span", {}, card.close)] : []));
    missing.hidden = !card.close;
    // Neither stands out: which one it is, nobody should be led to.
    ends.querySelectorAll("[data-end]").forEach((end) => end.setAttribute("aria-disabled", String(Boolean(card.close))));
    ends.lastElementChild.hidden = filled.length > 0;
  });
  return node;
}

function isClosing(ui) {
  return ui.open.has(`learning ${ui.chosen}`);
}

function foldLearning(ui) {
  ui.open.delete(`learning ${ui.chosen}`);
  refresh(ui);
}

function endButton(ui, status, sign, words) {
  return button([icon(sign), words], () => endWith(ui, status, words), {
    data: { end: status, focus: `end ${status}` },
    "aria-describedby": nameOf(ui, "learning", "missing"),
  });
}

function endWith(ui, status, words) {
  const { close } = cardOf(ui, ui.chosen);
  if (close) return ui.say(close);
  step(ui, words, { status, closed: ui.today || today() });
}

// ---------------------------------------------------------------------------------------------- from draft to result

// A step on the way: its status with its days, taken back as one.
function step(ui, words, fields) {
  const key = ui.chosen;
  const changes = Object.entries(fields).map(([name, value]) => {
    const was = valueOf(ui, key, name);
    edit(ui, key, name, value, 0);
    return [name, () => was];
  });
  ui.undo.push({ key, words, changes });
  ui.say(words);
  const pressed = document.activeElement;
  refresh(ui);
  // The next step is nearer than the number above it, which a stray key would change.
  if (pressed.closest?.(".hc-acts") && !pressed.checkVisibility())
    [...ui.middle.querySelectorAll(".hc-foot .hc-acts button")].find((one) => one.checkVisibility())?.focus();
}

function stepButtons(ui) {
  const status = () => valueOf(ui, ui.chosen, "status");
  const day = () => ui.today || today();
  const why = make("p", { class: "hc-why", id: nameOf(ui, "start", "notes") });
  const start = button([icon("lock"), "Start the test"], () => startTest(ui), {
    data: { focus: "start" },
    "aria-describedby": nameOf(ui, "start", "notes"),
  });
  const ready = make("button", { type: "button", class: "wb-button", data: { focus: "ready" }, onclick: () => setReady(ui) });
  const close = button("Close the test", () => closeTest(ui), { look: "wb-main", data: { focus: "close" } });
  const unstart = button("Set back to ready", () => step(ui, "Set back to ready", { status: "ready", started: "" }), {
    look: "wb-quiet",
    data: { focus: "unstart" },
  });
  const drop = make("button", { type: "button", class: "wb-button wb-quiet", data: { focus: "drop" }, onclick: () => setDropped(ui) });
  const reopen = button("Open it again", () => step(ui, "Opened again", { status: "running", closed: "" }), {
    data: { focus: "reopen" },
  });
  const back = make("button", { type: "button", class: "wb-button wb-quiet", onclick: () => takeBack(ui) });
  ui.shown.push(() => {
    const card = cardOf(ui, ui.chosen);
    const before = ["draft", "ready"].includes(status());
    start.hidden = ready.hidden = !before;
    start.setAttribute("aria-disabled", String(Boolean(card.start.said)));
    start.classList.toggle("wb-main", !card.start.said && status() === "ready");
    ready.replaceChildren(...(status() === "ready" ? [icon("check"), "Ready to test"] : ["Mark as ready to test"]));
    ready.className = `wb-button ${card.parts.n === card.parts.of && status() === "draft" ? "wb-main" : ""}`;
    ready.setAttribute("aria-disabled", String(card.parts.n !== card.parts.of));
    ready.setAttribute("aria-pressed", String(status() === "ready"));
    close.hidden = status() !== "running" || !ui.middle.querySelector(".hc-learning")?.hidden;
    unstart.hidden = status() !== "running";
    reopen.hidden = !["supported", "refuted"].includes(status());
    drop.textContent = status() === "dropped" ? "Take it up again" : "Drop this hypothesis";
    drop.hidden = ["supported", "refuted"].includes(status());
    showWhy(ui, why, before);
    const last = ui.undo.at(-1);
    back.replaceChildren(icon("undo"), last ? `Undo: ${last.words}` : "");
    back.hidden = !last;
  });
  return [make("div", { class: "hc-acts" }, start, ready, close, reopen, unstart, drop, back), why];

  function startTest() {
    const card = cardOf(ui, ui.chosen);
    if (card.start.said) return ui.say(card.start.said);
    step(ui, "The test has started", { status: "running", started: day() });
  }
}

// Before the start what is open, each thing one click from its field; after it what had to stand, and that its day has come.
function showWhy(ui, node, before) {
  const card = cardOf(ui, ui.chosen);
  const begun = card.findings.filter(({ rule }) => rule === "running-open").map(({ what, todo }) => `${what} ${todo}`);
  const said = before ? card.start.said || "Starting locks what is to be shown, and how it is judged." : [...begun, card.due].join(" ").trim();
  if (node.dataset.said === said) return;
  node.dataset.said = said;
  const open = before ? card.start.open : [];
  const focusOpen = (field) => (field === "evidence" ? ui.results.opener.focus() : focusField(ui, field));
  const go = ({ field, words }) => button(words, () => focusOpen(field), { look: "wb-quiet", data: { focus: `open ${field}` } });
  node.replaceChildren(
    open.length ? said.slice(0, said.indexOf(open[0].words)) : said,
    ...open.flatMap((one, i) => [i ? ", " : "", go(one)]),
    open.length ? "." : "",
  );
}

function closeTest(ui) {
  ui.open.add(`learning ${ui.chosen}`);
  refresh(ui);
  const open = ENDS.find((field) => !valueOf(ui, ui.chosen, field)) ?? "result";
  focusField(ui, open);
}

function setReady(ui) {
  const card = cardOf(ui, ui.chosen);
  if (card.parts.n !== card.parts.of) return ui.say("Something is still to be settled");
  const was = valueOf(ui, ui.chosen, "status");
  step(ui, was === "ready" ? "Back to a draft" : "Marked as ready to test", { status: was === "ready" ? "draft" : "ready" });
}

// Never deleted: what was thought of and given up, and why, is worth knowing next quarter.
function setDropped(ui) {
  if (valueOf(ui, ui.chosen, "status") === "dropped") {
    const status = valueOf(ui, ui.chosen, "started") ? "running" : "draft";
    return step(ui, "Taken up again", { status, closed: "" });
  }
  step(ui, "Hypothesis dropped", { status: "dropped", closed: ui.today || today() });
  if (!valueOf(ui, ui.chosen, "learned")) focusField(ui, "learned");
}
