// What is in a file, in a window over the page. Without scripts the same stands on a page of its own.
const WINDOW = "preview-window";

function place() {
  const found = document.getElementById(WINDOW);
  if (found) return found;
  const made = document.createElement("dialog");
  made.id = WINDOW;
  made.className = "dialog dialog--preview";
  made.setAttribute("aria-labelledby", "preview-name");
  made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
  made.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: "before", ArrowRight: "after" }[event.key];
    const link = step && !event.altKey && !event.ctrlKey && !event.metaKey && made.querySelector(`[data-preview-step=${step}]`);
    if (link) { event.preventDefault(); link.click(); }
  });
  made.addEventListener("close", () => made.replaceChildren());
  document.body.append(made);
  return made;
}

// The address that a link leads to is the fallback: where the window can't be filled, the page opens.
async function fill(address) {
  const box = place();
  box.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { cache: "no-store", headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.status === 204) throw new Error(`${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#preview");
    if (!page) throw new Error("no preview");
    box.replaceChildren(document.adoptNode(page));
  } catch {
    location.assign(address);
    return;
  } finally {
    box.removeAttribute("aria-busy");
  }
  for (const link of box.querySelectorAll("[data-preview-step]")) follow(link, link.dataset.previewStep);
  if (!box.open) box.showModal();
}

function follow(link, step) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    await fill(link.href);
    // The pressed arrow is gone; its successor, or the other one at the end, takes the focus.
    const arrows = document.getElementById(WINDOW);
    if (step) (arrows.querySelector(`[data-preview-step=${step}]`) ?? arrows.querySelector("[data-preview-step]"))?.focus();
  });
}

// A file that can't be drawn is a plain file: its empty picture goes, its name stays.
function forget(picture) {
  picture.closest(".file")?.classList.remove("file--seen");
  picture.remove();
}

export function showPreviews(root) {
  for (const link of root.querySelectorAll("a[data-preview]")) {
    follow(link);
    const picture = link.querySelector("img");
    if (!picture) continue;
    if (picture.complete && picture.currentSrc && !picture.naturalWidth) forget(picture);
    else picture.addEventListener("error", () => forget(picture));
  }
}
