// The preview follows what is typed. Without this, its button does the same.

const PAUSE = 500;
const form = document.getElementById("wording-form");
const place = document.getElementById("wording-preview");
const against = document.getElementById("id_against");
let timer = 0;
let asked = 0;

async function refresh() {
  asked += 1;
  const mine = asked;
  const response = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
  if (!response.ok || response.redirected || mine !== asked) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  place.replaceChildren(...page.body.childNodes);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(() => refresh().catch(() => {}), PAUSE);
}

if (form?.dataset.preview && place) {
  form.addEventListener("input", later);
  against?.addEventListener("change", later);
}
