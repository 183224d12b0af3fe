// Small extras for every page. Nothing here is needed to read or to send a form.

function announce(text) {
  document.getElementById("announce").textContent = text;
}

/** A button that copies the text or value of the element that data-copy names. */
function offerCopy(button) {
  const source = document.querySelector(button.dataset.copy);
  if (!source || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    announce(button.dataset.copied ?? "");
    button.classList.add("is-done");
  });
}

function offerDismiss(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.closest(".usa-alert").remove();
    document.getElementById("main-content").focus();
  });
}

/** The reader's own time behind the office's, where the two clocks differ at that moment. */
function showLocalTime(node) {
  const moment = new Date(node.dateTime);
  if (Number.isNaN(moment.valueOf())) return;
  const office = /([+-])(\d\d):(\d\d)$/.exec(node.dateTime);
  const offset = office ? Number(`${office[1]}1`) * (office[2] * 60 + Number(office[3])) : 0;
  if (-moment.getTimezoneOffset() === offset) return;
  const own = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "short",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  });
  const note = document.createElement("span");
  note.className = "local-time";
  note.textContent = ` (${own.format(moment)})`;
  node.after(note);
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.querySelectorAll("[data-copy]").forEach(offerCopy);
document.querySelectorAll("[data-dismiss]").forEach(offerDismiss);
document.querySelectorAll("time[data-local]").forEach(showLocalTime);
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
