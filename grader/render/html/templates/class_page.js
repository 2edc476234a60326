// Sorts and searches the table of students. Without it the page shows the same, unsorted.
(() => {
  "use strict";
  const table = document.getElementById("students");
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...body.rows];
  const texts = rows.map((row) => `${row.textContent} ${row.dataset.find ?? ""}`.toLowerCase());
  const compareText = new Intl.Collator(undefined, { numeric: true }).compare;

  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v ?? cell.textContent.trim();
  };

  const sortBy = (column) => {
    const head = heads[column];
    const number = head.dataset.sort === "number";
    const before = head.getAttribute("aria-sort");
    const first = number ? "descending" : "ascending";
    const other = number ? "ascending" : "descending";
    const order = before === first ? other : first;
    const sign = order === "ascending" ? 1 : -1;
    const compare = (a, b) => {
      if (a.key === b.key) return 0;
      // What is missing comes last, whatever the order.
      if (a.key === "") return 1;
      if (b.key === "") return -1;
      return sign * (number ? Number(a.key) - Number(b.key) : compareText(a.key, b.key));
    };
    const sorted = rows.map((row) => ({ row, key: key(row, column) })).sort(compare);
    body.append(...sorted.map(({ row }) => row));
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
  };

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sortBy(column));
    head.append(button);
  });

  const words = document.getElementById("words");
  const found = document.getElementById("found");
  const search = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      const text = texts[index];
      const hit = wanted.every((word) =>
        // A bug's id is meant whole: bug:l2 is not bug:l2_half.
        word.startsWith("bug:") ? text.split(/\s+/).includes(word) : text.includes(word));
      row.hidden = !hit;
      shown += hit;
    });
    found.textContent = wanted.length ? `${shown} of ${rows.length} shown` : "";
  };
  words.addEventListener("input", search);
  document.getElementById("find").hidden = false;

  for (const button of document.querySelectorAll("[data-show]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      words.value = button.dataset.show;
      search();
      words.focus({ preventScroll: true });
      document.getElementById("h-students").scrollIntoView();
    });
  }
})();
