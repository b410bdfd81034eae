// Inside another site's page: tell it how tall the form is, so that its frame can grow.
const main = document.querySelector("main");
const tell = () => parent.postMessage({ firstlineHeight: Math.ceil(main.getBoundingClientRect().height) }, "*");
new ResizeObserver(tell).observe(main);
tell();

// Browsers give a frame of another site no autofocus, and the frame cannot scroll the page around it.
const errors = document.querySelector(".errors");
if (errors) {
  errors.focus({ preventScroll: true });
  parent.postMessage({ firstlineErrors: true }, "*");
}
