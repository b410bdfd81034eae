// What was said leaves in a few seconds: it is counted down, and then shown as it is by then. The
// toast goes along to the next ticket, so that the way back does not stay behind.
import { readPane } from "./live_pane.js";

const AFTER = 1500;
const TRIES = 8;
const due = new WeakMap();
const told = new Set();
const paneOf = () => document.querySelector("#ticket[data-number]");
const lastNumber = /\d+(?!.*\d)/s;
let tries = 0;

function show() {
  const now = performance.now();
  let waits = false;
  for (const node of document.querySelectorAll("[data-seconds]")) {
    const left = Math.ceil((due.get(node) - now) / 1000);
    const words = node.querySelector("[data-left]");
    const text = words?.textContent.replace(lastNumber, String(Math.max(left, 0)));
    if (words && words.textContent !== text) words.textContent = text;
    if (left > 0) waits = true;
    else if (node.matches("body > .toast")) node.remove();
    else if (!node.matches(".toast")) leave(node, now);
  }
  if (waits || document.querySelector("#ticket [data-pending]")) setTimeout(show, 250);
  else running = false;
}
let running = false;

function leave(node, now) {
  if (now < due.get(node) + AFTER || tries > TRIES) return;
  tries += 1;
  due.set(node, now);
  if (document.querySelector("#live")) readPane();
  else window.htmx?.ajax("GET", location.pathname, { target: "#ticket", swap: "outerHTML" });
}

// One that came back as a draft belongs into its form, which the quick way leaves alone.
function comeBack(root) {
  const back = [...root.querySelectorAll("[data-unsent]"), ...(root.matches?.("[data-unsent]") ? [root] : [])];
  const fresh = back.filter((node) => !told.has(node.id));
  for (const node of fresh) told.add(node.id);
  if (!fresh.length || root.matches?.("#ticket") || root === document) return;
  const pane = paneOf();
  window.htmx?.ajax("GET", pane.dataset.address ?? `/tickets/${pane.dataset.number}/`, { target: "#ticket", swap: "outerHTML" });
}

export function watchPending(root) {
  const counted = [...root.querySelectorAll("[data-seconds]"), ...(root.matches?.("[data-seconds]") ? [root] : [])];
  for (const node of counted) due.set(node, performance.now() + Number(node.dataset.seconds) * 1000);
  comeBack(root);
  settleToasts();
  if (!counted.length) return;
  tries = 0;
  const own = counted.find((node) => node.dataset.told);
  const line = document.querySelector("#composer [data-draft-state]");
  if (own && line) setTimeout(() => { line.textContent = own.dataset.told; }, 100);
  if (!running) { running = true; show(); }
}

// Each toast stands over the tickets to which it does not belong.
function settleToasts() {
  const number = paneOf()?.dataset.number;
  for (const toast of document.querySelectorAll("body > .toast[data-toast]")) {
    if (toast.dataset.ticket === number) toast.remove();
    else toast.hidden = false;
  }
  for (const toast of document.querySelectorAll("#ticket .toast[data-toast]")) {
    if (toast.dataset.ticket !== number) document.body.append(toast);
  }
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "ticket") return;
  for (const toast of document.querySelectorAll("#ticket .toast[data-toast]")) {
    if (!document.querySelector(`body > [data-toast="${toast.dataset.toast}"]`)) document.body.append(toast);
  }
});
