// Keys are bound to places on the keyboard, so they work in Russian and Bulgarian layouts; they rest
// while a field has the focus. Which there are says the table in the window of keys
// (web/agent/keys.py), and nothing but that table: the list and what happens can't drift apart.
import { backToList, walkRows } from "./list.js";
import { openPalette } from "./palette.js";
import { chooseRow } from "./selection.js";

const PAUSE = 1500; // between the two keys of a pair
const typing = (node) => node.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
const over = () => document.querySelector("dialog:modal, .dialog:popover-open");

function send(event) {
  const form = event.target.closest?.("form");
  const seen = [...(form?.querySelectorAll("[type=submit]") ?? [])].filter((one) => one.offsetParent);
  const button = seen.find((one) => one.matches(".btn--primary")) ?? seen[0];
  button?.click();
  return Boolean(button);
}

// What the page marks with this key: a field takes the focus, a way to answer opens its field.
function press(code) {
  const target = marked(code);
  if (!target) return false;
  if (target.matches("textarea, select, input:not([type=radio], [type=checkbox])")) {
    const fold = target.closest("details");
    if (fold) fold.open = true;
    target.focus();
    return true;
  }
  target.click();
  target.popoverTargetElement?.closest(".menu:popover-open")?.querySelector("a, button")?.focus();
  if (target.matches("[type=radio]")) document.querySelector("#text")?.focus();
  return true;
}

const inList = (event) => event.target === document.body || Boolean(event.target.closest?.(".desk__list .ticket-row"));
const marked = (code) => document.querySelector(`[data-key="${code}"]`);
const follow = (selector) => { const link = document.querySelector(selector); link?.click(); return Boolean(link); };

// What is named in the table. `false`: there is nothing to do here, and the browser gets the key.
const DOES = {
  next: () => walkRows(1),
  previous: () => walkRows(-1),
  // Arrows scroll what has the focus, unless that is a row or nothing.
  down: (event) => inList(event) && walkRows(1),
  up: (event) => inList(event) && walkRows(-1),
  back: backToList,
  choose: () => chooseRow(false),
  choose_to: () => chooseRow(true),
  search: () => { const field = document.querySelector("#search"); field?.focus(); return Boolean(field); },
  palette: () => openPalette(actions),
  desk: () => follow('[data-goes="desk"]'),
  register: () => follow('[data-goes="register"]'),
  // Of several things that wait to happen the last one pressed comes back first.
  undo: () => {
    const ways = [...document.querySelectorAll("[data-undo]")];
    const last = ways.sort((one, other) => other.dataset.undo - one.dataset.undo)[0];
    last?.click();
    return Boolean(last);
  },
  waiting: () => location.assign(document.querySelector("[data-waiting]").dataset.waiting),
  keys: () => document.querySelector("#keys").showModal(),
  send,
  open: () => false, // a row is a link: the browser opens it
  close: () => false, // and closes windows
};

const rows = () => [...document.querySelectorAll("#keys [data-code]")];
// The portal has no table: there, these two.
const FEW = { "Control+Enter": { does: "send", whileTyping: "" }, Slash: { does: "search" } };

// What could be done here and now, for the palette: the same rows, with what they press.
function actions() {
  const quiet = new Set(["close", "send", "palette", "next", "previous", "down", "up", "open"]);
  const here = (row) => (row.dataset.does === "press" ? marked(row.dataset.code) : !quiet.has(row.dataset.does));
  return rows().filter(here).map((row) => ({
    words: row.querySelector("th").textContent,
    caps: [...row.querySelectorAll("kbd")].map((cap) => cap.textContent),
    run: () => run(row.dataset, new Event("palette")),
  }));
}

const run = (row, event) => (row.does === "press" ? press(row.code) : DOES[row.does](event));

function codeOf(event) {
  // These two are signs before they are places: where a layout has them elsewhere, they count too.
  if (event.key === "?") return "Shift+Slash";
  if (event.key === "/" && !event.ctrlKey) return "Slash";
  const held = [event.ctrlKey || event.metaKey ? "Control+" : "", event.shiftKey ? "Shift+" : ""];
  return held.join("") + (event.code === "NumpadEnter" ? "Enter" : event.code);
}

export function bindKeys() {
  const table = new Map(rows().map((row) => [row.dataset.code, row.dataset]));
  if (!table.size) for (const [code, row] of Object.entries(FEW)) table.set(code, row);
  const firsts = new Set([...table.keys()].filter((code) => code.includes(" ")).map((code) => code.split(" ")[0]));
  let first = "";
  let forgotten;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.defaultPrevented) return;
    const code = codeOf(event);
    const row = table.get(first ? `${first} ${code}` : code);
    const busy = typing(event.target) || over();
    clearTimeout(forgotten);
    first = !first && !busy && !event.repeat && firsts.has(code) ? code : "";
    if (first) forgotten = setTimeout(() => { first = ""; }, PAUSE);
    if (!row || (event.repeat && !("repeats" in row)) || (busy && !("whileTyping" in row))) return;
    if (row.does === "palette" && over()) return;
    if (run(row, event) !== false) event.preventDefault();
  });
  for (const button of document.querySelectorAll("[data-opens-palette]")) button.addEventListener("click", () => openPalette(actions));
}
