// Files dropped, chosen or pasted: their bytes go to the kernel in pieces, and what they are is shown before anything is written.

const PIECE = 192 * 1024; // bytes
const DROP_PATIENCE = 20_000; // ms, until the kernel says anything
const WORK_PATIENCE = 300_000; // ms, once it has said that it is at work
const CHOOSING = 400; // ms; whoever goes through a list by its arrow keys is not yet where they want to be
const KEPT_AS = { table: "one table of notes", calls: "a call for each customer and day" };
const AGAIN = {
  skip: ["leave it out", "the other stands for the call"],
  replace: ["replace the transcript there", "the call keeps its day, customer and notes, and quotes get the new words; the old file is kept in .workbench/removed/"],
  new: ["bring it in as a new call", "its words count beside those of the other"],
};
// What a table's columns can be. Of some several may be: each question of a survey has their words.
const ROLES = {
  quote: "the customer’s own words", text: "what one of you wrote down", customer: "whose it is", who: "who said it", role: "their job",
  date: "the day", segment: "the customer’s segment", tags: "what it is about", kind: "pain, wish, …", consent: "what they agreed to", side: "whether one of you wrote the row",
};
const SEVERAL = new Set(["quote", "text", "who", "tags", "kind", "consent"]);
const WORDS_IN = { quote: "text", text: "quote" };
const DAYS = ["day first", "month first"];
const NO_COLUMN = "none";
const LEFT_SHOWN = 12;
const MOST_ODD = 5;
const MOST_NAMED = 2; // columns of one kind in a line, each with so many letters; the rest stands where it opens
const LONG_NAME = 50;
const OPEN_QUESTION = '[aria-invalid="true"], .dr-open button';
const CONSENT_MEANS = { "": "counted, never shown", none: "not used at all", aggregate: "counted, never shown", quote: "shown without a name", named: "shown with the name" };

