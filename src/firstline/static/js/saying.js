// The windows in which something is said, and the mark of what was typed as hidden. That it may go
// public after all is said of one text: changed or hidden again, it is asked about anew. Without scripts
// windows open as well; one that was refused comes open, and here it becomes one like the others.
const isHidden = (mode) => ["hidden", "aside", "between"].includes(mode);

function begin(form) {
  if (form.dataset.watched) return;
  form.dataset.watched = "";
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => countCopies(form));
  const { was_hidden: mark, public: confirmed } = form.elements;
  if (!mark) return;
  const askAgain = () => {
    confirmed?.remove();
    form.querySelector("[data-asks]")?.remove();
  };
  form.addEventListener("change", ({ target }) => {
    if (target.name !== "mode" || !isHidden(target.value)) return;
    askAgain();
    if (form.elements.text.value.trim()) mark.value = "1";
  });
  form.addEventListener("input", ({ target }) => {
    if (!target.matches("textarea")) return;
    askAgain();
    if (!target.value.trim()) mark.value = "";
    else if (isHidden(form.querySelector("[name=mode]:checked")?.value)) mark.value = "1";
  });
}

// The fold and the button say how many get a copy, so that nobody answers all without knowing it.
function countCopies(form) {
  const number = [...form.querySelectorAll("[data-recipient]")]
    .reduce((sum, field) => sum + (field.type === "checkbox" ? Number(field.checked) : field.value.split("@").length - 1), 0);
  for (const told of form.querySelectorAll("[data-copies]")) {
    told.querySelector("b").textContent = number;
    told.hidden = !number;
  }
  for (const offer of form.querySelectorAll("[data-no-copies]")) offer.hidden = Boolean(number);
}

export function openSaying(root) {
  const forms = [...root.querySelectorAll("form[data-kept]")];
  if (root.matches?.("form[data-kept]")) forms.push(root);
  forms.forEach(begin);
  for (const dialog of root.querySelectorAll("dialog.dialog--say[open]")) {
    dialog.removeAttribute("open");
    dialog.popover = "auto";
    dialog.showPopover();
    dialog.querySelector(".errors, [role=alert], textarea")?.focus();
    for (const link of dialog.querySelectorAll("a.btn[hx-boost=false]")) {
      link.addEventListener("click", (event) => { event.preventDefault(); dialog.hidePopover(); });
    }
  }
}
