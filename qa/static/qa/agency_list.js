// Ticks of a list's questions: all on this page at once, and how many there are. Without it, the
// form is the same.

const form = document.querySelector("form[data-bulk]");
const all = form?.querySelector("[data-pick-all]");
const picks = form ? [...form.querySelectorAll('input[name="numbers"]')] : [];

function count() {
  const picked = picks.filter((pick) => pick.checked).length;
  form.querySelector("[data-picked]").textContent = picked ? `(${picked})` : "";
  const box = all.querySelector("input");
  box.checked = picked > 0 && picked === picks.length;
  box.indeterminate = picked > 0 && picked < picks.length;
}

if (all && picks.length) {
  all.hidden = false;
  all.addEventListener("change", (event) => {
    for (const pick of picks) pick.checked = event.target.checked;
    count();
  });
  form.addEventListener("change", count);
  count();
}
