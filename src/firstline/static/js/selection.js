// Choosing rows for one act on many: by a press, with Shift up to there, by X and Shift X. The bar
// says how many. Without this file the boxes and the bar work all the same.
const boxes = () => [...document.querySelectorAll("[data-select]")].filter((box) => box.checkVisibility?.() ?? box.offsetParent);
let last = null;

function tell() {
  const words = document.querySelector("[data-chosen]");
  if (!words) return;
  const number = document.querySelectorAll("[data-select]:checked").length;
  const text = words.dataset.few.replace("{number}", number);
  if (words.textContent !== text) words.textContent = text;
}

function upTo(box, checked) {
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
  if (from < 0) { box.checked = checked; return; }
  for (const one of all.slice(from, to + 1)) one.checked = checked;
}

// The row that has the focus, else that of the open ticket; false where there is none.
export function chooseRow(range) {
  const row = document.activeElement?.closest?.(".ticket-row, .register tbody tr")
    ?? document.querySelector(".ticket-row:has([aria-current])");
  const box = row?.querySelector("[data-select]");
  if (!box) return false;
  if (range && last?.isConnected) upTo(box, true);
  else box.checked = !box.checked;
  last = box;
  tell();
  return true;
}

export function watchSelection() {
  const form = document.querySelector("form#bulk");
  if (!form) return;
  tell();
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-select]");
    if (!box) return;
    if (event.shiftKey && last?.isConnected && last !== box) upTo(box, box.checked);
    last = box;
    tell();
  });
  form.addEventListener("reset", () => { last = null; setTimeout(tell); });
  // Rows come and go by themselves: a row that is back is chosen as it was, one that left is not counted.
  const chosen = new Set();
  document.body.addEventListener("htmx:beforeSwap", () => {
    chosen.clear();
    for (const box of document.querySelectorAll("[data-select]:checked")) chosen.add(box.value);
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    for (const box of document.querySelectorAll("[data-select]")) if (chosen.has(box.value)) box.checked = true;
    tell();
  });
}
