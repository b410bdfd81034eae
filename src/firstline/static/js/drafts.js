// What was typed and not sent is kept until it was accepted: on the desk itself where the form says
// where (`data-kept`), in this browser as long as the desk has not got it. A draft is its person's:
// on a shared computer nobody reads another one's.
import { Kept } from "./kept.js";

const words = () => document.querySelector("#words")?.dataset ?? {};
const place = (key) => `draft:${words().person ?? ""}:${key}`;
const KEPT = new Set(["text", "tel", "email", "url", "number", "date", "datetime-local", "textarea", "select-one"]);

function read(key) {
  try { return JSON.parse(localStorage.getItem(place(key))) ?? {}; } catch { return {}; }
}

function write(key, values) {
  try {
    if (Object.keys(values).length) localStorage.setItem(place(key), JSON.stringify(values));
    else localStorage.removeItem(place(key));
  } catch { /* no storage: the page still has the text */ }
}

const fieldsOf = (root) => [...root.querySelectorAll("input, textarea, select")].filter((field) => field.name && KEPT.has(field.type));
const first = (field) => field.type === "select-one"
  ? ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? ""
  : field.defaultValue;
const canHold = (field, value) => field.type !== "select-one" || [...field.options].some((option) => option.value === value);

const drafts = new Set();
const keepAll = () => {
  for (const draft of drafts) {
    if (!draft.form.isConnected) drafts.delete(draft);
    else { draft.keep(); draft.kept?.send(true); }
  }
};
addEventListener("pagehide", keepAll);
document.addEventListener("visibilitychange", () => { if (document.hidden) keepAll(); });
// Another press may bring the whole ticket anew, with what is being typed below it.
document.addEventListener("htmx:beforeSwap", ({ detail }) => { if (detail.target.id === "ticket") keepAll(); });

class Draft {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.draft;
    this.aside = `${this.key}:elsewhere`;
    this.state = form.querySelector("[data-draft-state]");
    this.note = form.querySelector("[data-draft-note]");
    this.over = false;
    drafts.add(this);
    // A refused form shows what was typed last; any other begins with what was left.
    this.waiting = document.querySelector(".errors") ? {} : read(this.key);
    this.kept = form.dataset.kept ? this.keptOnDesk() : null;
    this.listen();
    const changed = this.fill(form);
    if (changed.length) { this.tell(); this.kept?.later(); }
    // What a choice brings with it (fields of a type) is asked for once htmx listens.
    const choices = changed.filter((field) => field.type === "select-one");
    const ask = () => choices.forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
    if (document.readyState === "complete") setTimeout(ask); else addEventListener("load", () => setTimeout(ask), { once: true });
  }

  // What was typed here while the desk's draft was changed elsewhere waits beside it, until one decides.
  keptOnDesk() {
    const putAside = (values) => write(this.aside, values);
    const kept = new Kept(this.form, this.state, words, { saved: () => write(this.key, {}), putAside });
    if (kept.isPaused) return kept;
    kept.restore(this.waiting);
    const { text, "@hidden": hidden } = read(this.aside);
    if (text === undefined || kept.other !== undefined) return kept;
    if (kept.field.value.includes(text)) { putAside({}); return kept; }
    if (hidden) kept.mark.value = "1";
    kept.tellOther(text);
    return kept;
  }

  listen() {
    const later = () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.keep(), 400); };
    this.form.addEventListener("input", later);
    this.form.addEventListener("change", later);
    this.form.addEventListener("submit", () => { this.keep(); this.kept?.rest(); });
    this.form.addEventListener("htmx:load", (event) => { if (event.detail.elt !== this.form) this.fill(event.detail.elt); });
    // What came back without an error was accepted: the draft has done its work. Before the swap,
    // because the new form asks for its draft as soon as it is there.
    this.form.addEventListener("htmx:beforeOnLoad", (event) => {
      if (event.detail.elt === this.form && event.detail.xhr.status < 400) this.end();
    });
    const silent = this.form.querySelector("[data-not-sent]");
    if (silent) {
      const show = (event) => {
        if (event.detail.elt !== this.form) return;
        silent.hidden = event.type === "htmx:beforeRequest";
        if (!silent.hidden) this.kept?.goOn();
      };
      const failures = silent.dataset.notSent === "network" ? ["htmx:sendError"] : ["htmx:sendError", "htmx:responseError"];
      for (const name of ["htmx:beforeRequest", ...failures]) this.form.addEventListener(name, show);
    }
    this.form.querySelector("[data-draft-discard]")?.addEventListener("click", () => this.discard());
  }

  // Put what was left into the fields below `root`; returns those that it changed.
  fill(root) {
    const changed = [];
    for (const field of fieldsOf(root)) {
      const value = this.waiting[field.name];
      if (value === undefined || !canHold(field, value)) continue;
      delete this.waiting[field.name];
      if (field.value === value || field.value !== first(field)) continue;
      field.value = value;
      changed.push(field);
    }
    return changed;
  }

  tell() {
    if (this.note) this.note.hidden = false;
    else if (this.state) this.state.textContent = words().restored;
  }

  keep() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.over) return;
    const fields = fieldsOf(this.form);
    const typed = fields.some((field) => field.value.trim() !== first(field).trim()) || document.querySelector(".errors");
    const values = Object.fromEntries(fields.filter((field) => field.value.trim()).map((field) => [field.name, field.value]));
    if (this.kept) {
      const place = this.kept.isPaused ? this.aside : this.key;
      if (this.kept.isUnsaved) write(place, { ...values, ...this.kept.marks });
      this.kept.later();
      return;
    }
    write(this.key, typed ? { ...this.waiting, ...values } : {});
    if (this.state) this.state.textContent = typed ? words().saved : "";
  }

  discard() {
    this.waiting = {};
    const fields = fieldsOf(this.form);
    for (const field of fields) field.value = first(field);
    write(this.key, {});
    clearTimeout(this.timer);
    for (const field of fields) if (field.type === "select-one") field.dispatchEvent(new Event("change", { bubbles: true }));
    this.note.hidden = true;
    fields[0]?.focus();
  }

  end() {
    this.over = true;
    if (this.kept?.isPaused) write(this.aside, {});
    this.kept?.end();
    clearTimeout(this.timer);
    write(this.key, {});
  }
}

export function keepDrafts(root) {
  forgetSent();
  const forms = [...root.querySelectorAll("form[data-draft]")];
  if (root.matches?.("form[data-draft]")) forms.push(root);
  for (const form of forms) new Draft(form);
}

// Without htmx the page that follows says that it was accepted, once and before drafts come back.
function forgetSent() {
  const notice = document.querySelector("[data-sent]");
  if (!notice) return;
  write(notice.dataset.sent, {});
  notice.removeAttribute("data-sent");
}
