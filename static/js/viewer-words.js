// Words between the page and the text: what was searched for is marked on the page; what is selected on the page becomes
// a note or a reference, `[R3, page 12]`, in the reviewer's text, with a chip below the field that leads back.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const MOST_QUOTE = 600;

  // ---- Marking words on pages, without touching the page's own markup.
  let wanted = { words: [], page: 0, isFound: true };
  const marks = typeof Highlight === "undefined" ? null : new Highlight();
  if (marks) CSS.highlights.set("found-words", marks);

  function pattern(words) {
    const parts = words.map((word) => word.trim().split(/\s+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s*"));
    return new RegExp(parts.sort((one, other) => other.length - one.length).join("|"), "gi");
  }
  // The text of a layer as one string, and for each piece where it began; a blank stands between pieces.
  function pieces(layer) {
    const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
    const found = [];
    let text = "";
    while (walker.nextNode()) {
      found.push({ node: walker.currentNode, from: text.length });
      text += `${walker.currentNode.data} `;
    }
    return { found, text };
  }
  function rangeOf(found, from, to) {
    const at = (place) => found.findLast((piece) => piece.from <= place);
    const [first, last] = [at(from), at(to - 1)];
    const range = document.createRange();
    range.setStart(first.node, Math.min(from - first.from, first.node.length));
    range.setEnd(last.node, Math.min(to - last.from, last.node.length));
    return range;
  }
  function mark(layer, page) {
    if (!marks || !wanted.words.length || !layer) return;
    const { found, text } = pieces(layer);
    const ranges = [...text.matchAll(pattern(wanted.words))].filter(([hit]) => hit.trim()).map((hit) => rangeOf(found, hit.index, hit.index + hit[0].length));
    ranges.forEach((range) => marks.add(range));
    if (page !== wanted.page || wanted.isFound || !ranges.length) return;
    wanted.isFound = true;
    const place = $("[data-scroll]");
    const box = ranges[0].getBoundingClientRect();
    const around = place.getBoundingClientRect();
    if (box.top < around.top || box.bottom > around.bottom) place.scrollTop += box.top - around.top - around.height / 3;
  }
  document.addEventListener("imr:viewer-words", ({ detail }) => {
    marks?.clear();
    wanted = { words: detail.words, page: detail.page, isFound: false };
    $$("[data-viewer] .page .textLayer").forEach((layer) => mark(layer, Number(layer.closest(".page").dataset.pageNumber)));
  });
  document.addEventListener("imr:viewer-text", ({ detail }) => mark(detail.layer, detail.page));
  // The next and the previous hit of the search, as the list has them.
  function stepHit(step) {
    const hits = $$("#record-hits a[data-open]");
    const at = hits.findIndex((hit) => hit.classList.contains("is-shown"));
    const next = hits[at < 0 ? 0 : at + step];
    if (!next) return;
    hits[at]?.classList.remove("is-shown");
    next.classList.add("is-shown");
    next.scrollIntoView({ block: "nearest" });
    next.click();
  }
  document.addEventListener("click", (event) => {
    const hit = event.target.closest("#record-hits a[data-open]");
    if (!hit) return;
    $$("#record-hits .is-shown").forEach((other) => other.classList.remove("is-shown"));
    hit.classList.add("is-shown");
  });

  // ---- Referring to a page.
  const PRINTED = /_(clinical_case_summary|rationale|reviewer_text|claims_text)$/;
  const REFERENCE = /\[\s*R\s*([0-9]{1,6})\s*,?\s*p(?:ages?|\.|p\.)?\s*([0-9]{1,7})(?:\s*[-–]\s*([0-9]{1,7}))?\s*\]/gi;
  const cite = () => $("#viewer-cite");
  const fields = () => $$("#decision textarea").filter((field) => PRINTED.test(field.id));
  let here = null;
  let lastField = "";
  let quote = null;

  document.addEventListener("imr:viewer-page", ({ detail }) => {
    here = detail;
    // A selection keeps the page on which it was made.
    if (!cite().hidden && !quote) fillCite();
  });
  document.addEventListener("focusin", ({ target }) => { if (target.matches?.("#decision textarea") && PRINTED.test(target.id)) lastField = target.id; });

  function titleOf(field) {
    const part = field.closest(".workspace-part");
    const label = $(`label[for="${field.id}"]`)?.firstChild?.textContent.trim() ?? "Text";
    return part?.matches(".workspace-item") ? `${$("h3", part).textContent}: ${label}` : label;
  }
  function selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const start = selection.getRangeAt(0).startContainer;
    const page = (start.nodeType === Node.TEXT_NODE ? start.parentElement : start)?.closest?.("[data-viewer] .page");
    const text = selection.toString().replace(/\s+/g, " ").trim().slice(0, MOST_QUOTE);
    return page && text ? { page: Number(page.dataset.pageNumber), text } : null;
  }
  const place = () => ({ number: here.number, page: quote?.page ?? here.page });
  const token = () => `[R${place().number}, page ${place().page}]`;
  function fillCite() {
    const into = $("[data-into]");
    const chosen = into.value || lastField;
    into.replaceChildren(...fields().map((field) => new Option(titleOf(field), field.id)));
    into.value = fields().some((field) => field.id === lastField) ? lastField : chosen;
    if (!into.value) into.value = fields().find((field) => field.id.endsWith("rationale"))?.id ?? fields()[0]?.id;
    $("[data-token]").textContent = token();
    $("[data-quote]").textContent = quote ? `“${quote.text}”` : `R${here.number}, ${here.title}, page ${here.page}`;
    $("[data-do='insert-quote']").hidden = !quote;
  }
  function openCite(focuses) {
    if (!here) return;
    fillCite();
    cite().hidden = false;
    $("[data-do='refer']").setAttribute("aria-expanded", "true");
    if (focuses) $("[data-do='insert']").focus();
  }
  function closeCite() {
    const hadFocus = cite().contains(document.activeElement);
    cite().hidden = true;
    quote = null;
    $("[data-do='refer']").setAttribute("aria-expanded", "false");
    if (hadFocus) $("[data-do='refer']").focus();
  }
  function takeSelection() {
    quote = selected();
    if (quote) openCite(false);
  }
  for (const name of ["pointerup", "keyup"]) {
    $("[data-scroll]").addEventListener(name, () => setTimeout(takeSelection));
  }

  function insert(text) {
    const field = document.getElementById($("[data-into]").value);
    if (!field) return;
    const before = field.value;
    document.dispatchEvent(new CustomEvent("imr:insert", { detail: { text, field: field.id } }));
    // The side that writes may have its own way of inserting; this is the plain one.
    if (field.value === before) insertPlainly(field, text);
    closeCite();
    // As a reader of the screen hears it.
    $("[data-said]").textContent = `${text} is in ${titleOf(field)}.`;
  }
  function insertPlainly(field, text) {
    // A field in which nobody has been yet has its cursor at the start; what is new belongs at the end.
    const isVisited = lastField === field.id;
    field.focus();
    if (!isVisited) field.setSelectionRange(field.value.length, field.value.length);
    const at = field.selectionStart;
    const gap = at > 0 && !/[\s(“"]/.test(field.value[at - 1]) ? " " : "";
    if (document.execCommand?.("insertText", false, gap + text)) return;
    field.setRangeText(gap + text, at, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // ---- Notes.
  function startNote() {
    if (!here) return;
    quote = selected() ?? quote;
    const start = { document: here.document, page: place().page, quote: quote?.text ?? "" };
    closeCite();
    const fill = () => {
      const form = $("#record-notes [data-note-form]");
      if (!form) return;
      form.closest("details").open = true;
      for (const [name, value] of Object.entries(start)) form.elements[name].value = value;
      form.elements.text.focus();
    };
    document.addEventListener("htmx:afterSettle", fill, { once: true });
    document.dispatchEvent(new CustomEvent("imr:panel", { detail: { name: "" } }));
    document.dispatchEvent(new CustomEvent("imr:panel", { detail: { name: "record-notes" } }));
  }
  document.addEventListener("htmx:afterSettle", ({ detail: { target } }) => {
    const notes = target?.id === "record-notes" ? $("[data-notes]", target) : null;
    if (notes) $$("[data-note-count]").forEach((count) => { count.textContent = Number(notes.dataset.total) ? `(${notes.dataset.total})` : ""; });
  });

  const DO = {
    refer: () => { if (cite().hidden) openCite(true); else closeCite(); },
    "close-cite": closeCite,
    insert: () => insert(token()),
    "insert-quote": () => insert(`“${quote.text}” ${token()}`),
    note: startNote,
  };
  document.addEventListener("click", (event) => DO[event.target.closest("[data-viewer] [data-do]")?.dataset.do]?.());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !cite().hidden && !$("dialog[open]")) closeCite();
  });

  // ---- Chips: every reference of a field, leading to its page; those that mean nothing say so.
  function chip(found) {
    const [whole, number, first, last] = found;
    const item = document.createElement("li");
    const record = $$("[data-record]").find((row) => row.dataset.number === String(Number(number)));
    const pages = Number(record?.dataset.pages ?? 0);
    if (!record || Number(first) < 1 || Number(last ?? first) > pages || Number(last ?? first) < Number(first)) {
      item.className = "reference-chip reference-chip--wrong";
      item.textContent = record ? `${whole}: the record has ${pages} page${pages === 1 ? "" : "s"}` : `${whole}: no such record`;
      return item;
    }
    const link = document.createElement("a");
    item.className = "reference-chip";
    link.href = `?document=${record.dataset.record}&page=${Number(first)}#viewer`;
    Object.assign(link.dataset, { open: "", document: record.dataset.record, page: Number(first) });
    link.textContent = `R${Number(number)}, page ${Number(first)}${last ? `-${Number(last)}` : ""}: ${$(".record__title", record).textContent.trim()}`;
    item.append(link);
    return item;
  }
  function drawChips(field) {
    const found = new Map([...field.value.matchAll(REFERENCE)].map((one) => [one[0], one]));
    let list = document.getElementById(`${field.id}_references`);
    if (!found.size) {
      list?.remove();
      return;
    }
    if (!list) {
      list = document.createElement("ul");
      list.id = `${field.id}_references`;
      list.className = "reference-chips";
      list.setAttribute("aria-label", `References in ${titleOf(field)}`);
      (field.closest(".usa-form-group") ?? field).after(list);
    }
    list.replaceChildren(...[...found.values()].map(chip));
  }
  const drawing = new Map();
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("#decision textarea") || !PRINTED.test(target.id)) return;
    clearTimeout(drawing.get(target.id));
    drawing.set(target.id, setTimeout(() => drawChips(target), 250));
  });
  document.addEventListener("htmx:afterSettle", () => fields().forEach(drawChips));
  document.addEventListener("DOMContentLoaded", () => fields().forEach(drawChips));

  const group = "Open document";
  window.imrKeys.add(
    { group, label: "Refer to this page in your text", key: "i", run: () => openCite(true) },
    { group, label: "Refer to this page while you write", alt: "i", run: () => openCite(true) },
    { group, label: "Note on this page", key: "m", run: startNote },
    { group: "Records", label: "Next hit of the search", key: "j", run: () => stepHit(1) },
    { group: "Records", label: "Previous hit of the search", key: "k", run: () => stepHit(-1) },
  );
})();
