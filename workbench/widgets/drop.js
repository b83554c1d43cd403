// Files dropped, chosen or pasted: their bytes go to the kernel in pieces, and what they are is shown before anything is written.

const PIECE = 192 * 1024; // bytes
const DROP_PATIENCE = 20_000; // ms; a long plan is told on the way
const AGAIN = { skip: "leave it", new: "bring it in as well", replace: "put it in place of that one" };
const CONSENT_MEANS = { "": "counted, never shown", none: "not used at all", aggregate: "counted, never shown", quote: "shown without a name", named: "shown with the name" };

// `post` sends a message to the kernel, `done` hears which calls are in and says how to go on, `reveal` shows the area.
function makeDrop(root, me, { post, done, cry, reveal = () => {} }) {
  let files = []; // {name, file}
  let calls = [];
  let going = null; // what is on its way: {wanted, at, offset}
  let known = { customers: [], consents: [] };
  let timer = 0;

  const choose = make("input", { type: "file", multiple: true, class: "wb-hidden", tabIndex: -1, "aria-hidden": "true", onchange: () => (take([...choose.files].map((file) => ({ name: file.name, file }))), (choose.value = "")) });
  const pasted = make("textarea", { class: "wb-input", rows: 4, "aria-label": "The text of a transcript or of notes" });
  const paste = make("div", { class: "dr-paste", hidden: true }, pasted, button("Look at it", () => {
    if (!pasted.value.trim()) return;
    take([{ name: "pasted.txt", file: new Blob([pasted.value]) }]);
    pasted.value = "";
    paste.hidden = true;
  }, { look: "wb-main" }));
  const state = make("p", { class: "dr-state", role: "status" });
  const rows = make("ol", { class: "dr-rows", role: "list", "aria-label": "What was dropped" });
  const bring = button("", () => {
    ask({ do: "bring" });
    say("Bringing in …");
  }, { look: "wb-main" });
  const leave = button("Leave it", () => {
    ask({ do: "leave" });
    calls = [];
    going = null;
    say("");
    paint();
  }, { look: "wb-quiet" });
  const acts = make("div", { class: "wb-acts", hidden: true }, bring, leave);
  const node = make("section", { class: "dr-area", "aria-label": "Bring in what was recorded or written elsewhere" },
    make("p", {}, icon("tray"), " Drop transcripts, notes or tables here, or ",
      button("choose files", () => choose.click(), {}), " or ",
      button("paste text", () => {
        paste.hidden = !paste.hidden;
        if (!paste.hidden) pasted.focus();
      }, {})),
    choose, paste, state, rows, acts);

  // Files may fall anywhere on the widget, text only here: elsewhere it is moved from field to field.
  const isOurs = (event) => event.dataTransfer?.types.includes("Files") || node.contains(event.target);
  for (const type of ["dragenter", "dragover"]) {
    root.addEventListener(type, (event) => {
      if (!isOurs(event)) return;
      event.preventDefault();
      event.stopPropagation();
      reveal();
      node.classList.add("dr-over");
    });
  }
  root.addEventListener("dragleave", (event) => !root.contains(event.relatedTarget) && node.classList.remove("dr-over"));
  root.addEventListener("drop", async (event) => {
    if (!isOurs(event)) return;
    event.preventDefault();
    event.stopPropagation();
    node.classList.remove("dr-over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const text = event.dataTransfer.getData("text/plain");
    const plain = [...event.dataTransfer.files].map((file) => ({ name: file.name, file }));
    const found = entries.length ? (await Promise.all(entries.map(filesIn))).flat() : plain;
    if (found.length) take(found);
    else if (text) take([{ name: "dropped.txt", file: new Blob([text]) }]);
  });

  function ask(message) {
    clearTimeout(timer);
    timer = setTimeout(() => say("The kernel does not answer. Nothing was brought in; restart it, run the cell again and drop the files once more.", true), DROP_PATIENCE);
    post({ drop: { ...message, view: me } });
  }

  function say(words, bad = false) {
    state.textContent = words;
    state.classList.toggle("dr-bad", bad);
  }

  function take(chosen) {
    if (!chosen.length) return;
    files = chosen;
    calls = [];
    paint();
    say(`${count(files.length, "file")}: on the way`);
    ask({ do: "begin", files: files.map(({ name, file }) => ({ name, size: file.size })) });
  }

  // One piece after the other, each once the one before has arrived.
  async function next() {
    const { wanted } = going;
    if (going.at >= wanted.length) {
      say("Looking at what is in them");
      return ask({ do: "look" });
    }
    const { file } = files[wanted[going.at]];
    try {
      const bytes = new Uint8Array(await file.slice(going.offset, going.offset + PIECE).arrayBuffer());
      ask({ do: "piece", file: wanted[going.at], at: going.offset, data: encode(bytes) });
    } catch {
      say(`${files[wanted[going.at]].name} cannot be read; it may have been moved. Drop the files again.`, true);
    }
  }

  function hear(message) {
    if (message.view !== me) return;
    clearTimeout(timer);
    if (message.refused) return say(message.refused, true);
    if (message.did === "begin") {
      going = { wanted: message.wanted, at: 0, offset: 0, size: message.wanted.reduce((sum, n) => sum + files[n].file.size, 0), sent: 0 };
      next();
    } else if (message.did === "piece" && going) {
      const { size } = files[message.file].file;
      going.sent += message.got - going.offset;
      going.offset = message.got;
      if (message.got >= size) Object.assign(going, { at: going.at + 1, offset: 0 });
      say(`${Math.min(going.at + 1, going.wanted.length)} of ${count(going.wanted.length, "file")}, ${going.size ? Math.round((100 * going.sent) / going.size) : 100} %`);
      next();
    } else if (message.did === "progress") say(`${message.n} of ${count(message.of, "file")} looked at`);
    else if (message.did === "look") {
      going = null;
      files = [];
      calls = message.calls;
      known = message;
      say("");
      paint();
      (rows.querySelector("details[open] :is(input, select, button)") ?? bring).focus();
      cry(`${count(calls.length, "call")} found. ${bring.textContent}`);
    } else if (message.did === "say") {
      calls[message.call] = message.now;
      repaint(message.call);
    } else if (message.did === "bring") {
      calls = [];
      paint();
      const parts = [`${count(message.files.length, "call")} in`];
      if (message.replaced.length) parts.push(`${message.replaced.length} replaced`);
      if (message.skipped.length) parts.push(`${message.skipped.length} in already`);
      if (message.failed.length) parts.push(`not in: ${message.failed.join("; ")}`);
      say(`${parts.join(", ")}. ${done(message) ?? ""}`, message.failed.length > 0);
      cry(state.textContent);
    }
  }

  function paint() {
    rows.replaceChildren(...calls.map((call, n) => row(call, n)));
    paintActs();
  }

  function paintActs() {
    const n = calls.filter((call) => call.comes_in).length;
    const open = calls.filter((call) => call.asks.length).length;
    acts.hidden = !calls.length;
    bring.textContent = open ? `${count(open, "call")} to say more of` : n ? `Bring in ${count(n, "call")}` : "Nothing to bring in";
    bring.disabled = Boolean(open) || !n;
  }

  // What was said of one call is drawn anew, and who works in it stays there.
  function repaint(n) {
    const old = rows.children[n];
    const field = old?.contains(document.activeElement) ? document.activeElement.dataset.field : null;
    const node_ = row(calls[n], n, old.querySelector("details")?.open);
    old.replaceWith(node_);
    if (field) node_.querySelector(`[data-field="${CSS.escape(field)}"]`)?.focus();
    paintActs();
  }

  function row(call, n, open = null) {
    const bad = call.what === "unreadable";
    const head = [make("b", { dir: "auto" }, call.name), make("span", { class: "wb-mute" }, ` ${call.says}`)];
    const wrong = call.problems.length ? make("ul", { class: bad ? "dr-problems dr-bad" : "dr-problems" }, call.problems.slice(0, 5).map((one) => make("li", { dir: "auto" }, one)), call.problems.length > 5 ? make("li", {}, `and ${call.problems.length - 5} more`) : null) : null;
    if (bad || call.what === "other") return make("li", { class: "dr-row" }, make("p", {}, icon(bad ? "cross" : "info"), " ", head), wrong);
    const ours = call.speakers.filter((one) => one.side === "us").map((one) => one.name);
    const known_ = [call.day.value, call.customer.value, call.who.value, ours.length && `one of you: ${ours.join(", ")}`, ...call.columns.map((one) => `${one.role}: ${one.names.join(" + ")}`)].filter(Boolean).join(" · ")
      + (call.guessed.length ? ` · guessed, open it to see why: ${call.guessed.join(", ")}` : "");
    const settled = call.twin && call.again === "skip" ? `in already as ${call.twin.name} (${call.twin.why})` : call.asks.length ? count(call.asks.length, "question") : known_;
    const details = make("details", { open: open ?? call.asks.length > 0 }, make("summary", {}, icon(call.asks.length ? "warn" : call.twin && call.again === "skip" ? "info" : "check"), " ", head, make("span", { class: "dr-settled" }, settled)));
    const fill = () => details.children.length < 2 && details.append(form(call, n));
    if (details.open) fill();
    details.addEventListener("toggle", () => details.open && fill());
    return make("li", { class: "dr-row" }, details, wrong);
  }

  function form(call, n) {
    const tell = (said) => ask({ do: "say", call: n, ...said });
    const asked = (name) => call.asks.filter((one) => one.field === name && name !== "speaker" && name !== "column");
    const field = (name, label, control) => make("label", { class: "wb-field" }, make("span", {}, label), control,
      ...asked(name).map((one) => make("span", { class: "dr-ask" }, icon("warn"), " ", one.words)),
      !asked(name).length && call[name].why && !call[name].sure ? make("span", { class: "wb-mute dr-why" }, `guessed: ${call[name].why}`) : null);
    const text = (name, more = {}) => make("input", { class: "wb-input", value: call[name].value, data: { field: name }, "aria-invalid": asked(name).length ? "true" : null, autocomplete: "off", onchange: (event) => tell({ [name]: event.target.value }), ...more });
    const list = `${me}-customers-${n}`;
    const consent = make("select", { class: "wb-input", data: { field: "consent" }, onchange: () => tell({ consent: consent.value }) }, ["", ...known.consents].map((one) => make("option", { value: one }, one || "not stated")));
    consent.value = call.consent.value;
    const again = call.twin && make("select", { class: "wb-input", data: { field: "again" }, onchange: () => again.value && tell({ again: again.value }) }, Object.entries(call.again ? AGAIN : { "": "choose", ...AGAIN }).map(([value, words]) => make("option", { value }, words)));
    if (again) again.value = call.again;
    return make("div", { class: "dr-form" },
      again && make("label", { class: "wb-field" }, make("span", {}, `In already as ${call.twin.name}: ${call.twin.why}`), again,
        ...asked("again").map((one) => make("span", { class: "dr-ask" }, icon("warn"), " ", one.words))),
      call.twin && call.again === "skip" ? null : [
        field("day", "Day", text("day", { type: "date" })),
        field("customer", "Customer", text("customer", { list })),
        make("datalist", { id: list }, known.customers.map((one) => make("option", { value: one }))),
        field("who", "Who", text("who")),
        field("consent", `Consent: ${CONSENT_MEANS[call.consent.value] ?? ""}`, consent),
        call.speakers.length ? make("div", { class: "dr-speakers", role: "group", "aria-label": "Who speaks" }, call.speakers.map((one) => speaker(one, tell))) : null,
        call.columns.length ? make("p", { class: "wb-mute" }, call.columns.map((one) => `${one.role} is ${one.names.join(" + ")} (${one.why})`).join("; ")) : null,
        ...call.asks.filter((one) => one.field === "column").map((one) => column(one, tell)),
        ...call.asks.filter((one) => one.field === "speaker").map((one) => make("p", { class: "dr-ask" }, icon("warn"), " ", one.words)),
      ]);
  }

  function speaker({ name, words, side, why }, tell) {
    const flip = (to) => () => tell({ speakers: { [name]: to } });
    const choice = (to, label) => make("button", { type: "button", class: "wb-button", "aria-pressed": String(side === to), data: { field: `${name}-${to}` }, onclick: flip(to) }, label);
    return make("div", { class: side ? "dr-speaker" : "dr-speaker dr-open" }, make("span", {}, make("b", { dir: "auto" }, name || "no name"), make("span", { class: "wb-mute" }, ` ${words.toLocaleString()} words${why ? `, ${why}` : ""}`)), choice("customer", "customer"), choice("us", "one of us"));
  }

  function column({ words, of, choices }, tell) {
    const select = make("select", { class: "wb-input", data: { field: `column-${of}` }, onchange: () => select.value && tell({ columns: { [of]: select.value } }) }, ["", ...choices].map((one) => make("option", { value: one }, one || "choose")));
    return make("label", { class: "wb-field" }, make("span", { class: "dr-ask" }, icon("warn"), " ", words), select);
  }

  paint();
  return { node, hear, take };
}

function count(n, one) {
  return `${n} ${one}${n === 1 ? "" : "s"}`;
}

function encode(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

// The files of what was dropped, folders with all that is in them.
async function filesIn(entry, within = "") {
  if (entry.isFile) {
    const file = await new Promise((found, lost) => entry.file(found, lost));
    return [{ name: `${within}${file.name}`, file }];
  }
  const reader = entry.createReader();
  const entries = [];
  for (;;) {
    const some = await new Promise((found, lost) => reader.readEntries(found, lost));
    if (!some.length) break;
    entries.push(...some);
  }
  return (await Promise.all(entries.filter((one) => !one.name.startsWith(".")).map((one) => filesIn(one, `${within}${entry.name}/`)))).flat();
}
