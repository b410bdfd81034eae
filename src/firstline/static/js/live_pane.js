// The open ticket: what is new is added below, the head follows, and the composer is never touched.
import { say } from "./presence.js";

const NEAR = 48; // px from the end: whoever reads there follows
const place = () => document.querySelector("#live").dataset;
const paneOf = () => document.querySelector("#ticket[data-number]");
const isBusy = () => document.querySelector("dialog[open], :popover-open");
const quiet = (node) => node.outerHTML.replace(/name="(csrfmiddlewaretoken|submission|draft_\w+)" value="[^"]*"/g, "");
const isTouched = (root) => [...root.querySelectorAll("input:not([type=hidden]), textarea, select")].some((field) =>
  field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
    : field.type === "file" ? field.files.length > 0
      : field.type !== "select-one" && field.value !== field.defaultValue);
let dress = () => {};
let reading = false;
let readAgain = false;
let postponed = false;

export function followPane(dressing) {
  dress = dressing;
  const later = () => { if (postponed && !isBusy()) { postponed = false; readPane(); } };
  for (const name of ["toggle", "close"]) document.addEventListener(name, () => setTimeout(later), true);
  document.addEventListener("pointerout", ({ target }) => { if (postponed && target.closest?.(".ticket__head")) setTimeout(later, 300); });
}

export async function readPane() {
  const pane = paneOf();
  if (!pane) return;
  if (reading) { readAgain = true; return; }
  reading = true;
  try {
    const last = [...pane.querySelectorAll(".feed > .msg[id^=m]")].at(-1);
    const address = place().ticketNews.replace("NUMBER", encodeURIComponent(pane.dataset.number));
    const answer = await fetch(`${address}?after=${last?.id.slice(1) ?? ""}`, { headers: { "X-Live": "ticket", "X-List": place().list } });
    if (pane !== paneOf()) return;
    if (answer.status === 404) lose(pane);
    else if (answer.ok && !answer.redirected) renew(pane, await answer.text(), last);
  } catch { /* the network: the stream says so, and asks again */ } finally { reading = false; }
  if (readAgain) { readAgain = false; readPane(); }
}

function renew(pane, html, last) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("article[data-number]");
  if (!fresh || pane !== paneOf()) return;
  add(pane.querySelector(".feed"), fresh.querySelector(".feed"), last);
  if (isBusy() || pane.querySelector(".ticket__head:hover")) { postponed = true; return; }
  head(pane, fresh);
  facts(pane, fresh);
  windows(pane, fresh);
}

function put(old, node) {
  old.replaceWith(node);
  window.htmx?.process(node);
  dress(node);
}

function behind(feed, id) {
  const nodes = [...feed.children];
  const at = id ? nodes.findIndex((node) => node.id === id) : -1;
  return nodes.slice(at + 1);
}

// Both feeds end after the same message: what stands there already stays, the rest is put below it.
function add(feed, fresh, last) {
  if (!feed || !fresh) return;
  const atEnd = feed.scrollHeight - feed.scrollTop - feed.clientHeight < NEAR;
  const foot = last && fresh.querySelector(`[id="${last.id}"] .msg__foot`);
  const oldFoot = last?.querySelector(".msg__foot");
  if (foot && oldFoot && quiet(foot) !== quiet(oldFoot)) put(oldFoot, foot);
  const old = behind(feed, last?.id).filter((node) => !node.matches(".feed__mark--new"));
  const now = behind(fresh, last?.id);
  while (old.length && now.length && old[0].textContent.trim() === now[0].textContent.trim()) { old.shift(); now.shift(); }
  for (const node of old) node.remove();
  const message = now.find((node) => node.matches(".msg[id^=m]"));
  if (message && !feed.querySelector(".feed__mark--new")) now.splice(now.indexOf(message), 0, newMark());
  feed.append(...now);
  for (const node of now) { window.htmx?.process(node); dress(node); }
  if (message) say(place().message);
  if (atEnd) feed.scrollTop = feed.scrollHeight;
}

function newMark() {
  const mark = document.createElement("p");
  mark.className = "feed__mark feed__mark--new";
  mark.append(Object.assign(document.createElement("span"), { textContent: place().newForYou }));
  return mark;
}

function head(pane, fresh) {
  const old = pane.querySelector(".ticket__head");
  const now = fresh.querySelector(".ticket__head");
  if (!old || !now || old.querySelector("input:not([type=hidden]), textarea, select")) return;
  // What the last press said stays until the next one.
  now.append(...old.querySelectorAll(".ticket__notice:is([role=status], [role=alert])"));
  if (quiet(old) === quiet(now)) return;
  const focus = old.contains(document.activeElement) ? document.activeElement : null;
  const back = (node) => node.closest(".ticket__head").querySelector("#subject");
  const twin = focus && [...now.querySelectorAll("a, button, [tabindex]")].find((node) => node.textContent.trim() === focus.textContent.trim());
  put(old, now);
  if (focus) (twin ?? back(now.firstElementChild))?.focus({ preventScroll: true });
}

// What the ticket is about; the notes beside it are a form and keep what is typed in them.
function facts(pane, fresh) {
  const old = [...pane.querySelectorAll(".ticket__side > .facts")];
  const now = [...fresh.querySelectorAll(".ticket__side > .facts")];
  if (!old.length || old.some((one) => one.contains(document.activeElement) || isTouched(one))) return;
  if (old.map(quiet).join() !== now.map(quiet).join()) {
    for (const one of old.slice(1)) one.remove();
    const nodes = now.length ? now : [document.createComment("")];
    old[0].replaceWith(...nodes);
    for (const node of now) { window.htmx?.process(node); dress(node); }
  }
  const notes = pane.querySelector("#notes");
  const fresher = fresh.querySelector("#notes");
  const version = (form) => form?.querySelector("[name=based_on]")?.value;
  const isFree = notes && !notes.contains(document.activeElement) && !isTouched(notes) && !notes.querySelector(".errors");
  if (isFree && fresher && version(notes) !== version(fresher)) put(notes, fresher);
}

// Closed windows of the ticket, which have to fit its state: what is begun in one stays.
function windows(pane, fresh) {
  const inside = (root) => [...root.children].filter((node) => node.id && node.matches("[popover], dialog"));
  const now = new Map(inside(fresh).map((node) => [node.id, node]));
  for (const old of inside(pane)) {
    const next = now.get(old.id);
    now.delete(old.id);
    if (isTouched(old)) continue;
    if (!next) old.remove();
    else if (quiet(old) !== quiet(next)) put(old, next);
  }
  for (const node of now.values()) { pane.append(node); window.htmx?.process(node); dress(node); }
}

// The ticket is no longer for this reader: its words go, what they typed stays theirs.
function lose(pane) {
  const typed = [...pane.querySelectorAll("textarea")].map((field) => field.value.trim()).filter(Boolean);
  const box = document.createElement("section");
  box.className = "ticket";
  box.id = "ticket";
  const told = document.createElement("div");
  told.className = "empty empty--pane";
  told.setAttribute("role", "alert");
  told.append(Object.assign(document.createElement("p"), { textContent: place().goneTicket }));
  for (const text of typed) told.append(Object.assign(document.createElement("textarea"), { className: "input", rows: 6, value: text, readOnly: true, ariaLabel: place().goneTicket }));
  box.append(told);
  pane.replaceWith(box);
}
