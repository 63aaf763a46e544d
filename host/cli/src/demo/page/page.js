"use strict";
const body = document.body;
const each = (root, query, act) => root.querySelectorAll(query).forEach(act);

for (const [id, name, inverse] of [["labels", "hide-labels", true], ["fills", "hide-fills", true], ["lone", "only-lone", false]]) {
  const box = document.getElementById(id);
  const apply = () => body.classList.toggle(name, box.checked !== inverse);
  box.addEventListener("change", apply);
  apply();
}

each(document, ".chip", (chip) => chip.addEventListener("click", () => {
  const shown = chip.getAttribute("aria-pressed") !== "true";
  chip.setAttribute("aria-pressed", String(shown));
  each(document, `svg .c${chip.dataset.c}`, (mark) => mark.classList.toggle("off", !shown));
}));

let pointed = null;
function release() {
  if (!pointed) return;
  const card = pointed.closest(".card");
  card.classList.remove("pointing");
  each(card, ".on", (mark) => mark.classList.remove("on"));
  card.querySelector(".read").replaceChildren();
  pointed = null;
}
document.addEventListener("pointerover", (event) => {
  const mark = event.target.closest ? event.target.closest(".a") : null;
  if (mark === pointed) return;
  release();
  if (!mark) return;
  pointed = mark;
  const card = mark.closest(".card");
  card.classList.add("pointing");
  const read = card.querySelector(".read");
  each(card, `[data-k="${mark.dataset.k}"]`, (twin) => {
    twin.classList.add("on");
    if (!twin.dataset.t) return;
    const side = document.createElement("b");
    side.textContent = twin.closest("figure").dataset.side;
    read.append(side, ` ${twin.dataset.t}  `);
  });
});
document.addEventListener("pointerleave", release);
