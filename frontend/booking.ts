// The booking panel's manners: after each answer the choices are those of the answer, and Enter in a line that finds
// customers takes the one it has found.

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = (event as CustomEvent<{ ctx: { target?: unknown } }>).detail;
  if (!(ctx.target instanceof Element) || ctx.target.id !== "booking-form") return;
  // A morph changes attributes only: a field that was touched would go on showing what it showed.
  const fields = document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(
    "#booking-form [data-redraws] :is(select, [type=radio], [type=checkbox])",
  );
  for (const field of fields) {
    if (field instanceof HTMLInputElement) field.checked = field.defaultChecked;
    else for (const option of field.options) if (option.defaultSelected) option.selected = true;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !(event.target instanceof HTMLInputElement)) return;
  const answers = event.target.closest("[data-arrows]")?.querySelectorAll<HTMLElement>("[data-answers] .answer");
  const first = answers?.[0];
  if (!first) return;
  event.preventDefault();
  // The last answer creates; one customer before it is whom the line means, several are for the arrow keys.
  if (answers.length <= 2) first.click();
  else first.focus();
});
