// The projects of an alert by the keyboard: ↓ goes into what was found, Enter picks it, and the field
// stands empty for the next one. Enter in the field picks what is typed there whole.
const field = () => document.querySelector("#projects");
const found = () => [...document.querySelectorAll("#found fieldset [name=project]")];

// Also for the draft, which must not bring back what was picked.
function write(text) {
  field().value = text;
  field().dispatchEvent(new Event("input", { bubbles: true }));
}

function walk(from, step) {
  const all = found();
  const to = from === field() ? (step > 0 ? 0 : -1) : all.indexOf(from) + step;
  (all[to] ?? (to < 0 ? field() : from)).focus();
}

// An answer to what was typed before would come over the choice, or push it out of htmx's queue.
const forget = () => htmx.trigger(field(), "htmx:abort");

function pick(box) {
  forget();
  write("");
  box.click();
  field().focus();
}

// The server knows which identifiers there are; what is none stays in the field.
async function pickTyped() {
  const values = { pick: "1" };
  forget();
  await htmx.ajax("GET", field().getAttribute("hx-get"), { source: field(), target: "#found", swap: "outerHTML", values });
  const left = document.querySelector("#found")?.dataset.left;
  if (left !== undefined) write(left);
}

export function watchProjects() {
  document.addEventListener("keydown", (event) => {
    const from = event.target;
    const inField = from.id === "projects";
    if (event.isComposing || event.ctrlKey || event.metaKey || !(inField || found().includes(from))) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) walk(from, step);
    else if (event.key === "Enter" && inField && from.value.trim()) pickTyped();
    else if (event.key === "Enter" && !inField) pick(from);
    else return;
    event.preventDefault();
  });
}
