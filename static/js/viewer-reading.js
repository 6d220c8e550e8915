// What was read: a page counts when it stood before the eyes for two seconds. Sent in batches; the server keeps it.
(() => {
  "use strict";

  const DWELL = 2000;
  const EVERY = 10000;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // By document: pages that count and are not sent yet. `watched`: page to the timer that will count it.
  const waiting = new Map();
  const watched = new Map();
  let open = "";

  const addressOf = (document_) => $(`a[data-seen][data-document="${document_}"]`)?.dataset.seen;

  function count(page) {
    watched.delete(page);
    // Nobody reads in a window that is behind another one.
    if (document.visibilityState !== "visible") return;
    if (!waiting.has(open)) waiting.set(open, new Set());
    waiting.get(open).add(page);
  }
  document.addEventListener("imr:viewer-pages", ({ detail }) => {
    if (detail.document !== open) {
      send();
      watched.forEach(clearTimeout);
      watched.clear();
      open = detail.document;
    }
    for (const [page, timer] of watched) {
      if (detail.pages.includes(page)) continue;
      clearTimeout(timer);
      watched.delete(page);
    }
    for (const page of detail.pages) {
      if (!watched.has(page) && !waiting.get(open)?.has(page)) watched.set(page, setTimeout(count, DWELL, page));
    }
  });

  async function send({ isLast = false, asks = false } = {}) {
    for (const [document_, pages] of waiting) {
      if (!pages.size) continue;
      const sent = [...pages].slice(0, 500);
      sent.forEach((page) => pages.delete(page));
      const answer = await ask(document_, sent, isLast);
      // Tried again with the next batch, unless the server said that it will never be right.
      if (!answer || answer.status >= 500 || [401, 403].includes(answer.status)) sent.forEach((page) => pages.add(page));
      asks = false;
    }
    if (asks && open) ask(open, [], false);
  }
  async function ask(document_, pages, keepalive) {
    const url = addressOf(document_);
    if (!url) return null;
    const answer = await window.imrReading.post(url, { pages: pages.join(",") }, { keepalive }).catch(() => null);
    if (answer?.ok && !keepalive) show(await answer.json());
    return answer;
  }
  function show(coverage) {
    $$("[data-coverage]").forEach((place) => { place.textContent = coverage.words; });
    for (const [pk, reading] of Object.entries(coverage.documents)) {
      const state = $(`[data-record-state="${pk}"]`);
      if (!state) continue;
      state.textContent = reading.words;
      state.className = `record__state record__state--${reading.state}`;
      $(`[data-record="${pk}"] .record__use`)?.toggleAttribute("data-proposed", reading.is_proposed);
    }
    $$("[data-proposal]").forEach((place) => { place.hidden = coverage.proposed === 0; });
    $$("[data-proposed-count]").forEach((place) => { place.textContent = coverage.proposed; });
  }

  setInterval(send, EVERY);
  for (const [target, name] of [[window, "pagehide"], [document, "visibilitychange"]]) {
    target.addEventListener(name, () => {
      if (name === "pagehide" || document.visibilityState === "hidden") send({ isLast: true });
    });
  }
  document.addEventListener("imr:viewer-opened", () => send({ asks: true }));
  // Marks, and references in a text, change what is proposed.
  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, xhr } }) => {
    if (requestConfig.elt.closest?.("form[data-marks], form[data-autosave]") && xhr.status < 400) send({ asks: true });
  });

  // What was opened is marked at once, because a person says so; nothing is ever marked by itself.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-propose]");
    if (!button) return;
    event.preventDefault();
    const fields = $$(".record__use[data-proposed]").filter((field) => !$("input:checked", field));
    for (const field of fields) $("input[value=considered]", field).checked = true;
    if (fields.length) button.form.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
