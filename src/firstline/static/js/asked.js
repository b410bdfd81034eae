// The window whose content comes when it is asked for (#window): it opens once that is there, and
// closes at a press of what has `data-close`, which is a link for those without scripts.
const dialog = () => document.querySelector("dialog#window");

export function openAsked() {
  const { body } = document;
  body.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
    const asked = dialog();
    if (!asked) return;
    if (target === asked) {
      if (!asked.open) asked.showModal();
      (asked.querySelector(".errors") ?? asked.querySelector("[autofocus]"))?.focus();
    } else if (target.id === "ticket" && asked.open) asked.close();
  });
  body.addEventListener("click", (event) => {
    const close = event.target.closest?.("[data-close]");
    const asked = close?.closest("dialog#window");
    if (!asked || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    asked.close();
  });
  // The box of notes came back: where both texts stand, or where one was typing.
  body.addEventListener("htmx:load", ({ detail: { elt } }) => {
    if (elt.id !== "notes") return;
    const place = elt.querySelector(".errors") ?? (document.activeElement === body ? elt.querySelector("textarea") : null);
    place?.focus();
  });
}
