// Tables that sort, and details that print. The report is whole without it.
"use strict";

const buttons = [];

function sortable(table) {
  const bodies = [...table.tBodies];
  // Groups move as a whole: their first row speaks for them.
  const one = bodies.length === 1;
  const parts = one ? [...bodies[0].rows] : bodies;
  const parent = one ? bodies[0] : table;
  const end = one ? null : table.tFoot;
  const headings = [...table.tHead.rows[0].cells];

  function key(part, column) {
    const cell = (one ? part : part.rows[0]).cells[column];
    return cell.dataset.order !== undefined ? Number(cell.dataset.order) : cell.textContent.trim();
  }

  function compare(left, right) {
    if (typeof left === "number" && typeof right === "number") return left - right;
    return String(left).localeCompare(String(right), document.documentElement.lang, { numeric: true });
  }

  headings.forEach((heading, column) => {
    if (parts.length < 2 || !heading.textContent.trim()) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    heading.setAttribute("aria-sort", "none");
    buttons.push([heading, button]);
    button.addEventListener("click", () => {
      const first = heading.classList.contains("n") ? "descending" : "ascending";
      const second = first === "ascending" ? "descending" : "ascending";
      const order = { none: first, [first]: second, [second]: "none" }[heading.getAttribute("aria-sort")];
      for (const other of headings) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
      heading.setAttribute("aria-sort", order);
      const sign = order === "descending" ? -1 : 1;
      const sorted = order === "none" ? parts : [...parts].sort((a, b) => sign * compare(key(a, column), key(b, column)));
      for (const part of sorted) parent.insertBefore(part, end);
    });
  });
}

document.querySelectorAll("main table").forEach(sortable);

// What is folded on the screen is unfolded on paper. A heading with a button in it is not repeated on the next
// sheet, so the words stand there without it.
let folded = [];
addEventListener("beforeprint", () => {
  for (const [heading, button] of buttons) heading.replaceChildren(...button.childNodes);
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const details of folded) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
  for (const [heading, button] of buttons) {
    button.append(...heading.childNodes);
    heading.append(button);
  }
});

// A link into something folded opens it.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target && target.closest("details");
  if (details) {
    details.open = true;
    target.scrollIntoView();
  }
}
addEventListener("hashchange", reveal);
reveal();
