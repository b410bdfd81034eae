// The field of an answer opens at a press, takes the focus, and stands open where a draft waits.
export function openAnswers(root) {
  for (const answer of root.querySelectorAll("details.answer__field")) {
    const field = answer.querySelector("textarea");
    const begin = () => field.focus();
    answer.querySelector("summary").addEventListener("click", () => {
      if (!answer.open) requestAnimationFrame(begin);
    });
    if (field.value.trim()) answer.open = true;
    // What is pasted beside the closed field goes into it, so it must be seen.
    document.addEventListener("paste", (event) => {
      const held = event.clipboardData;
      if (answer.isConnected && held?.files.length && !held.types.includes("text/plain")) answer.open = true;
    });
    for (const link of root.querySelectorAll(`[data-opens="${answer.id}"]`)) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        answer.open = true;
        begin();
      });
    }
  }
}