// `post` sends a message to the kernel, `done` hears which calls are in and says how to go on, `reveal` shows the area.
function makeDrop(root, me, { post, done, cry, reveal = () => {} }) {
  let files = []; // {name, file}
  let calls = [];
  let going = null; // what is on its way: {wanted, at, offset}
  let known = { customers: [], consents: [] };
  let asking = { alike: [], waiting: [] }; // names that look alike, and which calls wait for an answer
  let timer = 0;
  let isWorking = false; // the kernel has said so
  let isAsked = false; // something is brought in or left: a second click means the same

  const choose = make("input", { type: "file", multiple: true, class: "wb-hidden", tabIndex: -1, "aria-hidden": "true", onchange: () => (take([...choose.files].map((file) => ({ name: file.name, file }))), (choose.value = "")) });
  const pasted = make("textarea", { class: "wb-input", rows: 4, "aria-label": "The text of a transcript or of notes" });
  const paste = make("div", { class: "dr-paste", hidden: true }, pasted, button("Look at it", () => {
    if (!pasted.value.trim()) return;
    take([{ name: "pasted.txt", file: new Blob([pasted.value]) }]);
    pasted.value = "";
    paste.hidden = true;
  }, { look: "wb-main" }));
  const state = make("p", { class: "dr-state", role: "status", tabIndex: -1 });
  const rows = make("ol", { class: "dr-rows", role: "list", "aria-label": "What was dropped" });
  const bring = button("", (event) => askOnce(event, { do: "bring" }, "Bringing in …"), { look: "wb-main" });
  const leave = button("Leave all of it", (event) => {
    going = null;
    askOnce(event, { do: "leave" });
  }, { look: "wb-quiet", title: "None of it comes in, and the copies that are kept of it until then are deleted" });
  const still = make("span", { class: "wb-mute dr-still" });
  const acts = make("div", { class: "wb-acts", hidden: true }, bring, leave, still);
  const names = make("div", { class: "dr-names", role: "group", "aria-label": "Names that look alike" });
  const node = make("section", { class: "dr-area", "aria-label": "Bring in what was recorded or written elsewhere" },
    make("p", {}, icon("tray"), " Drop transcripts, notes or tables here, or ",
      button("choose files", () => choose.click(), {}), " or ",
      button("paste text", () => {
        paste.hidden = !paste.hidden;
        if (!paste.hidden) pasted.focus();
      }, {})),
    choose, paste, state, rows, names, acts);

  // Files may fall anywhere on the widget, text only here: elsewhere it is moved from field to field.
  const isOurs = (event) => event.dataTransfer?.types.includes("Files") || node.contains(event.target);
  const lit = (event) => (event.dataTransfer.types.includes("Files") ? root : node);
  const unlight = () => [root, node].forEach((one) => one.classList.remove("dr-over"));
  for (const type of ["dragenter", "dragover"]) {
    root.addEventListener(type, (event) => {
      if (!isOurs(event)) return;
      event.preventDefault();
      event.stopPropagation();
      reveal();
      lit(event).classList.add("dr-over");
    });
  }
  root.addEventListener("dragleave", (event) => !root.contains(event.relatedTarget) && unlight());
  root.addEventListener("drop", async (event) => {
    if (!isOurs(event)) return;
    event.preventDefault();
    event.stopPropagation();
    unlight();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const text = event.dataTransfer.getData("text/plain");
    const plain = [...event.dataTransfer.files].map((file) => ({ name: file.name, file }));
    const found = entries.length ? (await Promise.all(entries.map(filesIn))).flat() : plain;
    if (found.length) take(found);
    else if (text) take([{ name: "dropped.txt", file: new Blob([text]) }]);
  });

  function ask(message) {
    waitFor(isWorking ? WORK_PATIENCE : DROP_PATIENCE);
    post({ drop: { ...message, view: me } });
  }

  // The second click of a double click falls on what has come to stand there.
  function askOnce(event, message, words = "") {
    if (isAsked || event.detail > 1) return;
    isAsked = true;
    ask(message);
    if (words) say(words);
  }

  function waitFor(patience) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isAsked = isWorking = false;
      say("The kernel does not answer. Restart it and run the cell again: what stands here is kept and stands here again; drop once more what was on its way.", true);
    }, patience);
  }

  function say(words, bad = false) {
    state.textContent = words;
    state.classList.toggle("dr-bad", bad);
  }

  function take(chosen) {
    if (!chosen.length) return;
    files = chosen;
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

  // What waits is shown in every view, and kept while none is open.
  function takeOver(message) {
    if (message.customers) known = message;
    if (message.calls) {
      ({ calls, ...asking } = message);
      paint();
    } else if (message.did === "say" && calls[message.call]) {
      const before = asking.waiting;
      calls[message.call] = message.now;
      asking = message;
      calls.forEach((_, n) => (n === message.call || before[n] !== asking.waiting[n]) && repaint(n));
    }
  }

  // Where work goes on; nobody is called away from what they do elsewhere meanwhile.
  function goOn(...places) {
    const at = document.activeElement;
    if (!at || at === document.body || node.contains(at)) places.find(Boolean)?.focus();
  }

  const question = () => rows.querySelector(OPEN_QUESTION) ?? names.querySelector("button");
  const toBring = () => (bring.disabled || acts.hidden ? null : bring);

  function hear(message) {
    if (message.view !== me) return message.refused || message.did === "progress" ? undefined : takeOver(message);
    clearTimeout(timer);
    if (message.did === "progress") {
      isWorking = true;
      waitFor(WORK_PATIENCE);
      return say(message.words);
    }
    const wasWorking = isWorking;
    isWorking = isAsked = false;
    if (message.refused) {
      takeOver(message);
      return say(message.refused, true);
    }
    if (message.did === "hello") {
      takeOver(message);
      if (!calls.length) return;
      reveal();
      say(`${count(calls.length, "file")} dropped before ${calls.length > 1 ? "wait" : "waits"} here, with what you answered. Nothing of ${calls.length > 1 ? "them" : "it"} is in yet.`);
    } else if (message.did === "leave") {
      takeOver(message);
      say(message.name === undefined ? "All of it is left: nothing came in, and the copies here are deleted." : `${message.name} is left: it does not come in, and its copy here is deleted.`);
      cry(state.textContent);
      goOn(rows.children[message.call]?.querySelector("summary, .dr-leave"), toBring(), state);
    } else if (message.did === "begin") {
      going = { wanted: message.wanted, at: 0, offset: 0, size: message.wanted.reduce((sum, n) => sum + files[n].file.size, 0), sent: 0 };
      next();
    } else if (message.did === "piece" && going) {
      const { size } = files[message.file].file;
      going.sent += message.got - going.offset;
      going.offset = message.got;
      if (message.got >= size) Object.assign(going, { at: going.at + 1, offset: 0 });
      say(`${Math.min(going.at + 1, going.wanted.length)} of ${count(going.wanted.length, "file")}, ${going.size ? Math.round((100 * going.sent) / going.size) : 100} %`);
      next();
    } else if (message.did === "look") {
      going = null;
      files = [];
      takeOver(message);
      say("");
      goOn(question(), toBring(), state);
      cry(`${count(calls.length, "file")} looked at. ${bring.textContent}. ${still.textContent}`);
    } else if (message.did === "say") {
      takeOver(message);
      if (wasWorking) say("");
      if (message.calls) goOn(question(), toBring(), state);
    } else if (message.did === "alike") {
      takeOver(message);
      goOn(question(), toBring(), leave);
    } else if (message.did === "bring") {
      takeOver(message);
      const parts = [message.files.length || !message.tables.length ? `${count(message.files.length, "call")} in` : "", message.tables.length ? `${count(message.tables.length, "table")} kept as ${message.tables.join(", ")}` : ""].filter(Boolean);
      if (message.replaced.length) parts.push(`${message.replaced.length} replaced`);
      if (message.skipped.length) parts.push(`${message.skipped.length} in already`);
      parts.push(...message.known);
      if (message.failed.length) parts.push(`not in: ${message.failed.join("; ")}`);
      parts.push(...message.aliases);
      const left = calls.length ? `${count(calls.length, "file")} with a question ${calls.length > 1 ? "are" : "is"} still here. ` : "";
      const odd = message.problems.length ? `To look at: ${message.problems.slice(0, MOST_ODD).join("; ")}${message.problems.length > MOST_ODD ? `; and ${message.problems.length - MOST_ODD} more` : ""}. ` : "";
      say(`${parts.join(", ")}. ${odd}${left}${done(message) ?? ""}`, message.failed.length > 0);
      cry(state.textContent);
      goOn(question(), state);
    }
  }

  function paint() {
    rows.replaceChildren(...calls.map((call, n) => row(call, n)));
    paintActs();
  }

  function paintActs() {
    const ready = calls.filter((_, at) => !asking.waiting[at]);
    const n = ready.reduce((sum, call) => sum + call.makes, 0);
    const replaced = ready.filter((call) => call.comes_in && call.again === "replace").length;
    const kept = ready.filter((call) => call.comes_in && call.kept_as === "table").length;
    const ways = [n && `Bring in ${count(n, "call")}`, kept && `${n ? "keep" : "Keep"} ${count(kept, "table")}`, replaced && `${n || kept ? "replace" : "Replace"} ${count(replaced, "transcript")}`].filter(Boolean);
    const asked = calls.reduce((sum, call, at) => sum + (call.asks.length || (call.what === "unreadable" && asking.waiting[at] ? 1 : 0)), asking.alike.length);
    const waits = calls.length - ready.length;
    acts.hidden = !calls.length;
    bring.textContent = ways.join(", ") || (asked ? `Answer ${count(asked, "question")} first` : "Nothing to bring in");
    bring.disabled = !ways.length;
    still.textContent = asked && ways.length ? `${count(asked, "question")} open: ${count(waits, "file")} ${waits > 1 ? "wait" : "waits"} here for the answer${asked > 1 ? "s" : ""}` : "";
    names.replaceChildren(...asking.alike.map(alike));
  }

  // What was said of one call is drawn anew, and who works in it stays there, or goes on to what is asked next.
  function repaint(n) {
    const old = rows.children[n];
    const field = old?.contains(document.activeElement) ? document.activeElement.dataset.field : null;
    const node_ = row(calls[n], n, old.querySelector("details")?.open, old.querySelector(".dr-columns")?.open);
    old.replaceWith(node_);
    for (const place of field ? [`[data-field="${CSS.escape(field)}"]`, OPEN_QUESTION, ".dr-columns summary", "summary"] : []) {
      const one = node_.querySelector(place);
      one?.focus(); // which what is folded away does not take
      if (one && one === document.activeElement) break;
    }
    paintActs();
  }

  function row(call, n, open = null, openColumns = false) {
    const bad = call.what === "unreadable";
    const head = [make("b", { dir: "auto" }, call.name), make("span", { class: "wb-mute" }, ` ${call.says}`)];
    const wrong = call.problems.length ? make("ul", { class: bad ? "dr-problems dr-bad" : "dr-problems" }, call.problems.slice(0, 5).map((one) => make("li", { dir: "auto" }, one)), call.problems.length > 5 ? make("li", {}, `and ${call.problems.length - 5} more`) : null) : null;
    const out = make("button", { type: "button", class: "wb-button wb-quiet dr-leave", "aria-label": `Leave ${call.name}`, title: "Leave it: it does not come in, and the copy that is kept of it until then is deleted", onclick: (event) => askOnce(event, { do: "leave", call: n, name: call.name }) }, icon("cross"));
    // A table that cannot be read with these columns may be read with others.
    if ((bad && !call.header.length) || call.what === "other") return make("li", { class: "dr-row" }, make("p", {}, icon(bad ? "warn" : "info"), " ", head), out, wrong);
    const [settled, isKnown] = standing(call, n);
    const sign = bad || asking.waiting[n] ? "warn" : isLeftOut(call) ? "info" : "check";
    const details = make("details", { open: open ?? (bad || call.asks.length > 0) }, make("summary", { class: sign === "check" ? "dr-ready" : "" }, icon(sign), " ", head, make("span", { class: isKnown ? "dr-settled dr-known" : "dr-settled" }, settled)));
    const fill = () => details.children.length < 2 && details.append(form(call, n, openColumns || bad));
    if (details.open) fill();
    details.addEventListener("toggle", () => details.open && fill());
    return make("li", { class: "dr-row" }, details, out, wrong);
  }

  const isLeftOut = (call) => call.twin && call.again === "skip";
  const where = ({ twin }) => `${twin.is_in ? "in already as" : "the same call as"} ${called(twin)}`;
  // All of the calls that have a part of it each.
  const called = ({ name, also }) => [name, ...also].join(" and ");

  // What a call stands at, in a line; and whether it says no more than its fields do where they are open.
  function standing(call, n) {
    if (isLeftOut(call)) return [`${where(call)} (${call.twin.why}): left out${call.ways.includes("replace") ? "; open it to replace the transcript there, or to bring it in as a new call" : ""}`, true];
    if (call.asks.length) return [count(call.asks.length, "question"), false];
    if (call.what === "unreadable") return ["say below which column is what", false];
    if (asking.waiting[n]) return ["waits for the answer on its customer, below", false];
    if (call.again === "replace") return [`takes the place of the transcript of ${call.twin.name}; the notes follow`, false];
    const ours = call.speakers.filter((one) => one.side === "us").map((one) => one.name);
    const known_ = [stands(call, "day", "date"), stands(call, "customer"), stands(call, "who"), ours.length && `one of you: ${ours.join(", ")}`, call.like && call.kept_as === "table" && `one table of notes, as ${call.like} is, which has rows of it`, byColumn(call)].filter(Boolean).join(" · ");
    const guessed = call.guessed.filter((name) => !name.startsWith("column "));
    return [known_ + (guessed.length ? ` · guessed, open it to see why: ${guessed.join(", ")}` : ""), true];
  }

  // Of a table what a row says holds, and what is said of the table where it says nothing.
  function stands(call, name, role = name) {
    const { value } = call[name];
    return value && call.columns.some((one) => one.role === role && one.names.length) ? `${name} ${value} where none stands` : value;
  }

  function byColumn(call) {
    const few = (of) => of.slice(0, MOST_NAMED).map((one) => (one.length > LONG_NAME ? `${one.slice(0, LONG_NAME).trimEnd()}…` : one)).join(" + ") + (of.length > MOST_NAMED ? ` and ${of.length - MOST_NAMED} more` : "");
    return call.columns.filter((one) => one.names.length).map(({ role, names: of, sure }) => `${role}: ${few(of)}${sure ? "" : " (guessed)"}`).join(" · ");
  }

  function form(call, n, openColumns) {
    const tell = (said) => ask({ do: "say", call: n, name: call.name, ...said });
    const asked = (name) => call.asks.filter((one) => one.field === name && name !== "speaker" && name !== "column");
    const field = (name, label, control) => make("label", { class: "wb-field" }, make("span", {}, label), control,
      ...asked(name).map((one) => warning(one.words)),
      !asked(name).length && call[name].value && call[name].why ? make("span", { class: "wb-mute dr-why" }, `${call[name].sure ? "" : "guessed: "}${call[name].why}`) : null);
    const text = (name, more = {}) => make("input", { class: "wb-input", value: call[name].value, data: { field: name }, "aria-invalid": asked(name).length ? "true" : null, autocomplete: "off", onchange: (event) => tell({ [name]: event.target.value }), ...more });
    const list = `${me}-customers-${n}`;
    const consent = make("select", { class: "wb-input", data: { field: "consent" }, onchange: () => tell({ consent: consent.value }) }, ["", ...known.consents].map((one) => make("option", { value: one }, one || "not stated")));
    consent.value = call.consent.value;
    const kept = call.asks.find((one) => one.field === "kept_as");
    const speakers = call.speakers.length ? make("div", { class: "dr-speakers", role: "group", "aria-label": "Who speaks" }, call.speakers.map((one) => speaker(one, tell))) : null;
    const columns_ = call.header.length ? columns(call, tell, openColumns) : null;
    if (call.what === "unreadable") return make("div", { class: "dr-form" }, columns_);
    return make("div", { class: "dr-form" },
      kept || (call.kept_as && call.columns.length) ? keptAs(call, kept?.words, tell) : null,
      call.twin ? again(call, asked("again"), tell) : null,
      isLeftOut(call) ? null
      : call.again === "replace" ? (call.other_names ? speakers : null)
      : [
        ...call.asks.filter((one) => one.field === "column").map((one) => column(call, one.of, tell, one)),
        columns_,
        field("day", "Day", text("day", { type: "date" })),
        field("customer", "Customer", text("customer", { list })),
        make("datalist", { id: list }, known.customers.map((one) => make("option", { value: one }))),
        ...call.asks.filter((one) => one.field === "same").map((one) => same(one, tell)),
        field("who", "Who", text("who")),
        field("consent", `Consent: ${CONSENT_MEANS[call.consent.value] ?? ""}`, consent),
        speakers,
      ],
      ...call.asks.filter((one) => one.field === "speaker").map((one) => make("p", { class: "dr-ask" }, icon("warn"), " ", one.words)));
  }

  function warning(words) {
    return make("span", { class: "dr-ask" }, icon("warn"), " ", words);
  }

  // What to do where the call is in already: only what can be done, and what each does.
  function again(call, questions, tell) {
    const { ways, twin } = call;
    const label = `${twin.is_in ? "In already as" : "The same call as"} ${called(twin)}: ${twin.why}`;
    const select = make("select", { class: "wb-input", data: { field: "again" }, "aria-label": label, "aria-invalid": questions.length ? "true" : null, onchange: () => select.value && tell({ again: select.value }) }, (call.again ? ways : ["", ...ways]).map((one) => make("option", { value: one }, AGAIN[one]?.[0] ?? "choose")));
    select.value = call.again;
    return make("div", { class: "wb-field dr-wide" }, make("span", {}, label), select, ...questions.map((one) => warning(one.words)),
      make("ul", { class: "wb-mute dr-why" }, ways.map((one) => make("li", {}, make("b", {}, AGAIN[one][0]), `: ${AGAIN[one][1]}`))));
  }

  function speaker({ name, words, side, why }, tell) {
    const flip = (to) => () => tell({ speakers: { [name]: to } });
    const choice = (to, label) => make("button", { type: "button", class: "wb-button", "aria-pressed": String(side === to), data: { field: `${name}-${to}` }, onclick: flip(to) }, label);
    return make("div", { class: side ? "dr-speaker" : "dr-speaker dr-open" }, make("span", {}, make("b", { dir: "auto" }, name || "no name"), make("span", { class: "wb-mute" }, ` ${words.toLocaleString()} words${why ? `, ${why}` : ""}`)), choice("customer", "customer"), choice("us", "one of us"));
  }

  // Whether a name that looks like a known customer's is theirs.
  function same({ words, of, choices }, tell) {
    const answer = (one) => button({ yes: "Yes", no: "No, another one" }[one] ?? one, () => tell({ same: { [of]: one } }), { data: { field: `same-${of}-${one}` } });
    return make("div", { class: "dr-speaker dr-open dr-same", role: "group", "aria-label": words }, make("span", {}, icon("warn"), " ", words), choices.map(answer));
  }

  // Whether two new names that look alike are one customer's, and under which of them.
  function alike([one, other]) {
    const words = `Are “${one}” and “${other}” the same customer?`;
    const answer = (label, customer) => button(label, () => ask({ do: "alike", names: [one, other], customer }));
    return make("div", { class: "dr-speaker dr-open dr-same", role: "group", "aria-label": words }, make("span", { dir: "auto" }, icon("warn"), " ", words),
      answer(`Yes, ${one}`, one), answer(`Yes, ${other}`, other), answer("No, two customers", ""));
  }

  // What becomes of a table, above all else that is said of it; which can be said otherwise until it is in.
  function keptAs(call, question, tell) {
    const words = question ?? (call.like ? `${call.like} has rows of it, and is one table of notes. It becomes` : "It becomes");
    return make("div", { class: question ? "dr-speaker dr-open dr-same" : "dr-speaker dr-same", role: "group", "aria-label": words }, make("span", { dir: "auto" }, question ? [icon("warn"), " "] : null, words),
      Object.entries(KEPT_AS).map(([one, label]) => button(label, () => tell({ kept_as: one }), { "aria-pressed": String(call.kept_as === one), data: { field: `kept-${one}` } })));
  }

  // Which column of a table is what, in a line that opens for all of it to be put right.
  function columns(call, tell, open) {
    const asked = new Set(call.asks.filter((one) => one.field === "column").map((one) => one.of));
    const hasDays = call.columns.some((one) => one.role === "days");
    const roles = [...Object.keys(ROLES), ...(hasDays ? ["days"] : [])].filter((role) => !asked.has(role));
    const details = make("details", { class: "dr-columns", open }, make("summary", { data: { field: "columns" } }, make("b", {}, "Columns"), " ", make("span", { class: "wb-mute" }, byColumn(call) || "none is taken for anything yet")));
    const more = call.left_out.length - LEFT_SHOWN;
    const fill = () => details.children.length < 2 && details.append(make("div", { class: "dr-form" }, roles.map((role) => column(call, role, tell)),
      call.left_out.length ? make("p", { class: "wb-mute dr-why" }, `Nothing is made of: ${call.left_out.slice(0, LEFT_SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`) : null));
    if (open) fill();
    details.addEventListener("toggle", () => details.open && fill());
    return details;
  }

  // One of them, or several; what it was taken for and why, or what is asked.
  function column(call, role, tell, question = null) {
    const { names: of = [], why = "", sure = true } = call.columns.find((one) => one.role === role) ?? {};
    const isDays = role === "days";
    // The likely ones first, where it is asked; the columns are known by their place, whatever they are called.
    const choices = isDays ? DAYS : [...new Set([...(question?.choices ?? []), ...call.header])].filter((one) => call.header.includes(one));
    const chosen = question ? [""] : SEVERAL.has(role) && of.length && of.length < choices.length ? [...of, ""] : of.length ? of : [""];
    const isOpen = question || (call.what === "unreadable" && role === "quote");
    const words = isDays ? "how 11/12/2026 is meant" : ROLES[role];
    const empty = (at) => (question ? [["", "choose"], ...(isDays ? [] : [[NO_COLUMN, "no column"]])] : isDays ? [] : [["", at ? "and another …" : "no column"]]);
    let wait = 0;
    const selects = chosen.map((name, at) => {
      const select = make("select", { class: "wb-input", data: { field: `column-${role}-${at}` }, "aria-label": `${role}, ${words}${at ? `: column ${at + 1}` : ""}`, "aria-invalid": isOpen ? "true" : null, onchange: () => (clearTimeout(wait), (wait = setTimeout(send, CHOOSING))), onfocusout: () => send() },
        [...empty(at), ...choices.map((one, place) => [String(place), one])].map(([value, label]) => make("option", { value }, label)));
      select.value = name === "" ? "" : String(choices.indexOf(name));
      return select;
    });
    function send() {
      if (!wait) return;
      clearTimeout(wait);
      wait = 0;
      if (question && !selects[0].value) return;
      const now = [...new Set(selects.map((one) => choices[one.value]).filter((one) => one !== undefined))];
      const said = { [role]: isDays ? now[0] : now };
      // Words come in once, whoever's they are.
      const other = call.columns.find((one) => one.role === WORDS_IN[role] && one.names.some((name) => now.includes(name)));
      if (other) said[other.role] = other.names.filter((name) => !now.includes(name));
      tell({ columns: said });
    }
    return make("div", { class: question || selects.length > MOST_NAMED ? "wb-field dr-wide" : "wb-field", role: "group", "aria-label": `${role}: ${words}` }, make("span", {}, make("b", {}, role), ` ${words}`), selects,
      question ? warning(question.words) : why ? make("span", { class: "wb-mute dr-why" }, `${sure ? "" : "guessed: "}${why}`) : null);
  }

  paint();
  post({ drop: { do: "hello", view: me } });
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
