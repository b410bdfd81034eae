// The desk's list: a row changes where it stands, a new ticket waits behind a button, a row that has
// left its group stays marked until somebody presses or comes again (design, “Live updates”).
const place = () => document.querySelector("#live").dataset;
const list = () => document.querySelector("main.desk .desk__list");
const rowOf = (number) => list()?.querySelector(`[id="row-${CSS.escape(number)}"]`);
const groupOf = (name) => list()?.querySelector(`[data-group="${CSS.escape(name)}"]`);
const countOf = (name) => list()?.querySelector(`[data-count="${CSS.escape(name)}"]`);
const nameOf = (row) => { const group = row.closest(".group"); return group?.dataset.group ?? group?.querySelector("[data-count]")?.dataset.count ?? ""; };
const waiting = new Map(); // the name of a group → the numbers that came into it
let pressed = null;
let reading = false;
let readAgain = false;

document.addEventListener("pointerdown", ({ target }) => { pressed = target.closest?.(".ticket-row") ?? null; }, true);
for (const name of ["pointerup", "pointercancel"]) {
  document.addEventListener(name, () => setTimeout(() => { const row = pressed; pressed = null; row?.dispatchEvent(new Event("live:released")); }), true);
}

export function tellList({ tickets = [], counts = {}, gone = [] }) {
  if (!list()) return;
  for (const ticket of tickets) tell(ticket);
  for (const number of gone) hide(number);
  for (const [name, count] of Object.entries(counts)) {
    const shown = countOf(name);
    if (shown && shown.textContent !== count) shown.textContent = count;
  }
  offerAgain();
}

function tell({ number, group, row: html, is_new: isNew }) {
  for (const [name, numbers] of waiting) if (name !== group) numbers.delete(number);
  const row = rowOf(number);
  const name = row ? nameOf(row) : "";
  if (row && html) change(row, html);
  if (row) leave(row, name === group ? "" : place().left);
  const unseen = group && (row ? name !== group : isNew);
  if (!unseen || !countOf(group)) return;
  if (list().querySelector("[data-group]")) { append(group, html); return; }
  if (!waiting.has(group)) waiting.set(group, new Set());
  waiting.get(group).add(number);
}

// The inbox is one list with the longest waiting first: what comes stands at its end and moves nothing.
// Where more of it is still to be shown, the count alone tells.
function append(name, html) {
  const end = groupOf(name)?.querySelector("[data-adds]");
  const draft = document.createElement("template");
  draft.innerHTML = html;
  const row = draft.content.firstElementChild;
  if (!end || !row) return;
  end.append(row);
  end.hidden = false;
  end.parentElement.querySelector(".group__none")?.remove();
  window.htmx?.process(row);
  row.dispatchEvent(new Event("live:changed", { bubbles: true }));
}

// Piece by piece, so that the link keeps its focus and a press that has begun still counts.
function change(row, html) {
  if (row === pressed) { row.addEventListener("live:released", () => change(row, html), { once: true }); return; }
  const draft = document.createElement("template");
  draft.innerHTML = html;
  const fresh = draft.content.firstElementChild;
  row.toggleAttribute("data-unread", fresh.hasAttribute("data-unread"));
  const known = [...row.children];
  for (const piece of [...fresh.children]) {
    const kind = piece.classList[0] ?? piece.localName;
    const old = known.find((one) => (one.classList[0] ?? one.localName) === kind);
    if (!old) row.append(piece);
    else if (old.matches("a")) { if (old.textContent !== piece.textContent) old.textContent = piece.textContent; }
    else if (!old.matches("input, label") && old.outerHTML !== piece.outerHTML && !old.contains(document.activeElement)) old.replaceWith(piece);
  }
  row.dispatchEvent(new Event("live:changed", { bubbles: true }));
}

function leave(row, words) {
  row.toggleAttribute("data-left", Boolean(words));
  const time = row.querySelector(".sla");
  if (words && time) { time.textContent = words; time.removeAttribute("title"); }
}

// A ticket that one may not see any more: its place stays, its words go.
function hide(number) {
  for (const numbers of waiting.values()) numbers.delete(number);
  const row = rowOf(number);
  if (!row || row.hasAttribute("data-gone")) return;
  row.setAttribute("data-gone", "");
  row.removeAttribute("data-unread");
  for (const piece of row.children) if (!piece.matches("a")) piece.textContent = "";
  const link = row.querySelector("a");
  for (const name of ["href", "hx-get"]) link?.removeAttribute(name);
  if (link) link.textContent = number;
  leave(row, place().gone);
}

const forms = new Intl.PluralRules(document.documentElement.lang || "en");
const words = (number) => {
  const form = { one: place().one, few: place().few }[forms.select(number)] ?? place().many;
  return form.replace(/\d+/, number);
};

// The buttons, as far as their groups have anything to offer.
export function offerAgain() {
  for (const slot of list()?.querySelectorAll("[data-more]") ?? []) {
    const number = waiting.get(slot.dataset.more)?.size ?? 0;
    let button = slot.querySelector("button");
    if (!number) { if (!button?.matches(":focus")) button?.remove(); continue; }
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn--link btn--s";
      button.addEventListener("click", (event) => { event.preventDefault(); show(slot.dataset.more); });
      slot.append(button);
    }
    if (button.textContent !== words(number)) button.textContent = words(number);
  }
}

// Somebody pressed: now the group may move, and what has left it goes.
async function show(name) {
  const answer = await fetch(`${place().desk}?whose=${encodeURIComponent(place().whose)}`, { headers: { "X-Live": "list" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = countOf(name);
  const then = page.querySelector(`.desk__list [data-count="${CSS.escape(name)}"]`);
  const group = now?.closest(".group");
  if (!then || !group) return;
  const came = waiting.get(name) ?? new Set();
  waiting.delete(name);
  now.textContent = then.textContent;
  const fresh = [...then.closest(".group").children].filter((one) => !one.matches(".group__head"));
  for (const old of [...group.children]) if (!old.matches(".group__head")) old.remove();
  for (const row of fresh.flatMap((one) => [...one.querySelectorAll(".ticket-row[id]")])) rowOf(row.id.slice(4))?.remove();
  group.append(...fresh);
  if (group.matches("details")) group.open = true;
  window.htmx?.process(group);
  settle(group, came);
  offerAgain();
}

function settle(group, came) {
  const chosen = document.querySelector("#ticket[data-number]")?.dataset.number;
  if (chosen) rowOf(chosen)?.querySelector("a")?.setAttribute("aria-current", "true");
  const links = [...group.querySelectorAll(".ticket-row__subject")];
  const first = links.find((link) => came.has(link.closest(".ticket-row").id.slice(4))) ?? links[0];
  first?.focus();
  group.dispatchEvent(new Event("live:changed", { bubbles: true }));
}

// All that is shown, as it is now: after a long cut, or when a ticket went to others.
export async function readRows() {
  if (!list()) return;
  if (reading) { readAgain = true; return; }
  reading = true;
  try {
    const numbers = [...list().querySelectorAll(".ticket-row[id]:not([data-gone])")].map((row) => row.id.slice(4));
    const asked = new URLSearchParams({ whose: place().whose, rows: numbers.join(",") });
    const answer = await fetch(`${place().news}?${asked}`, { headers: { "X-Live": "rows" } });
    if (answer.ok && !answer.redirected) tellList(await answer.json());
  } catch { /* the network: the stream says so, and asks again */ } finally { reading = false; }
  if (readAgain) { readAgain = false; readRows(); }
}
