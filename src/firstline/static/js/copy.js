// Two conveniences of the settings: copy a field at a press, choose a colour beside its digits.
export function watchCopies(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.querySelector("span").textContent = button.dataset.done;
      button.setAttribute("role", "status");
    });
  }
  for (const picker of root.querySelectorAll("[data-colour-for]")) {
    const digits = document.getElementById(picker.dataset.colourFor);
    picker.hidden = false;
    picker.addEventListener("input", () => { digits.value = picker.value; });
    digits.addEventListener("input", () => {
      if (/^#[0-9a-f]{6}$/i.test(digits.value)) picker.value = digits.value;
    });
  }
}
