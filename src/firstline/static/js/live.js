// Open screens follow what happens (product 5.7). The stream says what has changed; nothing that it
// brings moves what one is about to press, and nothing waits for it: without it pages work as before.
import { offerAgain, readRows, tellList } from "./live_list.js";
import { followPane, readPane } from "./live_pane.js";
import { attend, showPeople } from "./presence.js";

const HIDDEN_FOR = 20_000; // a tab that nobody sees gives its connection back: a browser has only six
const LOST_FOR = 5_000;
const SLOWEST = 30_000;
let place, source, mark, delay = 2000, wasOpen = false, hasEnded = false;
let again, lost, hidden;

function signal(text) {
  const line = document.querySelector("[data-signal]");
  if (!line) return;
  line.hidden = !text;
  line.querySelector("span").textContent = text;
}

function open() {
  clearTimeout(again);
  clearTimeout(hidden);
  if (source || hasEnded) return;
  const asked = new URLSearchParams({ language: document.documentElement.lang, whose: place.whose });
  if (mark) asked.set("after", mark);
  else asked.set("age", Math.ceil(performance.now())); // since the page was asked for
  source = new EventSource(`${place.stream}?${asked}`);
  source.onopen = () => {
    wasOpen = true;
    delay = 2000;
    clearTimeout(lost);
    lost = undefined;
    signal("");
  };
  source.onerror = () => {
    if (wasOpen) lost ??= setTimeout(() => { signal(place.lost); showPeople({}, true); }, LOST_FOR);
    if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    close();
    again = setTimeout(open, delay * (0.75 + Math.random() / 2));
    delay = Math.min(delay * 2, SLOWEST);
  };
  source.addEventListener("news", (event) => { mark = event.lastEventId; hear(JSON.parse(event.data)); });
  source.addEventListener("reset", (event) => { mark = event.lastEventId; readRows(); readPane(); });
  source.addEventListener("end", (event) => end(JSON.parse(event.data).why));
}

function close() {
  source?.close();
  source = undefined;
}

// The browser knows before the stream notices; a new stream clears the mark once the network is back.
function goOffline() {
  close();
  if (!hasEnded) { signal(place.lost); showPeople({}, true); }
}

function end(why) {
  close();
  if (why !== "session") return; // another screen took this one's place, until somebody looks here
  hasEnded = true;
  clearTimeout(lost);
  signal(place.ended);
}

function hear(news) {
  if (news.tickets || news.counts) tellList(news);
  if (news.looking) showPeople(news.looking);
  const number = document.querySelector("#ticket[data-number]")?.dataset.number;
  const touched = news.tickets?.some((ticket) => ticket.number === number);
  if (news.check) readRows();
  if (touched || (news.check && number)) readPane();
}

function watchTab() {
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hidden);
    if (document.hidden) hidden = setTimeout(close, HIDDEN_FOR);
    else open();
  });
  addEventListener("focus", open);
  addEventListener("online", () => { if (!wasOpen && !hasEnded) signal(""); open(); });
  addEventListener("offline", goOffline);
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
}

// `dress` gives life to what is put into the page.
export function goLive(dress) {
  place = document.querySelector("#live")?.dataset;
  if (!place || !window.EventSource) return;
  followPane(dress);
  attend();
  watchTab();
  if (!document.hidden) open();
  if (navigator.onLine === false) goOffline();
  document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target.closest?.(".desk__list")) offerAgain();
    showPeople({});
  });
}
