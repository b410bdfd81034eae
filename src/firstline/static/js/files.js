// Chosen files are named, and those over the limit are refused before they travel.
const words = () => document.querySelector("#words").dataset;

export function watchFiles(root) {
  for (const input of root.querySelectorAll("input[type=file][name=files]")) {
    const names = input.form?.querySelector("[data-file-names]");
    input.addEventListener("change", () => {
      const limit = Number(words().limit);
      const kept = new DataTransfer();
      const refused = [];
      for (const file of input.files) {
        if (file.size > limit) refused.push(`${file.name} ${words().tooLarge}`);
        else kept.items.add(file);
      }
      input.files = kept.files;
      if (names) names.textContent = [...[...kept.files].map((file) => file.name), ...refused].join(", ");
      if (names) names.setAttribute("role", refused.length ? "alert" : "status");
    });
  }
}
