// The keys of the decision: from part to part, to a field of the item at hand, and a mark for the open record.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  function go(target) {
    if (!target) return;
    target.closest("details")?.setAttribute("open", "");
    (target.closest(".usa-form-group") ?? target).scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
  }
  function toEnd(area) {
    if (!area) return;
    go(area);
    area.setSelectionRange(area.value.length, area.value.length);
  }

  // The parts in their order: the summary, the items, what is left.
  const parts = () => $$("#summary, .workspace-item, #open");
  const here = () => document.activeElement?.closest("#facts, #summary, .workspace-item, #open");
  function step(by) {
    const all = parts();
    const at = all.indexOf(here());
    const next = at < 0 && by < 0 ? all.length - 1 : Math.min(Math.max(at + by, 0), all.length - 1);
    all[next]?.scrollIntoView();
    all[next]?.focus({ preventScroll: true });
  }
  // The item at hand; from anywhere else the first one that is not decided.
  function item() {
    const own = document.activeElement?.closest(".workspace-item");
    return own ?? $$(".workspace-item").find((one) => !$("[name=outcome]:checked", one)) ?? $(".workspace-item");
  }
  const inItem = (selector) => item() && $(selector, item());
  function chooseOutcome() {
    go(inItem("[name=outcome]:checked") ?? inItem("[name=outcome]"));
  }

  // A mark is the person's own word, so it is one key for one record, and for the one that is open.
  function mark(use) {
    const record = $("a[data-open][aria-current]")?.closest("[data-record]");
    const radio = record && $(`input[value="${use}"]`, record);
    if (!radio || radio.checked) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }

  const group = "Your decision";
  window.imrKeys.add(
    { group, label: "Next part: summary, items, what is left", alt: "j", run: () => step(1) },
    { group, label: "Previous part", alt: "k", run: () => step(-1) },
    { group, label: "Clinical case summary", alt: "s", run: () => toEnd($("textarea[name=clinical_case_summary]")) },
    { group, label: "Cite for this item", alt: "q", run: () => go(inItem("[data-find][name=q]")) },
    { group, label: "Outcome of this item", alt: "o", run: chooseOutcome },
    { group, label: "Insert a paragraph for this item", alt: "p", run: () => go(inItem("[data-find][name=p]")) },
    { group, label: "Rationale of this item", alt: "r", run: () => toEnd(inItem("textarea[name=rationale]")) },
    { group, label: "Check and sign", alt: "g", run: () => $("#open a.usa-button").click() },
    { group: "Records", label: "The open record was considered", key: "c", run: () => mark("considered") },
    { group: "Records", label: "The open record is not relevant", key: "x", run: () => mark("not_relevant") },
  );
})();
