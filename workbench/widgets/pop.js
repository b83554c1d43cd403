// What is offered under a field while somebody types in it.

// Whether a key belongs to an input method, which may end its composition with Enter (Safari only by the code).
function composes(event) {
  return event.isComposing || event.keyCode === 229;
}

function grow(area) {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, 240)}px`;
}

// A list under a field: arrows choose, Tab or Enter takes what was chosen with arrows, Tab the first otherwise.
function makePop(root, input, { rows, choose }) {
  const id = `wb-${Math.random().toString(36).slice(2)}`;
  const node = make("ul", { class: "wb-pop", role: "listbox", id, hidden: true });
  let shown = [];
  let at = -1;
  input.setAttribute("aria-controls", id);

  function open() {
    shown = rows();
    at = -1;
    paint();
  }

  function close() {
    shown = [];
    paint();
  }

  function paint() {
    node.hidden = !shown.length;
    if (input.role === "combobox") input.setAttribute("aria-expanded", String(shown.length > 0));
    node.replaceChildren(
      ...shown.map((row, i) =>
        make("li", { role: "option", id: `${id}-${i}`, "aria-selected": String(i === at), class: i === at ? "wb-at" : "", onmousedown: (event) => (event.preventDefault(), take(i)) },
          make("span", { dir: "auto" }, row.text), make("span", { class: "wb-mute" }, row.aside ?? "", i === 0 && at < 0 ? [" ", make("kbd", {}, "Tab")] : ""))),
    );
    if (at >= 0) input.setAttribute("aria-activedescendant", `${id}-${at}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function take(i) {
    const row = shown[i];
    close();
    choose(row);
  }

  // Whether a key was for the list.
  function takes(event) {
    if (!shown.length) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at = (at + (event.key === "ArrowDown" ? 1 : at < 0 ? shown.length : -1) + shown.length) % shown.length;
      paint();
    } else if (event.key === "Escape") close();
    else if (event.key === "Enter" && at >= 0) take(at);
    else if (event.key === "Tab" && !event.shiftKey && (at >= 0 || input.value.trim())) take(Math.max(at, 0));
    else return false;
    event.preventDefault();
    return true;
  }

  return {
    node, open, close, takes,
    // The one row that what was typed begins, if it is the only one offered.
    onlyOne: () => (shown.length === 1 && shown[0].text.toLowerCase().startsWith(input.value.trim().toLowerCase()) ? shown[0] : null),
    // The row that was typed whole, unless the arrows have gone to another.
    whole: () => (at < 0 ? shown.find((row) => row.text.toLowerCase() === input.value.trim().toLowerCase()) : undefined),
    choose: (row) => (close(), choose(row)),
  };
}
