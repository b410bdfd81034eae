// Keys are bound to places on the keyboard, so they work in Russian and Bulgarian layouts;
// they rest while a field has the focus.
const typing = (node) => node.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

function step(direction) {
  const links = [...document.querySelectorAll(".desk__list .ticket-row__subject")].filter((link) => link.offsetParent);
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = links[at === -1 ? 0 : at + direction];
  next?.focus();
  next?.click();
}

export function bindKeys() {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.closest?.("form");
      const button = [...(form?.querySelectorAll("[type=submit]") ?? [])].find((one) => one.offsetParent);
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.code === "Slash") { event.preventDefault(); document.querySelector("#search")?.focus(); return; }
    if (event.code === "KeyJ") return step(1);
    if (event.code === "KeyK") return step(-1);
    if (event.code === "KeyU") { document.querySelector(".ticket__back")?.click(); return; }
    const target = document.querySelector(`#ticket [data-key="${event.code}"]`);
    if (!target) return;
    event.preventDefault();
    target.click();
    if (target.matches("[type=radio]")) document.querySelector("#text")?.focus();
  });
}
