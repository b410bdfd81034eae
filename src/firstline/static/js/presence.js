// Who stands before a ticket: this page says so of its reader, and shows it of the others.
const EVERY = 10_000;
const TYPES_EVERY = 3_000;
const RESTS_AFTER = 6_000;
const SAID_FOR = 5_000;
const place = () => document.querySelector("#live").dataset;
const numberOf = () => document.querySelector("#ticket[data-number]")?.dataset.number ?? "";
const people = new Map(); // number → [{name, initials, types}]
let at = ""; // the ticket that was said to be open
let saidAt = 0;
let typing = -TYPES_EVERY;
let resting;
let said;

function tell(number, state, parting = false) {
  if (!number) return;
  const body = new FormData();
  body.set("state", state);
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
  const address = place().presences.replace("NUMBER", encodeURIComponent(number));
  saidAt = performance.now();
  if (parting) navigator.sendBeacon(address, body);
  else fetch(address, { method: "POST", body, headers: { "X-Live": "presence" } }).catch(() => {});
}

function look() {
  const number = document.hidden ? "" : numberOf();
  if (number !== at) tell(at, "left", true);
  at = number;
  tell(at, "looks");
}

function type({ target }) {
  if (!target.matches?.("#ticket textarea")) return;
  clearTimeout(resting);
  resting = setTimeout(() => { typing = -TYPES_EVERY; look(); }, RESTS_AFTER);
  if (performance.now() - typing < TYPES_EVERY) return;
  typing = performance.now();
  at = numberOf();
  tell(at, "types");
}

export function attend() {
  look();
  setInterval(() => { if (performance.now() - saidAt > EVERY - 500) look(); }, EVERY);
  document.addEventListener("input", type);
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => { tell(at, "left", true); at = ""; });
  document.body.addEventListener("htmx:afterSwap", () => { if (numberOf() !== at) look(); });
  document.addEventListener("live:changed", draw);
}

// `news`: who stands where now, for the tickets that it names. `all`: nobody else is known of.
export function showPeople(news, all = false) {
  if (all) people.clear();
  for (const [number, who] of Object.entries(news)) {
    if (who.length) people.set(number, who);
    else people.delete(number);
  }
  draw();
}

const does = (one) => (one.types ? place().types : place().looks);

function draw() {
  for (const slot of document.querySelectorAll("[data-looking]")) {
    const who = people.get(slot.dataset.looking) ?? [];
    const words = who.map((one) => `${one.name} ${does(one)}`).join(", ");
    if ((slot.title || "") === words) { if (!words === !slot.firstChild) continue; }
    slot.replaceChildren();
    slot.title = words;
    if (!who.length) continue;
    const label = Object.assign(document.createElement("span"), { className: "sr-only", textContent: `${words}. ` });
    slot.append(document.querySelector("#live template").content.cloneNode(true), label);
  }
  drawLine();
}

function drawLine() {
  const line = document.querySelector("[data-live-state]");
  if (!line || said) return;
  const who = (people.get(numberOf()) ?? []).slice(0, 2);
  const words = who.map((one) => `${one.name} ${does(one)}`).join(" · ");
  if (line.dataset.shown === words) return;
  line.dataset.shown = words;
  line.replaceChildren(...who.map(person));
}

function person(one) {
  const box = Object.assign(document.createElement("span"), { className: one.types ? "live" : "live live--see" });
  const face = Object.assign(document.createElement("span"), { className: "avatar avatar--s avatar--us", textContent: one.initials, ariaHidden: "true" });
  box.append(face, Object.assign(document.createElement("span"), { textContent: `${one.name} ${does(one)}` }));
  if (one.types) {
    const dots = Object.assign(document.createElement("span"), { className: "dots", ariaHidden: "true" });
    dots.append(...[1, 2, 3].map(() => document.createElement("i")));
    box.append(dots);
  }
  return box;
}

// Something that is worth a word for a moment, in the line that is kept for it.
export function say(words) {
  const line = document.querySelector("[data-live-state]");
  if (!line) return;
  clearTimeout(said);
  line.dataset.shown = words;
  line.textContent = words;
  said = setTimeout(() => { said = undefined; line.dataset.shown = "\u0000"; drawLine(); }, SAID_FOR);
}
