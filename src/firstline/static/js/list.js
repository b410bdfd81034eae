// The desk's list: it keeps its place from page to page, its rows are walked by the keyboard, and
// the server is told which groups stand open.
const listOf = () => document.querySelector(".desk__list[data-folds]");
const isSeen = (node) => node.checkVisibility ? node.checkVisibility() : Boolean(node.offsetParent);
const rowsOf = () => [...document.querySelectorAll(".desk__list .ticket-row__subject")].filter(isSeen);

function show(link) {
  link.focus({ preventScroll: true });
  link.closest("li").scrollIntoView({ block: "nearest" });
}

// The row above or below the one that has the focus, else beside the ticket that is open; false
// where there are no rows to walk.
export function walkRows(direction) {
  const rows = rowsOf();
  if (!rows.length) return false;
  const focused = rows.indexOf(document.activeElement);
  const at = focused === -1 ? rows.findIndex((link) => link.hasAttribute("aria-current")) : focused;
  const next = rows[at === -1 ? 0 : at + direction];
  if (next) show(next);
  return true;
}

// From the ticket back to its row; where one pane is all there is, back to the list.
export function backToList() {
  const rows = rowsOf();
  const row = rows.find((link) => link.hasAttribute("aria-current")) ?? rows[0];
  if (row) show(row);
  else document.querySelector(".ticket__back")?.click();
}

function keepPlace(list) {
  const whose = list.querySelector(".views [aria-current]")?.getAttribute("href") ?? "";
  const key = `desk-place:${whose}`;
  try { list.scrollTop = Number(sessionStorage.getItem(key) ?? 0); } catch { /* begins at the top */ }
  list.querySelector(".ticket-row [aria-current]")?.closest("li").scrollIntoView({ block: "nearest" });
  list.addEventListener("scroll", () => {
    if (!isSeen(list)) return;
    try { sessionStorage.setItem(key, list.scrollTop); } catch { /* this page only */ }
  }, { passive: true });
}

// A fold that begins open reports so, too: only what differs from before is a choice.
function keepFolds(list) {
  const before = new WeakMap();
  for (const group of list.querySelectorAll("details[data-fold]")) before.set(group, group.open);
  list.addEventListener("toggle", ({ target: group }) => {
    if (!group.matches("details[data-fold]") || before.get(group) === group.open) return;
    before.set(group, group.open);
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    const body = new URLSearchParams({ key: group.dataset.fold, csrfmiddlewaretoken: token });
    if (group.open) body.set("open", "1");
    fetch(list.dataset.folds, { method: "POST", body, keepalive: true }).catch(() => { /* asked again with the next press */ });
  }, true);
}

export function keepList() {
  const list = listOf();
  if (!list) return;
  keepFolds(list);
  keepPlace(list);
}
