{% autoescape off %}// Puts a form of our support desk where this script stands. The frame grows with its content.
(() => {
  const facts = {{ facts }};
  const place = document.currentScript;
  const language = place?.dataset.language || document.documentElement.lang;
  const frame = document.createElement("iframe");
  frame.src = `${facts.page}?embedded=1&language=${encodeURIComponent(language.slice(0, 2).toLowerCase())}`;
  frame.title = facts.title;
  frame.setAttribute("sandbox", "allow-forms allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  Object.assign(frame.style, { display: "block", width: "100%", height: "42rem", border: "0", scrollMarginTop: "1rem" });
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== facts.origin) return;
    const height = Number(event.data?.firstlineHeight);
    if (height > 0) frame.style.height = `${Math.min(height, 10000)}px`;
    // What is wrong stands on top; the button that was pressed may be far below.
    const top = frame.getBoundingClientRect().top;
    if (event.data?.firstlineErrors && (top < 0 || top > innerHeight / 3)) frame.scrollIntoView({ block: "start" });
  });
  if (place?.parentNode && place.parentNode !== document.head) place.after(frame);
  else document.body.append(frame);
})();{% endautoescape %}
