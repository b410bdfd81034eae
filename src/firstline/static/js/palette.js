// The palette: one line that finds tickets, people and what can be done here. Tickets and people come
// from the server as one types, actions from the table of keys.
const WAIT = 120;
let asked; // the request under way
let later;
let enter = false; // Enter was pressed before the answer was there
let offers = () => [];

const dialog = () => document.querySelector("#palette");
const field = () => dialog().querySelector("[role=combobox]");
const list = () => dialog().querySelector("[role=listbox]");
const options = () => [...list().querySelectorAll("[role=option]")];

export function openPalette(actions) {
  const box = dialog();
  if (!box || box.open) return false;
  offers = actions;
  if (!box.dataset.ready) prepare(box);
  field().value = "";
  box.showModal();
  field().focus();
  show("");
  return true;
}

function prepare(box) {
  box.dataset.ready = "yes";
  field().addEventListener("input", () => { clearTimeout(later); later = setTimeout(find, WAIT); });
  field().addEventListener("keydown", onKey);
  box.addEventListener("close", () => { clearTimeout(later); asked?.abort(); asked = undefined; enter = false; });
  // Beside the window: its backdrop is the dialog itself.
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
}

function onKey(event) {
  if (event.isComposing) return;
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (move) {
    event.preventDefault();
    const all = options();
    if (all.length) choose(all[(all.findIndex(isChosen) + move + all.length) % all.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    event.stopPropagation();
    enter = Boolean(asked) || later !== undefined;
    if (!enter) open(options().find(isChosen), event.ctrlKey || event.metaKey);
    else if (later !== undefined) find();
  }
}

const isChosen = (option) => option.getAttribute("aria-selected") === "true";

function choose(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    field().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else field().removeAttribute("aria-activedescendant");
}

function open(option, elsewhere) {
  if (!option) return;
  if (elsewhere && option.href) { globalThis.open(option.href, "_blank", "noopener"); return; }
  if (option.href) { location.assign(option.href); return; }
  option.click();
}

// What is asked for now; an answer that comes after a newer question is not shown.
async function find() {
  clearTimeout(later);
  later = undefined;
  asked?.abort();
  asked = undefined;
  const typed = field().value.trim();
  if (!typed || typed.startsWith(">")) { show(""); return answered(); }
  const mine = asked = new AbortController();
  list().setAttribute("aria-busy", "true");
  try {
    const address = `${field().dataset.address}?${new URLSearchParams({ q: typed })}`;
    const answer = await fetch(address, { headers: { "X-Requested-With": "palette" }, signal: mine.signal });
    const text = answer.ok && !answer.redirected ? await answer.text() : "";
    if (asked === mine) show(text);
  } catch { /* gone on, or no network: what is here stays */ }
  if (asked !== mine) return undefined;
  asked = undefined;
  return answered();
}

function answered() {
  list().removeAttribute("aria-busy");
  if (enter) { enter = false; open(options().find(isChosen)); }
}

function show(found) {
  const typed = field().value.trim();
  list().innerHTML = found;
  if (!typed.startsWith("@")) list().append(...group(typed.replace(/^>\s*/, "").toLowerCase()));
  const all = options();
  choose(all[0]);
  field().setAttribute("aria-expanded", String(all.length > 0));
  dialog().querySelector("[role=status]").textContent = all.length ? "" : dialog().dataset.none;
  list().classList.toggle("palette__list--none", !all.length);
  list().dataset.none = dialog().dataset.none;
}

// The actions whose words hold each word typed.
function group(typed) {
  const words = typed.split(/\s+/).filter(Boolean);
  const fitting = offers().filter((one) => words.every((word) => one.words.toLowerCase().includes(word)));
  if (!fitting.length) return [];
  const box = make("div", { role: "group", "aria-labelledby": "palette-actions" });
  box.append(make("div", { role: "presentation", id: "palette-actions" }, dialog().dataset.actions));
  fitting.forEach((one, at) => {
    const option = make("div", { role: "option", id: `palette-action-${at}`, "aria-selected": "false" });
    option.append(make("span", {}, one.words), ...one.caps.map((cap) => make("kbd", { "aria-hidden": "true" }, cap)));
    option.addEventListener("click", () => { dialog().close(); one.run(); });
    box.append(option);
  });
  return [box];
}

function make(name, attributes, text = "") {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.textContent = text;
  return node;
}
