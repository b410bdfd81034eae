// The pictures of a letter come at a press; then the line that asks about them has said its piece.
export function watchLetters() {
  document.body.addEventListener("click", (event) => {
    const press = event.target.closest?.(".letter__bar a");
    if (!press || event.ctrlKey || event.metaKey || event.shiftKey) return;
    press.closest(".letter__bar").hidden = true;
    press.closest(".letter").querySelector("iframe").focus();
  });
}
