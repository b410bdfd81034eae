// A draft that the desk itself keeps: sent a second after the last key, every four while one types on.
// Typed on in another window or on another device as well, both texts are shown and one decides.
const PAUSE = 1000;
const LONGEST = 4000;
const HIDDEN = { reply: "hidden", comment: "aside" };
const NOT_PUBLIC = ["hidden", "aside", "between"];
// Which open page this is: it may miss the answer about a version of its own.
const PAGE = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class Kept {
  // `saved`: the desk has the text. `putAside(values)`: a copy that waits until one decides; none: decided.
  constructor(form, state, words, { saved, putAside }) {
    Object.assign(this, { form, state, words, saved, putAside });
    this.field = form.querySelector("textarea");
    this.version = form.querySelector("input[name^=draft_]:not([name=draft_page])");
    this.mark = form.elements.was_hidden;
    form.elements.draft_page.value = PAGE;
    this.known = this.field.value;
    this.knownBeside = this.beside;
    this.since = 0;
    this.notice = form.querySelector("[data-elsewhere]");
    for (const button of this.notice.querySelectorAll("button")) button.addEventListener("click", () => this.decide(button.dataset.elsewhereChoice));
    if (!this.notice.hidden) this.pause(this.notice.querySelector("[data-elsewhere-text]").textContent, this.notice.dataset.elsewhere);
  }

  // How it is to be said and who else is to get it are kept with the text, and never without one.
  get people() {
    return [...this.form.querySelectorAll("[data-recipient]")]
      .filter((field) => field.type !== "checkbox" || field.checked)
      .map((field) => [field.name, field.value]);
  }

  get beside() { return JSON.stringify([this.mode, this.people]); }

  get isUnsaved() { return this.field.value !== this.known || (this.known && this.beside !== this.knownBeside); }

  // What was typed as hidden comes back as hidden, wherever it was to go last.
  get mode() {
    const chosen = this.form.dataset.mode ?? this.form.querySelector("[name=mode]:checked")?.value ?? "reply";
    return this.mark.value ? HIDDEN[chosen] ?? chosen : chosen;
  }

  // What the browser's own copy needs to find its way back: how it was to be said, and over which draft.
  get marks() { return { "@mode": this.mode, "@hidden": this.mark.value, "@base": this.version.value }; }

  // Put the browser's copy over the desk's draft, unless that was changed elsewhere: then both are told.
  restore(waiting) {
    const { "@mode": mode, "@hidden": hidden, "@base": base, text } = waiting;
    for (const name of ["@mode", "@hidden", "@base"]) delete waiting[name];
    if (text === undefined) return;
    const here = this.field.value;
    if (hidden || NOT_PUBLIC.includes(mode)) this.mark.value = "1";
    if (text === here) { this.saved(); return; }
    if (base !== this.version.value && here && !text.startsWith(here)) {
      delete waiting.text;
      this.saved();
      if (here.includes(text)) return;
      this.putAside({ text, "@hidden": this.mark.value });
      this.tellOther(text);
      return;
    }
    const radio = [...this.form.querySelectorAll("[name=mode]")].find((one) => one.value === mode);
    if (radio) radio.checked = true;
    // The field is filled from the copy, although it has a text already.
    this.field.value = this.field.defaultValue;
  }

  tellOther(text) {
    this.other = this.other === undefined ? text : `${text}\n\n${this.other}`;
    this.notice.querySelector("[data-elsewhere-text]").textContent = this.other;
    this.notice.hidden = false;
  }

  // The desk has another text: nothing is kept there until one decides between the two.
  pause(text, version) {
    this.newest = version;
    this.known = undefined;
    this.tellOther(text);
    this.tell("");
  }

  get isPaused() { return this.newest !== undefined; }

  decide(choice) {
    const mine = this.field.value;
    if (choice === "other") this.field.value = this.other;
    if (choice === "both") this.field.value = `${this.other}\n\n${mine}`;
    this.version.value = this.newest ?? this.version.value;
    this.other = this.newest = this.known = undefined;
    this.notice.hidden = true;
    this.putAside({});
    this.field.focus();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.send();
  }

  later() {
    if (this.over || this.isPaused || !this.isUnsaved) return;
    this.since ||= performance.now();
    clearTimeout(this.timer);
    // Emptied, it is no hidden comment any more: the desk has to know before the next word is typed.
    const pause = this.field.value.trim() ? Math.min(PAUSE, this.since + LONGEST - performance.now()) : 0;
    this.timer = setTimeout(() => this.send(), Math.max(0, pause));
  }

  // Sent: what is on its way to be said must not come back as a draft.
  rest() {
    clearTimeout(this.timer);
    this.underway?.abort();
    this.resting = true;
    this.form.addEventListener("input", () => { this.resting = false; }, { once: true });
  }

  // It did not get through: it is a draft as before.
  goOn() { this.resting = false; this.later(); }

  end() { this.over = true; this.rest(); }

  async send(parting = false) {
    clearTimeout(this.timer);
    if (this.over || this.resting || this.isPaused || !this.isUnsaved) return;
    if (this.underway && !parting) return; // goes on once that one is answered
    const text = this.field.value;
    const beside = this.beside;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    for (const field of [this.version, this.form.elements.draft_page, this.mark]) body.set(field.name, field.value);
    body.set("mode", this.mode);
    body.set("text", text);
    for (const [name, value] of this.people) body.append(name, value);
    this.since = 0;
    const underway = new AbortController();
    this.underway = underway;
    try {
      const answer = await fetch(this.form.dataset.kept, { method: "POST", body, keepalive: parting && text.length < 30_000, signal: underway.signal });
      if ((!answer.ok && answer.status !== 409) || answer.redirected) throw new Error(answer.statusText);
      const { kept_at: version, kept: other } = await answer.json();
      if (other) {
        if (other.is_internal) this.mark.value = "1";
        if (!this.over) this.pause(other.text, version);
        return;
      }
      this.version.value = version;
      this.known = text;
      this.knownBeside = beside;
      if (this.over) return;
      if (!this.isUnsaved) this.saved();
      this.tell(text.trim() ? "kept" : "");
      this.done(underway);
      this.later();
    } catch {
      if (!this.resting) this.tell("saved");
    } finally { this.done(underway); }
  }

  done(underway) { if (this.underway === underway) this.underway = undefined; }

  tell(word) { if (this.state) this.state.textContent = this.words()[word] ?? ""; }
}
