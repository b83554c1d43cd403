// Live capture: one line for the call, then type, Enter, next note.
//
// The kernel holds the call and writes it to disk; this view holds what the kernel has not yet confirmed. Every change is kept
// (and put aside for the tab, should the cell be run again) until the kernel has answered that it is on the disk.

const SEND_AFTER = 250; // ms after a keystroke; with the save itself well within the second that is promised
const ANSWER_WITHIN = 2500; // ms; after that the kernel is called silent, and everything is sent again once it speaks
const LOOK_EVERY = 3000;
const FIELD_AFTER = 600; // ms of rest in a field that is half typed
const MARKS = { "!": "pain", "~": "workaround", "?": "wish", ">": "commitment", "=": "take", '"': "quote", "“": "quote", "„": "quote", "«": "quote" };
const SIGNS = { observation: "", quote: '"', pain: "! ", workaround: "~ ", wish: "? ", commitment: "> ", take: "= " };
const LEGEND = [["quote", '"'], ["pain", "!"], ["workaround", "~"], ["wish", "?"], ["commitment", ">"], ["take", "="], ["observation", ""]];
const CONSENTS = [
  ["", "not stated: counted, never shown"],
  ["none", "none: not used at all"],
  ["aggregate", "aggregate: counted, never shown"],
  ["quote", "quote: shown without a name"],
  ["named", "named: shown with the name"],
];
const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const CTRL = MAC ? "⌘" : "Ctrl";

