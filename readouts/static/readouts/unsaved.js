// Ask before a page with unsaved words is left. Without this script the browser leaves at once.

let changed = false;

for (const form of document.querySelectorAll("form[data-unsaved]")) {
  changed ||= "changed" in form.dataset;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
}

addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
