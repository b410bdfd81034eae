// A text that was typed and not sent is kept in this browser until it is sent.
const words = () => document.querySelector("#words").dataset;

function read(key) {
  try { return localStorage.getItem(`draft:${key}`) ?? ""; } catch { return ""; }
}

function write(key, text) {
  try {
    if (text.trim()) localStorage.setItem(`draft:${key}`, text);
    else localStorage.removeItem(`draft:${key}`);
  } catch { /* no storage: the page still has the text */ }
}

export function keepDrafts(root) {
  forgetSent();
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const field = form.querySelector("textarea[name=text]");
    const state = form.querySelector("[data-draft-state]");
    const key = form.dataset.draft;
    if (!field.value && read(key)) {
      field.value = read(key);
      if (state) state.textContent = words().restored;
    }
    let timer;
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        write(key, field.value);
        if (state) state.textContent = field.value.trim() ? words().saved : "";
      }, 400);
    });
    form.addEventListener("submit", () => { clearTimeout(timer); write(key, field.value); });
    // What came back without an error was accepted: the draft has done its work. Before the swap,
    // because the new form asks for its draft as soon as it is there.
    form.addEventListener("htmx:beforeOnLoad", (event) => { if (event.detail.xhr.status < 400) write(key, ""); });
  }
}

// Without htmx the page that follows says that it was accepted, once and before drafts come back.
function forgetSent() {
  const notice = document.querySelector("[data-sent]");
  if (!notice) return;
  write(notice.dataset.sent, "");
  notice.removeAttribute("data-sent");
}