function render({ model, el }) {
  const root = ground(el, "wb-capture");
  const cry = makeCrier(root);
  const me = Math.random().toString(36).slice(2, 8);
  const view = { lines: new Map(), order: [], fields: {}, state: {}, known: {}, guide: [], asked: {}, editing: null, clashes: [], n: 0 };
  const wire = makeWire(model, me, view, () => paintStatus());
  let nIds = 0;
  let draft = newId(); // the note that is being typed

  function newId() {
    nIds += 1;
    return `${me}-${nIds}`;
  }

  // ------------------------------------------------------------------ the page, from top to bottom

  const alerts = make("div", { class: "wb-alerts" });
  const head = makeHead();
  const guide = makeGuide();
  const list = make("ol", { class: "wb-notes", "aria-label": "Notes of this call", role: "list" });
  const nothing = make("p", { class: "wb-mute wb-nothing" }, "Nothing yet. Type what you hear; Enter makes it a note.");
  const count = make("span", { class: "wb-mute" });
  const entry = makeEntry();
  const hint = make("div", { class: "wb-hint", role: "note", hidden: true });
  const ending = makeEnding();
  const foot = makeFoot();
  const recorded = make("details", { class: "wb-recorded" }, make("summary", { class: "wb-mute" }, "A call was recorded, or written down elsewhere?"));
  const drop = makeDrop(root, me, {
    cry,
    reveal: () => (recorded.open = true),
    post: (message) => {
      try {
        model.send(message)?.catch?.(() => {});
      } catch {
        // The comm is closed; the area says that nobody answers.
      }
    },
    done: ({ recorded: n }) => {
      wire.send({ kind: "hello" });
      return n ? "Go through what was said with Triage." : "";
    },
  });
  recorded.append(drop.node);
  root.append(
    alerts,
    head.node,
    make(
      "div",
      { class: "wb-two" },
      // The guide stands before the notes for the eye, behind them for the Tab key: from the first line one goes on to the notes.
      make(
        "section",
        { class: "wb-right", "aria-label": "Notes" },
        make("h3", { class: "wb-title" }, make("span", {}, "Notes"), count),
        make("div", { class: "wb-scroll", tabIndex: -1 }, list, nothing),
        entry.node,
        hint,
        make("div", { class: "wb-legend" }, LEGEND.map(([kind, sign]) =>
          make("span", {}, mark(kind), sign ? [" ", make("kbd", {}, sign), " "] : " no mark: ", kind === "take" ? "own take" : kind))),
      ),
      guide.node,
    ),
    ending.node,
    foot.node,
    recorded,
  );
  const scroll = root.querySelector(".wb-scroll");
  const skipped = new Map(); // what the kernel said of lines that had changed here meanwhile
  const rows = new Map(); // id -> the element of the note

  // ------------------------------------------------------------------ talking to the kernel

  model.on("msg:custom", (message) => {
    if (message.drop) return drop.hear(message.drop);
    if (message.kind === "again" && message.view === me) wire.resend(SEND_AFTER);
    else if (message.kind === "state") takeState(message);
    else if (message.kind === "done") takeDone(message);
    if (message.refused && message.view === me) showAlert("refused", "warn", message.refused, "", [["Close", () => dropAlert("refused")]]);
  });
  wire.send({ kind: "hello" });
  const looking = setInterval(() => {
    if (view.state.status === "unsaved") return wire.send({ kind: "save" }, { quiet: true });
    if (document.hidden || !root.isConnected || !root.offsetParent) return;
    wire.send({ kind: "look" }, { quiet: true });
  }, LOOK_EVERY);
  const ticking = setInterval(() => head.tick(), 1000);
  window.addEventListener("beforeunload", leave);
  document.addEventListener("visibilitychange", leave);

  // Sends all that is typed, half-typed fields too.
  function leave() {
    head.take();
    ending.take();
    wire.flush();
  }

  function change(...changes) {
    wire.queue(changes);
  }

  // After Shift+Enter the cell, or the one after it, is the active one; after Run All the last is, and the eyes are there.
  function isRunByItself() {
    const cell = root.closest(".jp-Cell");
    return !cell || [cell, cell.nextElementSibling].some((one) => one?.matches(".jp-mod-active"));
  }

  function take({ fields, state, asked, began, file, files, learned, ended, removed_file: removed, call, n, session, workspace }) {
    // A field that was set since is newer than what the kernel says of it.
    const own = Object.fromEntries(Object.entries(view.fields).filter(([name]) => wire.pending().has(name)));
    // So is a question that was ticked off, or taken back, since.
    const ticked = wire.unanswered("asked").filter((one) => one.call === call).map(({ question, at }) => [question, at]);
    Object.assign(view, { fields: { ...fields, ...own }, state, asked: { ...asked, ...Object.fromEntries(ticked) }, began, file, files, learned, ended, removed, call, n, session, workspace });
  }

  function takeState(message) {
    wire.answered(message);
    const first = !view.ready;
    const fresh = message.call !== view.call;
    if (fresh && !first) restart();
    view.call = message.call;
    take(message);
    Object.assign(view, { ready: true, guide: message.guide, recent: message.recent, today: message.today });
    if (message.known) view.known = message.known;
    if (fresh) {
      const mine = [...wire.pending("put")].filter((id) => view.lines.has(id)).map((id) => view.lines.get(id)); // typed before the kernel spoke
      view.lines = new Map([...message.lines, ...mine].map((line) => [line.id, line]));
      view.order = [...view.lines.keys()];
      wire.learn(message.lines);
      wire.flush();
      paintLines();
      bringBack();
    } else {
      // Only what is other than here is touched: somebody may be typing in it.
      const told = message.lines.map((line, i) => ({ ...line, after: message.lines[i - 1]?.id ?? "" }));
      const places = new Map(view.order.map((id, i) => [id, i]));
      const same = (one, line) => one && ["words", "text", "kind", "at"].every((name) => one[name] === line[name]) && (view.order[places.get(line.id) - 1] ?? "") === line.after;
      const ids = new Set(told.map((line) => line.id));
      takeLines(told.filter((line) => !same(view.lines.get(line.id), line)), view.order.filter((id) => !ids.has(id)), message);
    }
    paintAll();
    // Whoever has just run the cell goes on typing here; nobody is taken away from what they are editing.
    const at = document.activeElement;
    if (first && isRunByItself() && (at === document.body || (at?.closest(".jp-Notebook") && !at.closest(".cm-editor")))) {
      (message.resumed ? entry.input : head).focus({ preventScroll: true });
    }
    if (first && message.read_only) {
      showAlert("read-only", "bad", "The folder of the calls cannot be written to.", " Notes would only be in this window. Make it writable, or open a workspace on another disk, before the call begins.", [["Close", () => dropAlert("read-only")]]);
    }
    if (first && message.resumed) {
      cry(`The call with ${view.fields.customer || "no customer yet"} goes on`);
      showAlert("resumed", "info", `The call with ${view.fields.customer || "no customer yet"} goes on.`, ` It is in ${message.file}.`, [
        ["Go on", () => (dropAlert("resumed"), entry.focus())],
        ["New call", () => (dropAlert("resumed"), wire.send({ kind: "new" }))],
      ]);
    }
  }

  function takeDone(message) {
    wire.answered(message);
    if (!view.ready) return;
    // What was told in between did not reach this view: it asks for the whole.
    if (message.call !== view.call || message.n !== view.n + 1) {
      if (!wire.asks("hello")) wire.send({ kind: "hello" });
      return;
    }
    take(message);
    const low = message.lines.length && scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 40;
    takeLines(message.lines, message.removed, message);
    if (low && message.lines.at(-1).id === view.order.at(-1)) scroll.scrollTop = scroll.scrollHeight;
    if (message.view === me) showHint(message.hint);
    paintAll();
  }

  function takeLines(told, removed, { view: asker, did }) {
    const pending = wire.pending();
    const writing = wire.pending("put");
    const undone = asker === me && (did === "undo" || did === "redo");
    for (const id of removed) {
      if (writing.has(id)) continue; // it is written again by what is on its way
      if (id === draft && entry.words().trim()) {
        // Somebody else took the line out while it is being typed; that it is taken back here is meant.
        if (undone) entry.show("");
        else {
          change({ kind: "put", id, words: entry.words() });
          continue;
        }
      }
      if (id === view.editing) view.editor.close();
      dropLine(id);
    }
    // What was typed since is newer than what the kernel says of the line.
    const seen = [];
    for (const line of told) {
      if (pending.has(line.id) && view.lines.has(line.id)) {
        skipped.set(line.id, line);
        continue;
      }
      putLine(line, pending.size > 0);
      if (line.id === draft && undone) entry.show(line.words);
      else if (line.id === draft || line.id === view.editing) continue; // not seen yet: other words stand there
      seen.push(line);
    }
    wire.learn(seen);
    // The kernel tells each thing once, so that what was passed over is taken in when nothing is on its way any more.
    for (const [id, line] of skipped) {
      if (pending.has(id)) continue;
      skipped.delete(id);
      if (view.lines.get(id)?.words === line.words) putLine(line, true);
    }
    paintCount();
  }

  function paintAll() {
    head.paint();
    guide.paint();
    paintCount();
    paintStatus();
    ending.paint();
    for (const clash of view.state.clashes) showClash(clash);
  }

  // What earlier views of this tab had not been told to be on disk. The kernel that they wrote to knows their notes by id and
  // takes nothing twice. To another one a line that it has in an earlier state is mended, any other is new.
  function bringBack() {
    for (const left of wire.leftovers()) {
      const settle = () => localForget(left.place);
      if (left.session === view.session) {
        wire.replay(left);
        settle();
        continue;
      }
      const news = left.lines.filter(({ words }) => words.trim() && !view.order.some((id) => view.lines.get(id).words === tidy(words)));
      const fields = left.fields.filter(({ name, value, before }) => value !== (view.fields[name] ?? "") && [before ?? "", ""].includes(view.fields[name] ?? ""));
      const learned = left.learned && left.learned !== view.learned ? left.learned : "";
      if (!news.length && !fields.length && !learned) {
        settle();
        continue;
      }
      const bring = () => {
        dropAlert(left.place);
        for (const { words, before } of news) {
          const old = before && view.order.find((id) => view.lines.get(id).words === tidy(before));
          const id = old || newId();
          view.lines.set(id, { id, words, text: words, kind: kindOf(words), tags: [], at: "" });
          if (!old) view.order.push(id);
          change({ kind: "put", id, words });
        }
        for (const { name, value } of fields) setField(name, value);
        wire.flush();
        if (learned) ending.set(learned);
        settle();
        paintLines();
      };
      const first = news[0]?.words ?? fields[0]?.value ?? learned;
      const n = lines(news.length + fields.length + (learned ? 1 : 0));
      if (!left.workspace || (left.file !== view.file && !view.files.includes(left.file) && (left.file || view.file))) {
        showAlert(left.place, "warn", `${n} of ${left.file || "a call without a file"} did not reach the disk.`, ` “${first}”${n === lines(1) ? "" : " …"}`, [
          ...(left.file ? [["Open that call", () => wire.send({ kind: "open", file: left.file })]] : []), ["Put into this call", bring],
        ]);
        continue;
      }
      bring();
      showAlert("back", "info", `${n} brought back.`, " The kernel had stopped before it could save; now on disk.", [["Close", () => dropAlert("back")]]);
      cry(`${n} brought back that had not reached the disk`);
    }
  }

  // ------------------------------------------------------------------ the line for the call

  function makeHead() {
    const customer = combobox("Customer", "customer", () => view.known.customers ?? [], {
      label: (known) => known.name,
      aside: (known) => [known.segment, known.n_calls && `${known.n_calls} ${known.n_calls === 1 ? "call" : "calls"}`].filter(Boolean).join(", "),
      chosen: (known) => {
        if (known.segment && !view.fields.segment) setField("segment", known.segment);
      },
    });
    const who = combobox("Who", "who", () => peopleOf(view.fields.customer), { label: (text) => text, placeholder: "name, role" });
    const segment = combobox("Segment", "segment", () => view.known.segments ?? [], { label: (text) => text });
    const date = make("input", { type: "date", class: "wb-input", onchange: () => setField("date", date.value) });
    const kind = make("select", { class: "wb-input", onchange: () => setField("kind", kind.value) });
    const consent = make("select", { class: "wb-input", onchange: () => setField("consent", consent.value) });
    const meaning = make("span", { class: "wb-meaning wb-mute" });
    const clock = make("button", { type: "button", class: "wb-clock", tabIndex: -1, onclick: () => entry.stamp(), title: `Write this time into the note (${CTRL}+Shift+Space)` }, make("b", {}, "00:00"), hidden(" since the call began. Write it into the note."));
    const day = make("span", { class: "wb-mute" });
    const fields = { customer, who, segment };
    // In a narrow window the line folds up once it says who is there, and unfolds on a click.
    const slim = make("button", { type: "button", class: "wb-slim", onclick: () => (node.classList.remove("wb-folded"), customer.focus()) }, make("b"), make("span", { class: "wb-mute" }));
    const node = make(
      "div",
      { class: "wb-head", onfocusout: (event) => !node.contains(event.relatedTarget) && fold() },
      slim,
      customer.node, who.node, segment.node,
      field("Date", date), field("Kind", kind), make("div", { class: "wb-consent" }, field("Consent", consent), meaning),
      make("div", { class: "wb-time" }, clock, day),
    );

    function fold() {
      node.classList.toggle("wb-folded", Boolean(view.fields.customer));
    }

    function peopleOf(name) {
      const fold = (text) => (text ?? "").trim().toLowerCase();
      return (view.known.customers ?? []).find((one) => fold(one.name) === fold(name))?.people ?? [];
    }

    function paint() {
      for (const [name, box] of Object.entries(fields)) box.set(view.fields[name] ?? "");
      if (document.activeElement !== date) date.value = view.fields.date || view.today || "";
      const kinds = [...(view.known.kinds ?? [])];
      if (view.fields.kind && !kinds.includes(view.fields.kind)) kinds.push(view.fields.kind);
      if (kind.options.length !== kinds.length) kind.replaceChildren(...kinds.map((one) => make("option", { value: one }, one)));
      kind.value = view.fields.kind || "discovery";
      if (!consent.options.length) consent.replaceChildren(...CONSENTS.map(([value]) => make("option", { value }, value || "not stated")));
      consent.value = view.fields.consent ?? "";
      const earlier = (view.known.customers ?? []).find((one) => one.name === view.fields.customer)?.consent;
      const said = CONSENTS.find(([value]) => value === consent.value)[1].split(": ")[1];
      meaning.textContent = !consent.value && earlier ? `earlier calls say ${earlier}` : said;
      slim.firstChild.textContent = [view.fields.customer, view.fields.who].filter(Boolean).join(", ");
      slim.lastChild.textContent = [view.fields.segment, kind.value, consent.value || "consent not stated"].filter(Boolean).join(", ");
      if (!node.contains(document.activeElement)) fold();
      tick();
    }

    function tick() {
      clock.hidden = Boolean(view.ended);
      const text = elapsed();
      if (clock.firstChild.textContent !== text) clock.firstChild.textContent = text;
      const began = view.began && !view.ended ? new Date(view.began) : null;
      const said = began ? `since ${began.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}` : view.ended ? "ended" : "begins with a note";
      if (day.textContent !== said) day.textContent = said;
    }

    return { node, paint, tick, focus: (how) => customer.focus(how), take: () => Object.values(fields).forEach((box) => box.take()) };
  }

  function elapsed() {
    if (!view.began) return "00:00";
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(view.began)) / 1000));
    const two = (n) => String(n).padStart(2, "0");
    const minutes = Math.floor(seconds / 60);
    return minutes < 100 ? `${two(minutes)}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  }

  function setField(name, value) {
    if ((view.fields[name] ?? "") === value) return;
    const before = view.fields[name] ?? "";
    view.fields[name] = value;
    change({ kind: "field", name, value, before });
    wire.flush();
    head.paint();
  }

  function field(label, control) {
    return make("label", { class: "wb-field" }, make("span", {}, label), control);
  }

  // A field with completion. Its value counts when it is left, chosen, or Enter is pressed: a half-typed name makes no file.
  // Where there is a file, a rest in typing is enough.
  function combobox(label, name, options, { label: textOf, aside, chosen, placeholder }) {
    const input = make("input", { class: "wb-input", autocomplete: "off", spellcheck: false, placeholder: placeholder ?? "", role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list" });
    const pop = makePop(root, input, {
      rows: () => {
        const typed = input.value.trim().toLowerCase();
        const all = options();
        const starts = all.filter((one) => textOf(one).toLowerCase().startsWith(typed));
        const inside = all.filter((one) => !textOf(one).toLowerCase().startsWith(typed) && textOf(one).toLowerCase().includes(typed));
        return [...starts, ...inside].slice(0, 8).map((one) => ({ text: textOf(one), aside: aside?.(one), value: one }));
      },
      choose: (row) => {
        input.value = row.text;
        typed = true;
        take();
        chosen?.(row.value);
      },
    });
    let typed = false; // what was not typed here is not written from here: it may be older than what others wrote
    let timer = 0;
    const take = () => {
      clearTimeout(timer);
      if (typed) setField(name, input.value.trim());
      typed = false;
    };
    input.addEventListener("input", () => {
      typed = true;
      pop.open();
      clearTimeout(timer);
      timer = setTimeout(() => view.file && take(), FIELD_AFTER);
    });
    input.addEventListener("focus", () => input.select());
    input.addEventListener("keydown", (event) => {
      if (composes(event)) return;
      // A name that is there whole needs no completing: Tab goes on, and what is typed next is not of the customer.
      const whole = event.key === "Tab" && !event.shiftKey && pop.whole();
      if (whole) return pop.choose(whole);
      if (pop.takes(event)) return;
      if (event.key === "ArrowDown") {
        event.preventDefault();
        pop.open();
      } else if (event.key === "Enter") {
        event.preventDefault();
        const begun = typed && input.value.trim().length > 1 ? pop.onlyOne() : null;
        if (begun) pop.choose(begun);
        else take();
        nextField(input);
      }
    });
    input.addEventListener("blur", () => {
      pop.close();
      take();
      input.value = view.fields[name] ?? "";
    });
    const node = make("div", { class: "wb-combo" }, field(label, input));
    node.append(pop.node);
    return { node, take, set: (value) => document.activeElement !== input && (input.value = value), focus: (how) => input.focus(how) };
  }

  // From one to the next of what only the PM knows; date, kind and consent have their values.
  function nextField(from) {
    const stops = [...head.node.querySelectorAll(".wb-combo input"), entry.input];
    stops[stops.indexOf(from) + 1]?.focus();
  }

  // ------------------------------------------------------------------ the guide

  function makeGuide() {
    const items = make("ul", { class: "wb-questions", role: "list" });
    const asked = make("span", { class: "wb-mute" });
    const body = make("div", {}, items, make("p", { class: "wb-mute wb-small" }, key(CTRL, "Enter").flatMap((one, i) => (i ? ["+", one] : [one])), " ticks the next one off."));
    const node = make("details", { class: "wb-guide", open: el.clientWidth === 0 || el.clientWidth >= 640 }, make("summary", { class: "wb-title" }, make("span", {}, "Guide"), asked), body);

    let drawn = "";
    function paint() {
      const now = JSON.stringify([view.guide, view.asked]);
      if (now === drawn) return;
      drawn = now;
      const open = view.guide.filter((question) => !view.asked[question.id]);
      asked.textContent = view.guide.length ? `${view.guide.length - open.length} of ${view.guide.length}` : "";
      if (!view.guide.length) {
        items.replaceChildren(make("li", { class: "wb-mute" }, "Write questions into discovery/guide.md, one a line with a dash before it, and they stand here."));
        return;
      }
      const focused = items.contains(document.activeElement) ? document.activeElement.dataset.question : null;
      items.replaceChildren(
        ...view.guide.map((question) => {
          const at = view.asked[question.id];
          const next = question === open[0];
          const box = make("input", { type: "checkbox", checked: Boolean(at), data: { question: question.id }, onchange: () => ask(question, box.checked) });
          return make(
            "li",
            { class: at ? "wb-asked" : next ? "wb-next" : "" },
            make("label", {}, box, make("span", {}, make("span", { class: "wb-question" }, question.text),
              at ? make("span", { class: "wb-mute wb-small" }, `asked at ${at}`) : next ? make("span", { class: "wb-mute wb-small" }, question.why ? `next: ${question.why}` : "next") : null)),
          );
        }),
      );
      if (focused) items.querySelector(`[data-question="${CSS.escape(focused)}"]`)?.focus();
      // The next question stays in sight, with the one before it.
      const next = items.querySelector(".wb-next");
      if (next && !focused) items.scrollTop = next.offsetTop - items.offsetTop - (next.previousElementSibling?.offsetHeight ?? 0);
    }

    function ask(question, yes) {
      const at = yes ? elapsed() : "";
      view.asked = { ...view.asked, [question.id]: at };
      wire.send({ kind: "asked", question: question.id, at });
      paint();
    }

    function tickNext() {
      const next = view.guide.find((question) => !view.asked[question.id]);
      if (!next) return cry("All questions are ticked off");
      ask(next, true);
      const then = view.guide.find((question) => !view.asked[question.id]);
      cry(`Ticked off: ${next.text}. ${then ? `Next: ${then.text}` : "That was the last one."}`);
    }

    return { node, paint, tickNext };
  }

  // ------------------------------------------------------------------ the notes

  function kindOf(words) {
    const text = words.trim();
    return MARKS[text[0]] && !(text[0] !== '"' && /\d/.test(text[1] ?? "")) ? MARKS[text[0]] : "observation";
  }

  function paintLines() {
    rows.clear();
    for (const id of view.order) if (id !== draft) rows.set(id, row(view.lines.get(id)));
    list.replaceChildren(...rows.values());
    paintCount();
    scroll.scrollTop = scroll.scrollHeight;
  }

  function paintCount() {
    const shown = view.order.filter((id) => id !== draft && view.lines.get(id)?.words);
    count.textContent = shown.length || "";
    nothing.hidden = shown.length > 0;
    list.classList.toggle("wb-timed", shown.some((id) => view.lines.get(id).at));
  }

  function nNotes() {
    const n = view.order.filter((id) => view.lines.get(id)?.words).length;
    return n === 1 ? "1 note" : `${n} notes`;
  }

  function row(line) {
    const said = line.kind === "quote" ? `“${line.text}”` : line.text;
    const node = make(
      "li",
      { class: `wb-note ${line.kind === "take" ? "wb-own" : ""}`, tabIndex: -1, data: { id: line.id }, onkeydown: (event) => rowKey(event, line.id), ondblclick: () => edit(line.id) },
      make("span", { class: "wb-at" }, line.at),
      make("button", { type: "button", class: "wb-kind", tabIndex: -1, "aria-label": `${KIND_WORDS[line.kind]}. Change the kind`, onclick: (event) => chooseKind(event.currentTarget, line.id) }, mark(line.kind)),
      make("span", { class: "wb-words", dir: "auto", onclick: () => edit(line.id) }, said,
        line.tags.length ? make("span", { class: "wb-tags" }, line.tags.map((tag) => `#${tag}`).join(" ")) : null,
        line.kind === "take" ? make("span", { class: "wb-tags" }, "own take, never evidence") : null,
        wire.isWaiting(line.id) ? make("span", { class: "wb-waiting" }, "not on disk yet") : null),
      make("span", { class: "wb-tools" },
        tool("up", "Move up", () => move(line.id, -1)), tool("down", "Move down", () => move(line.id, 1)), tool("cross", "Take out", () => takeOut(line.id))),
    );
    return node;
  }

  function tool(name, label, onclick) {
    return make("button", { type: "button", class: "wb-tool", tabIndex: -1, title: label, "aria-label": label, onclick }, icon(name));
  }

  function rowOf(id) {
    return rows.get(id);
  }

  // Takes in a line as the kernel tells it: new, with other words, or in another place. Where it stands is not heeded while
  // changes of this view are on their way: it may have moved since.
  function putLine(line, underway) {
    const known = view.lines.has(line.id);
    view.lines.set(line.id, line);
    const at = known ? view.order.indexOf(line.id) : -1;
    if (!known || (!underway && view.editing !== line.id && (view.order[at - 1] ?? "") !== line.after)) {
      if (known) view.order.splice(at, 1);
      const after = line.after === view.order.at(-1) ? view.order.length - 1 : view.order.indexOf(line.after);
      view.order.splice(line.after === "" ? 0 : after < 0 ? view.order.length : after + 1, 0, line.id);
      rows.get(line.id)?.remove();
      rows.delete(line.id);
    }
    if (line.id !== draft && view.editing !== line.id) placeRow(line.id);
  }

  function placeRow(id, moved = false) {
    const old = rows.get(id);
    const had = old?.contains(document.activeElement);
    const node = row(view.lines.get(id));
    rows.set(id, node);
    if (old?.isConnected && !moved) {
      old.replaceWith(node);
    } else {
      old?.remove();
      let at = view.order.lastIndexOf(id) + 1;
      while (at < view.order.length && !rows.get(view.order[at])?.isConnected) at += 1;
      list.insertBefore(node, rows.get(view.order[at]) ?? null);
    }
    if (had) node.focus();
  }

  function dropLine(id) {
    view.lines.delete(id);
    view.order = view.order.filter((other) => other !== id);
    rows.get(id)?.remove();
    rows.delete(id);
  }

  function rowKey(event, id) {
    if (event.target !== event.currentTarget) return;
    const shown = view.order.filter((other) => rowOf(other));
    const at = shown.indexOf(id);
    const go = (other) => (other === undefined ? entry.focus() : rowOf(other).focus());
    const keys = {
      Enter: () => edit(id), F2: () => edit(id), Delete: () => takeOut(id), Backspace: () => takeOut(id), Escape: () => entry.focus(),
      ArrowUp: () => (event.altKey ? move(id, -1) : at > 0 && go(shown[at - 1])), ArrowDown: () => (event.altKey ? move(id, 1) : go(shown[at + 1])),
      Home: () => go(shown[0]), End: () => go(shown.at(-1)),
    };
    if (keys[event.key] && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      keys[event.key]();
    } else if (Object.keys(MARKS).includes(event.key)) {
      event.preventDefault();
      rekind(id, MARKS[event.key]);
    } else if (event.key === "-") {
      event.preventDefault();
      rekind(id, "observation");
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      wire.send({ kind: event.shiftKey ? "redo" : "undo" });
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault(); // somebody types on: it is the next note
      entry.type(event.key);
    }
  }

  function setWords(id, words) {
    view.lines.set(id, { ...view.lines.get(id), words, text: words, kind: kindOf(words), tags: [] });
    change({ kind: "put", id, words });
  }

  function edit(id) {
    if (view.editing) return;
    view.editing = id;
    const line = view.lines.get(id);
    const before = line.words;
    const area = make("textarea", { class: "wb-input wb-edit", rows: 1, value: before, dir: "auto", "aria-label": "Edit the note; Enter keeps it, Escape gives back the old words" });
    const old = rowOf(id);
    const node = make("li", { class: "wb-note wb-editing", data: { id } }, area);
    old.replaceWith(node);
    rows.set(id, node);
    grow(area);
    area.focus();
    area.setSelectionRange(before.length, before.length);
    let over = false;
    let typed = false; // else what somebody else wrote meanwhile stands
    view.editor = {
      close: () => {
        over = true;
        view.editing = null;
      },
    };
    const finish = (words, back) => {
      if (over) return;
      view.editor.close();
      if (!typed) {
        wire.learn([view.lines.get(id)]);
        placeRow(id);
        if (back) rowOf(id).focus();
        return;
      }
      if (words.trim() && words !== view.lines.get(id).words) setWords(id, words);
      if (!words.trim()) {
        takeOut(id);
        return;
      }
      wire.flush();
      placeRow(id);
      if (back) rowOf(id).focus();
    };
    area.addEventListener("input", () => {
      grow(area);
      typed = true;
      if (area.value.trim()) setWords(id, area.value);
    });
    area.addEventListener("blur", () => finish(area.value, false));
    area.addEventListener("keydown", (event) => {
      if (composes(event)) return;
      if (event.key === "Enter" || event.key === "Escape") {
        event.preventDefault();
        finish(event.key === "Enter" ? area.value : before, event.key === "Escape");
        // What is typed next is the next note, not a key for this one.
        if (event.key === "Enter") entry.focus();
      }
    });
  }

  function takeOut(id) {
    const shown = view.order.filter((other) => rowOf(other));
    const next = shown[shown.indexOf(id) + 1] ?? shown[shown.indexOf(id) - 1];
    const text = view.lines.get(id)?.text;
    dropLine(id);
    change({ kind: "drop", id });
    wire.flush();
    paintCount();
    (next && rowOf(next) ? rowOf(next) : entry.input).focus();
    cry(`Taken out: ${text}. ${CTRL}+Z brings it back.`);
  }

  function move(id, step) {
    const shown = view.order.filter((other) => other !== draft);
    const to = shown.indexOf(id) + step;
    if (to < 0 || to >= shown.length) return;
    shown.splice(shown.indexOf(id), 1);
    shown.splice(to, 0, id);
    view.order = view.lines.has(draft) ? [...shown, draft] : shown;
    placeRow(id, true);
    rowOf(id).focus();
    change({ kind: "move", id, after: to ? shown[to - 1] : "" });
    wire.flush();
    cry(`Now ${to + 1} of ${shown.length}`);
  }

  function rekind(id, kind) {
    const line = view.lines.get(id);
    const bare = line.words.trim().replace(/^[!~?>=](?!\d)\s*/, "").replace(/^["“„«]\s*(.*?)["”»“]?((?:\s+[#@]\S+)*)$/, "$1$2");
    const tail = bare.match(/(?:\s+[#@]\S+)*$/)[0];
    const words = kind === "quote" ? `"${bare.slice(0, bare.length - tail.length)}"${tail}` : SIGNS[kind] + bare;
    setWords(id, words);
    wire.flush();
    placeRow(id);
    rowOf(id).focus();
    cry(`Now ${KIND_WORDS[kind]}`);
  }

  function chooseKind(anchor, id) {
    const choices = LEGEND.map(([kind]) => make("button", { type: "button", role: "menuitem", class: "wb-row", onclick: () => (close(), rekind(id, kind)) }, mark(kind), ` ${kind === "take" ? "own take" : kind}`));
    const menu = make("ul", { class: "wb-pop", role: "menu", "aria-label": "Kind of the note" }, choices.map((choice) => make("li", { role: "none" }, choice)));
    let open = true;
    const close = () => {
      if (!open) return;
      open = false; // to take a focused element away moves the focus, which would close it once more
      menu.remove();
    };
    // On the widget's own ground, since the list of notes would cut it off.
    const [place, ground] = [anchor.getBoundingClientRect(), root.getBoundingClientRect()];
    menu.style.insetInlineStart = "auto";
    menu.style.left = `${place.left - ground.left}px`;
    menu.style.top = `${place.bottom - ground.top + 4}px`;
    root.append(menu);
    choices[0].focus({ preventScroll: true });
    menu.addEventListener("focusout", (event) => !menu.contains(event.relatedTarget) && close());
    menu.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) choices[(choices.indexOf(document.activeElement) + step + choices.length) % choices.length].focus();
      else if (event.key === "Escape") (close(), rowOf(id).focus());
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  // ------------------------------------------------------------------ the line to type in

  function makeEntry() {
    const input = make("textarea", { class: "wb-entry", rows: 1, dir: "auto", placeholder: 'What you hear.  " quote   ! pain   # tag', "aria-label": "New note. The first character sets its kind; Enter saves it." });
    const sign = make("span", { class: "wb-sign" }, mark("observation"));
    const kind = make("span", { class: "wb-word wb-mute" });
    const pop = makePop(root, input, {
      rows: () => {
        const typed = tagAtCaret();
        if (typed === null) return [];
        const tags = (view.known.tags ?? []).filter((one) => one.tag.toLowerCase().startsWith(typed.toLowerCase()));
        const rows = tags.slice(0, 6).map((one) => ({ text: `#${one.tag}`, aside: one.n_customers === 1 ? "1 customer" : `${one.n_customers} customers` }));
        if (typed && !tags.some((one) => one.tag === typed)) rows.push({ text: `#${typed}`, aside: "new tag" });
        return rows;
      },
      choose: (row) => {
        const at = input.selectionStart;
        const from = input.value.lastIndexOf("#", at - 1);
        input.setRangeText(`${row.text} `, from, at, "end");
        typed();
      },
    });
    const node = make("div", { class: "wb-line" }, sign, input, kind, make("span", { class: "wb-keys" }, key("Enter")), pop.node);

    function tagAtCaret() {
      const before = input.value.slice(0, input.selectionStart);
      return before.match(/(?:^|\s)#([\p{L}\p{N}_-]*)$/u)?.[1] ?? null;
    }

    function typed() {
      const now = kindOf(input.value);
      if (sign.firstChild.dataset.kind !== now) sign.replaceChildren(mark(now));
      kind.textContent = input.value.trim() ? (now === "take" ? "own take" : now) : "";
      grow(input);
      if (tagAtCaret() === null) pop.close();
      else pop.open();
      if (!view.began && input.value.trim()) begin();
      const words = input.value;
      if (!words.trim() && !view.lines.has(draft)) return;
      view.lines.set(draft, { id: draft, words, text: words, kind: now, tags: [], at: "" });
      if (!view.order.includes(draft)) view.order.push(draft);
      if (words.trim()) change({ kind: "put", id: draft, words });
      else {
        view.lines.delete(draft);
        view.order = view.order.filter((id) => id !== draft);
        change({ kind: "drop", id: draft });
      }
      if (view.ended) {
        view.ended = "";
        wire.send({ kind: "reopen" });
      }
    }

    // Other words than those that are typed.
    function show(words) {
      input.value = words;
      sign.replaceChildren(mark(kindOf(words)));
      grow(input);
    }

    function commit() {
      dropAlert("resumed");
      if (!input.value.trim()) return;
      const id = draft;
      // Somebody else may have made something else of it.
      if (tidy(view.lines.get(id).words) !== tidy(input.value)) setWords(id, input.value);
      draft = newId();
      placeRow(id);
      input.value = "";
      typed();
      wire.flush();
      paintCount();
      scroll.scrollTop = scroll.scrollHeight;
    }

    function stamp() {
      if (!view.began) begin();
      const at = input.selectionStart ?? input.value.length;
      const gap = at && !/\s$/.test(input.value.slice(0, at)) ? " " : "";
      input.setRangeText(`${gap}@${elapsed()} `, at, input.selectionEnd ?? at, "end");
      input.focus();
      typed();
    }

    // Several lines at once are several notes; what was typed so far is the beginning of the first.
    function paste(event) {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!/[\r\n]/.test(text.trim())) return;
      event.preventDefault();
      const whole = input.value.slice(0, input.selectionStart) + text + input.value.slice(input.selectionEnd);
      const pieces = whole.split(/\r\n|\r|\n/).map((one) => one.trim().replace(/^[-*+•][ \t]+/, "")).filter(Boolean);
      if (!view.began) begin();
      const changes = [];
      for (const words of pieces) {
        view.lines.set(draft, { id: draft, words, text: words, kind: kindOf(words), tags: [], at: "" });
        if (!view.order.includes(draft)) view.order.push(draft);
        changes.push({ kind: "put", id: draft, words });
        draft = newId();
      }
      input.value = "";
      typed();
      change(...changes);
      wire.flush();
      paintLines();
      cry(`${pieces.length} notes pasted`);
    }

    input.addEventListener("input", typed);
    input.addEventListener("paste", paste);
    input.addEventListener("blur", () => (pop.close(), wire.flush()));
    input.addEventListener("keydown", (event) => {
      if (composes(event)) return;
      const ctrl = event.ctrlKey || event.metaKey;
      if (ctrl && event.shiftKey && event.code === "Space") {
        event.preventDefault();
        stamp();
      } else if (ctrl && event.key === "Enter") {
        event.preventDefault();
        guide.tickNext();
      } else if (pop.takes(event)) {
        typed();
      } else if (event.key === "Enter") {
        event.preventDefault();
        commit();
      } else if (event.key === "ArrowUp" && !input.value) {
        const last = view.order.findLast((id) => rowOf(id));
        if (last) {
          event.preventDefault();
          rowOf(last).focus();
        }
      } else if (ctrl && event.key.toLowerCase() === "z" && !input.value) {
        event.preventDefault();
        wire.send({ kind: event.shiftKey ? "redo" : "undo" });
      } else if (event.key === "Escape" && !hint.hidden) {
        hint.hidden = true;
      }
    });
    function type(letter) {
      input.focus();
      input.setRangeText(letter, input.selectionStart, input.selectionEnd, "end");
      typed();
    }

    return { node, input, stamp, show, type, focus: () => input.focus(), words: () => input.value, clear: () => ((input.value = ""), typed()) };
  }

  function begin() {
    view.began = new Date().toISOString();
    wire.send({ kind: "begin" });
    head.tick();
  }

  function showHint(said) {
    if (!said) {
      hint.hidden = true;
      return;
    }
    if (hint.dataset.id === said.id && !hint.hidden) return;
    hint.dataset.id = said.id;
    hint.replaceChildren(icon("info"), make("span", {}, make("b", {}, said.bold), ` ${said.text}`));
    hint.hidden = false;
  }

  // ------------------------------------------------------------------ what is saved, and what is wrong

  function makeFoot() {
    const status = make("span", { class: "wb-status", role: "status" });
    const undo = button(["Undo ", key(CTRL, "Z")], () => (wire.flush(), wire.send({ kind: "undo" })), { look: "wb-quiet" });
    const end = button("End the call", () => endCall(), {});
    const calls = make("select", { class: "wb-input wb-calls", "aria-label": "Open a call", onchange: () => {
      const file = calls.value;
      wire.flush();
      if (file === "new") wire.send({ kind: "new" });
      else if (file && file !== view.file) wire.send({ kind: "open", file });
    } });
    const node = make("div", { class: "wb-foot" }, status, make("span", { class: "wb-acts" }, calls, undo, end));
    return { node, status, end, calls };
  }

  function paintStatus() {
    const { state } = view;
    const waiting = wire.nWaiting();
    const silent = wire.isSilent();
    const { status, end, calls } = foot;
    end.hidden = Boolean(view.ended);
    end.disabled = !view.order.length && !view.fields.customer;
    paintCalls(calls);
    const bad = silent || state.status === "unsaved" || state.status === "gone";
    status.className = `wb-status ${bad ? "wb-bad" : ""}`;
    const say = (name, text) => {
      if (status.dataset.said === `${name}${text}`) return;
      status.dataset.said = `${name}${text}`;
      status.replaceChildren(icon(name), make("span", {}, text));
    };
    if (silent) {
      say("cross", `Not on disk yet: ${lines(waiting)}`);
      showAlert("silent", "bad", "The kernel does not answer.", ` ${lines(waiting)} ${waiting === 1 ? "is" : "are"} only in this window; keep the tab open. If it has stopped, run this cell again: nothing that you typed is lost.`, [["Copy all notes", copyAll]]);
    } else {
      dropAlert("silent");
      if (state.status === "unsaved") say("cross", `Last saved ${state.saved_at || "never"}. It tries again by itself.`);
      else if (state.status === "gone") say("cross", "Not on disk");
      else if (waiting && wire.waitsLong()) say("clock", "Saving …");
      else if (state.saved_at) say("check", `Saved ${state.saved_at} to ${view.file}`);
      else if (view.file) say("check", `On disk in ${view.file}`);
      else say("info", "Nothing on disk yet; the file is made with the first note");
    }
    if (state.status === "unsaved") {
      showAlert("unsaved", "bad", state.message.split(/[.(]/)[0].trim() + ".", ` ${lines(state.n_unsaved)} ${state.n_unsaved === 1 ? "is" : "are"} only here. Keep typing, keep the tab open.`, [
        ["Copy all notes", copyAll], ["Try again", () => wire.send({ kind: "save" })],
      ], state.message);
    } else dropAlert("unsaved");
    if (view.removed) {
      showAlert("gone", "warn", "The call was taken out of the workspace.", ` ${nNotes()} of it are kept.`, [["Bring it back", () => wire.send({ kind: "restore" })], ["Next call", () => wire.send({ kind: "new" })]]);
    } else if (state.status === "gone") {
      showAlert("gone", "warn", "The call's file was removed or renamed elsewhere.", " Your notes are still here.", [["Write it again", () => wire.send({ kind: "save", again: true })], ["Copy all notes", copyAll]]);
    } else dropAlert("gone");
    for (const id of wire.takeSettled()) {
      const node = rowOf(id);
      if (node && view.editing !== id && node.querySelector(".wb-waiting")) placeRow(id);
    }
    if (silent) for (const id of wire.waitingIds()) if (rowOf(id) && view.editing !== id && !rowOf(id).querySelector(".wb-waiting")) placeRow(id);
  }

  function lines(n) {
    return n === 1 ? "1 line" : `${n} lines`;
  }

  function paintCalls(select) {
    const rows = [["new", "New call"], ...(view.recent ?? []).map((one) => [one.file, one.title])];
    if (view.file && !rows.some(([file]) => file === view.file)) rows.splice(1, 0, [view.file, `${view.fields.customer || "This call"}, ${view.fields.date || view.today}`]);
    const text = JSON.stringify(rows);
    if (select.dataset.rows !== text) {
      select.dataset.rows = text;
      select.replaceChildren(...rows.map(([value, label]) => make("option", { value }, label)));
    }
    select.value = view.file || "new";
  }

  function showAlert(name, look, bold, text, acts, title) {
    const old = alerts.querySelector(`[data-alert="${name}"]`);
    const said = `${bold}${text}`;
    if (old?.dataset.said === said) return;
    const node = make("div", { class: `wb-message ${look === "info" ? "" : `wb-${look}`}`, role: look === "bad" ? "alert" : "status", data: { alert: name, said }, title: title ?? "" },
      icon(look === "info" ? "info" : "warn"), make("p", { class: "wb-said" }, make("b", {}, bold), text),
      make("span", { class: "wb-acts" }, acts.map(([label, act], i) => button(label, act, { look: i ? "" : "wb-main" }))));
    if (old) old.replaceWith(node);
    else alerts.append(node);
  }

  function dropAlert(name) {
    alerts.querySelector(`[data-alert="${name}"]`)?.remove();
  }

  function showClash(clash) {
    const name = `clash-${clash.ours_id || clash.field}`;
    if (alerts.querySelector(`[data-alert="${CSS.escape(name)}"]`)) return;
    const close = () => {
      dropAlert(name);
      if (!alerts.querySelector("[data-alert^=clash]")) wire.send({ kind: "dismiss" });
    };
    const acts = clash.field
      ? [["Keep theirs", close], [`Write “${clash.ours}”`, () => (setField(clash.field, clash.ours), close())]]
      : [["Keep both", close], ["Only theirs", () => (takeOut(clash.ours_id), close())], ["Only yours", () => (takeOut(clash.theirs_id), close())]];
    const node = make("div", { class: "wb-message wb-warn", role: "alert", data: { alert: name } }, icon("warn"),
      make("div", { class: "wb-said" }, make("b", {}, clash.field ? `The ${clash.field} was changed in two places.` : "A note was changed in two places. Both are on disk."),
        make("dl", { class: "wb-clash" }, make("dt", {}, "Theirs"), make("dd", { dir: "auto" }, clash.theirs || "(taken out)"), make("dt", {}, "Yours"), make("dd", { dir: "auto" }, clash.ours))),
      make("span", { class: "wb-acts" }, acts.filter(([label]) => label !== "Only yours" || clash.theirs_id).map(([label, act], i) => button(label, act, { look: i ? "" : "wb-main" }))));
    alerts.append(node);
  }

  async function copyAll() {
    const text = view.order.map((id) => `- ${view.lines.get(id).words}`).join("\n");
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", { value: text, class: "wb-hidden" });
      root.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    cry("All notes copied");
  }

  // ------------------------------------------------------------------ after the call

  function makeEnding() {
    const learned = make("input", { class: "wb-input", dir: "auto", placeholder: "The setup was quick; what cost the week was waiting for the bank details", oninput: () => (clearTimeout(timer), (typed = true), (timer = setTimeout(learn, SEND_AFTER))), onchange: () => learn(), onkeydown: (event) => event.key === "Enter" && !composes(event) && (event.preventDefault(), learn(), next.focus()) });
    const title = make("h3", { class: "wb-ended" });
    const next = button("Next call", () => (learn(), wire.flush(), wire.send({ kind: "new" })), { look: "wb-main" });
    const more = button("Go on with this call", () => (wire.send({ kind: "reopen" }), entry.focus()), {});
    const rename = button("Rename the file after the line above", () => (wire.flush(), wire.send({ kind: "rename" })), { look: "wb-quiet" });
    const remove = button("Delete this call", () => (wire.flush(), wire.send({ kind: "remove" })), { look: "wb-quiet" });
    const node = make("section", { class: "wb-ending", hidden: true, "aria-label": "After the call" }, title,
      field("What did we learn? One line; kept as your own take, never evidence", learned),
      make("p", { class: "wb-mute wb-small" }, "To tidy up: click a note to edit it, ", key("Alt"), "+", key("↑"), key("↓"), " moves it, ", key("Delete"), " takes it out, a kind's mark changes its kind."),
      make("div", { class: "wb-acts" }, next, more, rename, remove));

    let timer = 0;
    let typed = false; // what was not typed here may be older than what others wrote

    function learn() {
      clearTimeout(timer);
      const text = learned.value.trim();
      if (typed && text !== (view.learned ?? "")) {
        view.learned = text;
        wire.send({ kind: "learned", text });
      }
      typed = false;
    }

    function paint() {
      const was = node.hidden;
      node.hidden = !view.ended;
      if (document.activeElement !== learned) learned.value = view.learned ?? "";
      title.textContent = `The call with ${view.fields.customer || "no customer"} has ended: ${nNotes()}.`;
      if (was && view.ended && view.justEnded) {
        view.justEnded = false;
        learned.focus();
      }
    }

    function set(text) {
      learned.value = text;
      typed = true;
      learn();
    }
    return { node, paint, set, take: learn };
  }

  function endCall() {
    if (entry.words().trim()) {
      const id = draft;
      draft = newId();
      placeRow(id);
      entry.clear();
    }
    wire.flush();
    view.justEnded = true;
    wire.send({ kind: "end" });
  }

  // Another call is on the page: what belonged to the last one goes.
  function restart() {
    leave(); // for the call that it was typed for
    const [words, file] = [entry.words().trim(), view.file];
    draft = newId();
    view.lines = new Map();
    view.order = [];
    view.editor?.close();
    skipped.clear();
    entry.show("");
    hint.hidden = true;
    alerts.replaceChildren();
    if (words) showAlert("went", "info", `“${words}” was typed before the call changed.`, ` It is a note of ${file || "the last call"}.`, [["Close", () => dropAlert("went")]]);
    requestAnimationFrame(() => (view.fields.customer ? entry.focus() : head.focus()));
  }

  return () => {
    clearInterval(looking);
    clearInterval(ticking);
    window.removeEventListener("beforeunload", leave);
    document.removeEventListener("visibilitychange", leave);
    leave();
    wire.close();
  };
}

// Words as the kernel keeps them.
function tidy(words) {
  return words.trim().replace(/\s+/g, " ");
}

function localForget(place) {
  try {
    sessionStorage.removeItem(place);
  } catch {
    // None.
  }
}

// Sends what is done in order, under running numbers, and keeps each message until it is answered: what was lost is sent
// again, and the kernel obeys each number once. What is not known to be on disk lies in the tab's own storage too, which
// outlives the cell being run again and the page being loaded again, and goes when the tab is closed.
function makeWire(model, me, view, changed) {
  const places = "workbench-capture-unsent-";
  const place = (call) => `${places}${me}-${call}`;
  const open = (globalThis.workbenchCaptures ??= new Set()); // the views of this page: what they hold is theirs
  open.add(place(""));
  let queued = []; // changes that were not sent
  let sent = []; // {seq, message, changes, at}
  let unsure = []; // those that were answered, but are not on disk
  const before = new Map(); // id -> its words as the kernel last said or confirmed them
  let settled = [];
  let seq = 0;
  let timer = 0;
  let closed = false;
  let resentAt = 0;
  const watch = setInterval(() => {
    if (!isSilent()) return;
    changed();
    if (Date.now() - sent[0].at > ANSWER_WITHIN * 2) resend();
  }, 1000);

  // What was done for the call on the page and is not answered.
  function waiting() {
    return [...sent.filter((one) => one.message.call === view.call).flatMap((one) => one.changes), ...queued];
  }

  function keep() {
    try {
      if (closed && sessionStorage.getItem(place(view.call)) === null) return; // another view has it now
      const [lines, fields] = [new Map(), new Map()];
      let learned = "";
      const mine = [...unsure, ...sent].filter(({ message }) => message.call === view.call);
      for (const one of [...mine.flatMap(({ changes, message }) => (message.kind === "learned" ? [message] : changes)), ...queued]) {
        if (one.kind === "put") lines.set(one.id, { id: one.id, words: one.words, before: before.get(one.id) ?? null });
        else if (one.kind === "drop") lines.delete(one.id);
        else if (one.kind === "field") fields.set(one.name, { name: one.name, value: one.value, before: one.before });
        else if (one.kind === "learned") learned = one.text;
      }
      const { workspace, session, call, file } = view;
      const left = { workspace, session, call, file, learned, lines: [...lines.values()], fields: [...fields.values()] };
      if (lines.size || fields.size || learned) sessionStorage.setItem(place(call), JSON.stringify(left));
      else sessionStorage.removeItem(place(call));
      if (call) sessionStorage.removeItem(place()); // what was typed before the kernel had spoken is of this call
    } catch {
      // A browser that keeps nothing, or a paste larger than it keeps: what is on the page is still there.
    }
  }

  function post(message) {
    try {
      const answer = model.send(message);
      answer?.catch?.(() => {});
    } catch {
      // The comm is closed, as after a restart of the kernel; the silence is noticed and shown.
    }
  }

  function dispatch(message, changes) {
    seq += 1;
    const numbered = { call: view.call, ...message, view: me, seq };
    sent.push({ seq, message: numbered, changes, at: Date.now() });
    post(numbered);
  }

  function queue(changes) {
    for (const one of changes) {
      // Only the last words of a line matter, unless something else came between.
      const last = queued.at(-1);
      if (one.kind === "put" && last?.kind === "put" && last.id === one.id) queued[queued.length - 1] = one;
      else queued.push(one);
    }
    keep();
    clearTimeout(timer);
    timer = setTimeout(flush, SEND_AFTER);
  }

  function flush() {
    clearTimeout(timer);
    if (!queued.length || !view.call) return; // before the kernel has spoken, nobody knows for which call
    // What the words were when this view last knew them: what somebody else wrote there meanwhile is not overwritten.
    const last = new Map(sent.flatMap((one) => one.changes).filter((one) => one.kind === "put").map((one) => [one.id, one.words]));
    const changes = queued.map((one) => {
      if (one.kind === "field") return { kind: one.kind, name: one.name, value: one.value };
      if (one.kind === "move") return one;
      const seen = last.get(one.id) ?? before.get(one.id) ?? null;
      if (one.kind === "put") last.set(one.id, one.words);
      return { ...one, seen };
    });
    const as = queued;
    queued = [];
    dispatch({ kind: "change", changes }, as);
    setTimeout(changed, 600);
  }

  function resend(rest = 0) {
    if (Date.now() - resentAt < rest) return; // of several messages behind a gap each is answered
    resentAt = Date.now();
    for (const one of sent) {
      one.at = Date.now() - ANSWER_WITHIN - 1;
      post(one.message);
    }
  }

  function send(message, { quiet } = {}) {
    flush();
    if (quiet) return post(message);
    dispatch(message, []);
    if (message.kind === "learned") keep();
    setTimeout(changed, ANSWER_WITHIN + 100);
  }

  // The kernel obeys in order, so that all before is done as well.
  function answered({ view: asker, seq: number, kept, call, state }) {
    if (state.status === "saved") unsure = unsure.filter(({ message }) => message.call !== call);
    if (asker === me && number) {
      const done = sent.filter((one) => one.seq <= number);
      sent = sent.filter((one) => one.seq > number);
      for (const { changes } of done) {
        for (const one of changes) {
          if (one.kind === "put") before.set(one.id, one.words);
          settled.push(one.id);
        }
      }
      if (!kept) unsure.push(...done);
      // Of a call that was left nothing more is kept once it is told to be on disk.
      for (const left of new Set(done.map((one) => one.message.call))) {
        if (left !== view.call && ![...sent, ...unsure].some((one) => one.message.call === left)) localForget(place(left));
      }
    }
    keep();
  }

  function isSilent() {
    return sent.length > 0 && Date.now() - sent[0].at > ANSWER_WITHIN;
  }

  // What views that are no more, of this workspace, have left in the tab's storage.
  function leftovers() {
    const found = [];
    try {
      for (const name of Object.keys(sessionStorage)) {
        if (!name.startsWith(places) || [...open].some((one) => name.startsWith(one))) continue;
        const left = JSON.parse(sessionStorage.getItem(name));
        if ((left.workspace ?? view.workspace) === view.workspace) found.push({ place: name, ...left });
      }
    } catch {
      // None, or somebody else's.
    }
    return found;
  }

  // To the kernel that they were typed for: it knows each note by its id, and what was typed for a call that it has left.
  function replay(left) {
    const { call, lines, fields, learned } = left;
    try {
      if (call !== view.call) sessionStorage.setItem(place(call), JSON.stringify(left));
    } catch {
      // As in `keep`, which sees to the call on the page only.
    }
    const puts = lines.map(({ id, words, before: seen }) => ({ kind: "put", id, words, seen }));
    const older = ({ name, before: was }) => call !== view.call || ["", was ?? ""].includes(view.fields[name] ?? "");
    const sets = fields.filter(older).map(({ name, value }) => ({ kind: "field", name, value }));
    if (puts.length || sets.length) dispatch({ kind: "change", call, changes: [...puts, ...sets] }, [...puts, ...sets]);
    if (learned) dispatch({ kind: "learned", call, text: learned }, []);
    keep();
  }

  return {
    queue,
    flush,
    send,
    resend,
    leftovers,
    replay,
    learn: (lines) => {
      const busy = new Set(waiting().map((one) => one.id));
      for (const { id, words } of lines) if (!busy.has(id)) before.set(id, words);
    },
    answered,
    isSilent,
    asks: (kind) => sent.some((one) => one.message.kind === kind),
    unanswered: (kind) => sent.map((one) => one.message).filter((message) => message.kind === kind),
    nWaiting: () => new Set(waiting().map((one) => one.id ?? one.name)).size,
    waitingIds: () => [...new Set(waiting().map((one) => one.id).filter(Boolean))],
    pending: (kind) => new Set(waiting().filter((one) => !kind || one.kind === kind).map((one) => one.id ?? one.name)),
    isWaiting: (id) => isSilent() && waiting().some((one) => one.id === id),
    waitsLong: () => sent.length > 0 && Date.now() - sent[0].at > 500,
    takeSettled: () => {
      const ids = settled;
      settled = [];
      return ids;
    },
    close: () => {
      flush();
      keep();
      closed = true;
      open.delete(place(""));
      clearInterval(watch);
      clearTimeout(timer);
    },
  };
}

export default { render };
