// A form in a window over the page: htmx brings it as a dialog, and here it opens. What was typed
// stays in it when it is closed; without scripts the same form is a page.
import { keepDrafts } from "./drafts.js";
import { watchFiles } from "./files.js";

const opener = () => document.querySelector("[data-opens-window]");

function open(dialog) {
  dialog.addEventListener("close", () => opener()?.focus());
  dialog.showModal();
  dialog.querySelector(".errors")?.focus();
}

export function watchWindows() {
  document.body.addEventListener("htmx:load", ({ detail: { elt } }) => {
    if (!elt.matches?.("dialog[data-window]")) return;
    keepDrafts(elt);
    watchFiles(elt);
    open(elt);
  });
  document.body.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-window-close]")) event.target.closest("dialog").close();
  });
  // Opened again, it is the same window with all that was typed.
  document.body.addEventListener("htmx:confirm", (event) => {
    const waiting = event.detail.elt.matches("[data-opens-window]") && document.querySelector("dialog[data-window]");
    if (!waiting) return;
    event.preventDefault();
    waiting.showModal();
  });
}
