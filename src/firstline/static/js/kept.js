// A draft that the desk itself keeps: sent a second after the last key, every four while one types on.
const PAUSE = 1000;
const LONGEST = 4000;
const HIDDEN = { reply: "hidden", comment: "aside" };

export class Kept {
  constructor(form, state, words, saved) {
    Object.assign(this, { form, state, words, saved });
    this.field = form.querySelector("textarea");
    this.known = this.field.value;
    this.knownPeople = JSON.stringify(this.people);
    this.since = 0;
  }

  // Who else is to get it is kept with the text, and never without one.
  get people() {
    return [...this.form.querySelectorAll("[data-recipient]")]
      .filter((field) => field.type !== "checkbox" || field.checked)
      .map((field) => [field.name, field.value]);
  }

  get isUnsaved() {
    return this.field.value !== this.known || (this.known && JSON.stringify(this.people) !== this.knownPeople);
  }

  // What was typed as hidden comes back as hidden, wherever it was to go last.
  get mode() {
    const chosen = this.form.dataset.mode ?? this.form.querySelector("[name=mode]:checked")?.value ?? "reply";
    const asks = this.form.elements.was_hidden?.value && !this.form.elements.public;
    return asks ? HIDDEN[chosen] ?? chosen : chosen;
  }

  // What the browser's own copy needs to find its way back: how it was to be said, and over which draft.
  get marks() { return { "@mode": this.mode, "@base": this.form.dataset.keptAt ?? "" }; }

  // Make one text of the browser's copy and the desk's draft; nothing of either is lost.
  restore(waiting) {
    const { "@mode": mode, "@base": base, text } = waiting;
    delete waiting["@mode"];
    delete waiting["@base"];
    if (text === undefined) return;
    const here = this.field.value;
    if (text === here) this.saved();
    if (base !== (this.form.dataset.keptAt ?? "") && here && !text.startsWith(here)) {
      waiting.text = here.includes(text) ? here : `${here}\n\n${text}`;
    }
    const radio = [...this.form.querySelectorAll("[name=mode]")].find((one) => one.value === mode);
    if (radio) radio.checked = true;
    if (!["reply", "comment", "resolve"].includes(mode)) this.form.elements.was_hidden.value = "1";
    // The field is filled from the copy, although it has a text already.
    this.field.value = this.field.defaultValue;
  }

  later() {
    if (this.over || !this.isUnsaved) return;
    this.since ||= performance.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), Math.max(0, Math.min(PAUSE, this.since + LONGEST - performance.now())));
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
    if (this.over || this.resting || !this.isUnsaved) return;
    const text = this.field.value;
    const people = this.people;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    body.set("mode", this.mode);
    body.set("text", text);
    for (const [name, value] of people) body.append(name, value);
    this.since = 0;
    this.underway = new AbortController();
    try {
      const answer = await fetch(this.form.dataset.kept, { method: "POST", body, keepalive: parting && text.length < 30_000, signal: this.underway.signal });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      this.form.dataset.keptAt = (await answer.json()).kept_at;
      this.known = text;
      this.knownPeople = JSON.stringify(people);
      if (this.over) return;
      if (!this.isUnsaved) this.saved();
      this.tell(text.trim() ? "kept" : "");
    } catch {
      if (!this.resting) this.tell("saved");
    }
  }

  tell(word) { if (this.state) this.state.textContent = this.words()[word] ?? ""; }
}
