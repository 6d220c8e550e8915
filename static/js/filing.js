// Comfort for the application: fields that do not apply are put away. No dependencies.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---- What depends on another answer is shown when that answer is given.
  function applies(form, condition) {
    const [, name, sign, value] = condition.match(/^(\w+)(!?=)(.+)$/);
    const chosen = $$(`[name="${name}"]`, form).filter((control) => control.checked || !["radio", "checkbox"].includes(control.type));
    const given = chosen.map((control) => control.value);
    if (sign === "!=") return given.length > 0 && !given.includes(value);
    return given.includes(value);
  }
  function arrange(form) {
    $$("[data-shown-when]", form).forEach((group) => {
      // What was found wrong stays in sight, whatever was answered.
      group.hidden = !applies(form, group.dataset.shownWhen) && !$(".usa-form-group--error", group);
    });
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-filing]");
    if (form) arrange(form);
  });

  // ---- Autosave: the order of saves, should a slow one arrive late.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.matches?.("form[data-autosave]")) event.detail.parameters.typed_at = String(Date.now());
  });

  document.addEventListener("DOMContentLoaded", () => {
    $$("form[data-filing]").forEach(arrange);
  });
})();
