// A choice narrows another list at once: the types of a department, the machines of a site.
function narrow(first, second, all) {
  const fitting = all.filter((option) => !first.value || !option.dataset.of || option.dataset.of === first.value);
  const chosen = second.value;
  second.replaceChildren(...fitting);
  second.value = fitting.some((option) => option.value === chosen) ? chosen : "";
  if (second.value !== chosen) second.dispatchEvent(new Event("change", { bubbles: true }));
}

export function narrowLists(root) {
  for (const second of root.querySelectorAll("select[data-narrowed-by]")) {
    const first = root.querySelector(`#${second.dataset.narrowedBy}`);
    if (!first) continue;
    const all = [...second.options];
    first.addEventListener("change", () => narrow(first, second, all));
    narrow(first, second, all);
  }
}
