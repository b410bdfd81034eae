// What makes the pages quick. Everything works without it.
import { watchProjects } from "./alert_projects.js";
import { watchCopies } from "./copy.js";
import { keepDrafts } from "./drafts.js";
import { bindKeys } from "./keys.js";
import { openAnswers } from "./answers.js";
import { openAsked } from "./asked.js";
import { keepList } from "./list.js";
import { watchLetters } from "./letters.js";
import { goLive } from "./live.js";
import { watchPending } from "./pending.js";
import { openSaying } from "./saying.js";
import { showPreviews } from "./previews.js";
import { watchSelection } from "./selection.js";
import { narrowLists } from "./narrowing.js";
import { guardDrops, watchFiles } from "./files.js";
import { watchWindows } from "./windows.js";
import { guessZone } from "./zone.js";

function themeSwitch(root) {
  for (const button of root.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    button.onclick = () => {
      const page = document.documentElement;
      const dark = page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      page.dataset.theme = dark ? "light" : "dark";
      try { localStorage.setItem("theme", page.dataset.theme); } catch { /* this page only */ }
    };
  }
}

// The feed opens at its end, where the newest message is; details fold on a narrow screen.
function openFeed(root) {
  const feed = root.querySelector(".feed");
  if (feed) feed.scrollTop = feed.scrollHeight;
  const side = root.querySelector(".ticket__side");
  if (side?.querySelector("summary").offsetParent) side.open = false;
}

// On a phone the places of the product and of the settings lie in rows that scroll: where one is, is in sight.
function showPlace() {
  for (const here of document.querySelectorAll(".rail [aria-current], .sidenav [aria-current]")) {
    const row = here.closest("nav");
    const [box, place] = [row.getBoundingClientRect(), here.getBoundingClientRect()];
    row.scrollLeft += place.left + place.width / 2 - box.left - box.width / 2;
  }
}

function chosenTicket() {
  const pane = document.querySelector("#ticket[data-number]");
  const desk = document.querySelector("main.desk");
  if (!pane || !desk) return;
  desk.dataset.open = "ticket";
  for (const link of desk.querySelectorAll(".ticket-row__subject")) {
    if (link.pathname.split("/").at(-2) === decodeURIComponent(pane.dataset.number)) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function start(root) {
  themeSwitch(root);
  openFeed(root);
  narrowLists(root);
  keepDrafts(root);
  watchCopies(root);
  watchFiles(root);
  guessZone(root);
  openAnswers(root);
  openSaying(root);
  watchPending(root);
  showPreviews(root);
}

bindKeys();
showPlace();
openAsked();
watchWindows();
watchLetters();
guardDrops();
watchProjects();
start(document);
keepList();
watchSelection();
goLive((root) => { watchCopies(root); watchFiles(root); showPreviews(root); keepDrafts(root); openSaying(root); watchPending(root); });
document.body.addEventListener("htmx:afterSwap", (event) => {
  const pane = document.querySelector("#ticket");
  if (!pane || event.detail.target.id !== "ticket") return;
  chosenTicket();  // first: on a narrow screen the pane is shown by it, and what folds there can be seen
  start(pane);
  // What had the focus may be gone, or hidden where one pane is all there is.
  const now = document.activeElement;
  if (now === document.body || !now?.offsetParent) pane.querySelector("#subject")?.focus({ preventScroll: true });
  pane.querySelector(".errors, [role=alert]")?.focus();
});
// A form that came back with what is wrong in it.
document.body.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (!elt.matches?.("form[data-draft]")) return;
  narrowLists(elt);
  keepDrafts(elt);
  watchFiles(elt);
});
