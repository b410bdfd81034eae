// Files are chosen, dropped or pasted; each is named, and what the desk would refuse never travels.
const words = () => document.querySelector("#words")?.dataset ?? {};

function size(bytes) {
  const units = (words().units ?? "B KB MB GB").split(" ");
  let number = bytes;
  let power = 0;
  for (; Math.round(number * 10) / 10 >= 1024 && power < units.length - 1; power += 1) number /= 1024;
  const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1, useGrouping: false });
  return `${format.format(number)}\u00a0${units[power]}`;
}

function icon(name) {
  const sprite = document.querySelector("svg.icon use").getAttribute("href").split("#")[0];
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#i-${name}`);
  drawing.append(use);
  return drawing;
}

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// A screenshot comes from the clipboard as image.png, whatever it shows.
function named(file) {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const moment = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 19).replace(/[T:]/g, "-");
  return new File([file], `${words().screenshot}-${moment}.${file.name.split(".").pop()}`, { type: file.type });
}

// Files of a ticket's forms, by draft, while the ticket is brought anew around them.
const waiting = new Map();
const onTickets = new Set();

class Files {
  constructor(input) {
    this.input = input;
    this.box = input.closest("[data-most]") ?? input.form;
    this.list = this.box?.querySelector("[data-file-list]");
    this.chosen = [];
    input.addEventListener("change", () => {
      const picked = [...input.files];
      if (!this.list) this.chosen = [];
      this.add(picked);
    });
    // A ticket has several forms: each takes what comes to its conversation or to its window.
    const around = input.form?.dataset.kept ? input.closest("[data-drop]") : null;
    const zone = around ?? this.box?.querySelector("[data-drop]");
    if (!zone) return;
    for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { if (holdsFiles(event)) zone.dataset.over = ""; });
    for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => { delete zone.dataset.over; });
    zone.addEventListener("drop", (event) => this.drop(event));
    (around ?? document).addEventListener("paste", (event) => this.paste(event));
    if (input.form?.dataset.kept) this.stay(input.form);
  }

  // What was chosen goes along when the ticket is brought anew, unless the form itself was accepted.
  stay(form) {
    this.key = form.dataset.draft;
    onTickets.add(this);
    const before = waiting.get(this.key);
    waiting.delete(this.key);
    if (before) this.add(before);
    form.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
      if (detail.elt === form && detail.xhr.status < 400) this.chosen = [];
    });
  }

  drop(event) {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    this.add([...event.dataTransfer.files]);
  }

  // A text in the clipboard goes where the cursor is; a picture alone is a file.
  paste(event) {
    const held = event.clipboardData;
    if (event.defaultPrevented || !this.input.isConnected || !held?.files.length || held.types.includes("text/plain")) return;
    event.preventDefault();
    this.add([...held.files].map(named));
  }

  add(files) {
    const limit = Number(words().limit);
    const most = Number(this.box?.dataset.most ?? 20);
    const refused = [];
    for (const file of files) {
      const same = this.chosen.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified);
      if (file.size > limit) refused.push([file, `${words().tooLarge}`]);
      else if (!file.size) refused.push([file, words().empty]);
      else if (!same && this.chosen.length >= most) refused.push([file, words().tooMany]);
      else if (!same) this.chosen.push(file);
    }
    this.show(refused);
  }

  show(refused = []) {
    const kept = new DataTransfer();
    for (const file of this.chosen) kept.items.add(file);
    this.input.files = kept.files;
    if (!this.list) return;
    const lines = refused.map(([file, why]) => `${file.name} (${size(file.size)}) ${why}`);
    this.list.replaceChildren(...this.chosen.map((file) => this.row(file)));
    this.list.hidden = !this.chosen.length;
    const told = lines.map((line) => { const row = element("p", "", { class: "error" }); row.append(icon("error"), line); return row; });
    this.box.querySelector("[data-file-refusals]").replaceChildren(...told);
  }

  row(file) {
    const row = element("li", "", { class: "file" });
    const button = element("button", "", { type: "button", class: "btn btn--quiet btn--icon btn--s", "aria-label": `${words().remove} ${file.name}` });
    button.append(icon("close"));
    button.addEventListener("click", () => {
      const at = this.chosen.indexOf(file);
      this.chosen.splice(at, 1);
      this.show();
      const buttons = this.list.querySelectorAll("button");
      (buttons[Math.min(at, buttons.length - 1)] ?? this.input).focus();
    });
    row.append(icon(file.type.startsWith("image/") ? "image" : "doc"), element("span", file.name), element("small", size(file.size)), button);
    return row;
  }
}

const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

// A file dropped beside its place would be opened in place of the desk, and what is typed would be gone.
export function guardDrops() {
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => {
      if (holdsFiles(event) && !event.target.matches?.("input[type=file]")) event.preventDefault();
    });
  }
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id !== "ticket") return;
    for (const files of onTickets) {
      if (files.chosen.length && files.input.isConnected) waiting.set(files.key, files.chosen);
      onTickets.delete(files);
    }
  });
}

export function watchFiles(root) {
  for (const input of root.querySelectorAll("input[type=file][name=files]")) {
    // A box that htmx kept is watched already.
    if (input.dataset.watched) continue;
    input.dataset.watched = "yes";
    new Files(input);
  }
}
