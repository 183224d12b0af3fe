// What somebody has opened and typed in a part of a page, and where the focus is: carried over when
// the server's words take the part's place.

const FIELDS = "textarea, select, input:not([type=hidden])";
/** What differs with every answer of the server, and so names no form. */
const PASSING = new Set(["csrfmiddlewaretoken", "seen"]);

/** Whether something is typed or chosen that no form has sent. @param {Element} part */
export function isTyped(part) {
  return [...part.querySelectorAll(FIELDS)].some(isChanged);
}

/**
 * @param {Element} part
 * @param {HTMLFormElement | null} sent a form whose fields the server has: they are typed no more, and
 *   the section around it has done its work
 */
export function keptOf(part, sent = null) {
  const all = (selector) => [...part.querySelectorAll(selector)];
  const isKept = (node) => !sent?.contains(node) && !node.contains(sent);
  const active = part.contains(document.activeElement) ? document.activeElement : null;
  return {
    sections: all("details[open]").filter(isKept).map(nameOfSection),
    fields: all(FIELDS).filter((field) => isKept(field) && isChanged(field)).map(valueOf),
    focus: active && { name: nameOf(active), selection: selectionOf(active) },
  };
}

/**
 * @param {Element} part
 * @param {ReturnType<typeof keptOf>} kept
 * @param {{isRead: boolean}} what typed words answer to: what is read now, or what was read while they
 *   were typed, of which the server is to say that it has changed
 * @returns {boolean} whether the focus is back where it was
 */
export function putBack(part, kept, { isRead }) {
  const fields = byName(part.querySelectorAll(FIELDS));
  for (const section of part.querySelectorAll("details")) {
    if (kept.sections.includes(nameOfSection(section))) section.open = true;
  }
  for (const { name, value, isChecked, seen } of kept.fields) {
    const field = fields.get(name);
    if (!field) continue;
    if (isChecked === undefined) field.value = value;
    else field.checked = isChecked;
    // The server may have written it there, and yet not have taken it.
    if (field.form?.method === "post") field.dataset.unsent = "";
    field.closest("details")?.setAttribute("open", "");
    const known = field.form?.elements.namedItem("seen");
    if (known && !isRead) known.value = seen;
  }
  return focusAgain(part, kept.focus);
}

function focusAgain(part, focus) {
  if (!focus) return false;
  const node = byName(part.querySelectorAll(`${FIELDS}, button, summary, a[href]`)).get(focus.name);
  node?.focus({ preventScroll: true });
  if (!node || document.activeElement !== node) return false;
  if (focus.selection) node.setSelectionRange(...focus.selection);
  return true;
}

function isChanged(field) {
  if ("unsent" in field.dataset) return true;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const first = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return field.value !== (first?.value ?? "");
}

function valueOf(field) {
  const isBox = field.type === "checkbox" || field.type === "radio";
  return {
    name: nameOf(field),
    value: field.value,
    isChecked: isBox ? field.checked : undefined,
    seen: field.form?.elements.namedItem("seen")?.value,
  };
}

function selectionOf(node) {
  const start = node.tagName === "TEXTAREA" || node.type === "text" ? node.selectionStart : null;
  return start === null ? null : [start, node.selectionEnd];
}

/** The first of each name. */
function byName(nodes) {
  return new Map([...nodes].reverse().map((node) => [nameOf(node), node]));
}

function nameOf(node) {
  if (node.tagName === "SUMMARY") return `summary ${nameOfSection(node.parentElement)}`;
  if (node.tagName === "A") return `a ${node.getAttribute("href")}`;
  const isWritten = node.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  return [nameOfForm(node.form), node.name, isWritten ? "" : node.value || node.textContent.trim()].join(" ");
}

/** Where it is sent to and what of: not with which revision. */
function nameOfForm(form) {
  if (!form) return "";
  const what = [...form.querySelectorAll("input[type=hidden]")]
    .filter((field) => !PASSING.has(field.name))
    .map((field) => `${field.name}=${field.value}`);
  return [form.method, form.getAttribute("action") ?? "", ...what].join(" ");
}

/** A count beside the words of a section is not its name. */
function nameOfSection(section) {
  const summary = section.querySelector(":scope > summary");
  const words = summary?.querySelector("h2, h3, h4, h5, h6") ?? summary;
  return (words?.firstChild?.textContent ?? "").trim();
}
