// The reviewer's words between the keyboard and the server: they save themselves every second, and until they are
// saved an encrypted copy lies in the browser. Its key is the session's; it is asked for and never stored, so with the
// session the copy becomes unreadable.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const SAVE_AFTER = 800;
  const COPY_AFTER = 150;
  const SOURCE = "form[data-draft] [name^=cite_]";
  const sources = (form) => $$("[name^=cite_]", form);
  const answer = (field) => (field.type === "checkbox" ? (field.checked ? "on" : "") : field.value);
  const draftOf = (node) => node?.closest?.("form[data-draft]");

  // ---- Saving: the first change starts the clock and later ones do not set it back, so that steady typing is saved too.
  const timers = new WeakMap();
  const inFlight = new WeakSet();
  const changedSince = new WeakMap();
  let sequence = 0;

  function schedule(form) {
    if (timers.has(form) || inFlight.has(form) || form.dataset.conflict) return;
    timers.set(form, setTimeout(() => {
      timers.delete(form);
      if (form.isConnected && !form.dataset.conflict) htmx.trigger(form, "imr:save");
    }, SAVE_AFTER));
  }
  function changed(event) {
    const form = draftOf(event.target);
    if (!form || event.target.closest("[data-picker]")) return;
    changedSince.set(form, (changedSince.get(form) ?? 0) + 1);
    schedule(form);
    if (event.type === "input" || event.isTrusted) copySoon(form);
  }
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  // A source that is typed and not added yet is no part of the finding: nothing stores it, the copy alone keeps it.
  // Taken on the way down, for a picker lets no event of its own out.
  function sourceTyped(event) {
    if (event.target.matches?.(SOURCE)) copySoon(draftOf(event.target));
  }
  document.addEventListener("input", sourceTyped, true);
  document.addEventListener("change", sourceTyped, true);
  document.addEventListener("htmx:configRequest", ({ detail: { elt, parameters } }) => {
    if (!draftOf(elt) || elt.matches("[data-find]")) return;
    sequence = Math.max(sequence + 1, Date.now());
    parameters.sequence = String(sequence);
  });
  const sentAt = new WeakMap();
  const formOf = new WeakMap();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = draftOf(event.detail.elt);
    if (!form || event.detail.elt.matches("[data-find]") || event.defaultPrevented) return;
    formOf.set(event.detail.xhr, form);
    clearTimeout(timers.get(form));
    timers.delete(form);
    inFlight.add(form);
    sentAt.set(event.detail.xhr, changedSince.get(form) ?? 0);
    // What replaces the whole section must not meet words typed in between.
    if (event.detail.requestConfig.triggeringEvent?.submitter?.matches("[data-swaps]") || event.detail.elt.matches("[data-resolve]")) {
      $$("textarea", form).forEach((area) => { area.readOnly = true; });
    }
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
    const form = formOf.get(xhr);
    if (!form) return;
    inFlight.delete(form);
    $$("textarea[readonly]", form).forEach((area) => { area.readOnly = false; });
    const isSaved = xhr.status >= 200 && xhr.status < 300;
    const isNewer = (changedSince.get(form) ?? 0) > sentAt.get(xhr);
    if (isSaved && !isNewer) {
      if (sources(form).some(answer)) copySoon(form);
      else dropCopy(form);
    }
    if (isNewer && form.isConnected && (isSaved || xhr.status === 422)) schedule(form);
  });

  // ---- What only another window changed is shown here. Where somebody types in that very field the page stays at its
  // version, and the next save compares the two.
  document.addEventListener("htmx:oobAfterSwap", ({ detail: { target } }) => {
    const place = target?.matches?.(".elsewhere") ? document.getElementById(target.id) : null;
    const form = draftOf(place);
    if (!form || !place.dataset.version) return;
    // A text of another item: taken where this page shows what was stored before it, else the next save compares.
    const isBehind = place.dataset.from && $("[name=version]", form).value !== place.dataset.from;
    if (isBehind) {
      delete place.dataset.version;
      return;
    }
    const applied = $$("[data-elsewhere]", place).map((one) => show(form, one.dataset.elsewhere, one.dataset.was, one.value));
    if (applied.every(Boolean)) $("[name=version]", form).value = place.dataset.version;
    delete place.dataset.version;
  });
  function show(form, name, was, now) {
    const field = $(`textarea[name="${name}"]`, form);
    if (field) {
      if (field.value !== was && field.value !== now) return false;
      field.value = now;
      return true;
    }
    const given = $(`[name="${name}"]:checked`, form)?.value ?? "";
    if (given !== was && given !== now) return false;
    $$(`[name="${name}"]`, form).forEach((radio) => { radio.checked = radio.value === now; });
    return true;
  }

  // ---- The encrypted copy.
  const DATABASE = "imr-drafts";
  const STORE = "copies";
  const editor = () => $("[name=editor]")?.value ?? "";
  const isPossible = window.isSecureContext && "indexedDB" in window && "locks" in navigator;
  let key = null;
  let database = null;
  const copying = new WeakMap();

  function open() {
    database ??= new Promise((done, fail) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
    return database;
  }
  async function withStore(mode, act) {
    const held = await open();
    return new Promise((done, fail) => {
      const transaction = held.transaction(STORE, mode, { durability: "strict" });
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(request?.result);
      transaction.onerror = () => fail(transaction.error);
    });
  }
  async function askKey() {
    const url = $("[data-draft-key]")?.dataset.draftKey;
    if (!isPossible || !url) return null;
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true", "X-Background": "1" };
    const answer = await fetch(url, { method: "POST", headers });
    if (!answer.ok || answer.redirected) return null;
    const bytes = Uint8Array.from(atob((await answer.json()).key), (letter) => letter.charCodeAt(0));
    return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  }
  const place = (form) => `${document.body.dataset.sessionPerson}/${form.dataset.draft}/${editor()}`;
  function words(form) {
    const typed = {};
    for (const area of $$("textarea", form)) typed[area.name] = area.value;
    for (const radio of $$("input[type=radio]:checked", form)) typed[radio.name] = radio.value;
    for (const field of sources(form)) typed[field.name] = answer(field);
    return typed;
  }
  function copySoon(form) {
    if (!key || copying.has(form)) return;
    copying.set(form, setTimeout(async () => {
      try {
        await copy(form);
      } catch {
        // A browser without room or leave for it: the page and the server are left.
      } finally {
        copying.delete(form);
      }
    }, COPY_AFTER));
  }
  async function copy(form) {
    const at = changedSince.get(form) ?? 0;
    const content = { version: $("[name=version]", form).value, typed: words(form), at: Date.now() };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(content)));
    await withStore("readwrite", (store) => store.put({ iv, data }, place(form)));
    form.dataset.copied = String(at);
    // Typed on while it was written: once more.
    if ((changedSince.get(form) ?? 0) > at) {
      copying.delete(form);
      copySoon(form);
    }
  }
  async function dropCopy(form) {
    if (!key) return;
    clearTimeout(copying.get(form));
    copying.delete(form);
    try {
      await withStore("readwrite", (store) => store.delete(place(form)));
    } catch {
      // It is offered once more at the next visit; nothing is lost by that.
    }
  }

  // ---- Back after a crash: copies of windows that are no longer open are offered beside what is stored.
  async function read(found) {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.iv }, key, found.data);
    return JSON.parse(new TextDecoder().decode(plain));
  }
  async function offerCopies() {
    const open_ = new Set((await navigator.locks.query()).held.map((lock) => lock.name));
    const names = await withStore("readonly", (store) => store.getAllKeys());
    for (const name of names) {
      const [person, assignment, part, window_] = name.split("/");
      if (open_.has(`imr-window-${window_}`)) continue;
      const found = await withStore("readonly", (store) => store.get(name));
      let content = null;
      try {
        content = await read(found);
      } catch {
        // Of a session that is over: nobody can read it any more.
        await withStore("readwrite", (store) => store.delete(name));
        continue;
      }
      const form = $$("form[data-draft]").find((one) => one.dataset.draft === `${assignment}/${part}`);
      if (person !== document.body.dataset.sessionPerson || !form) continue;
      const now = words(form);
      const differs = Object.entries(content.typed).filter(([field, text]) => (now[field] ?? "") !== text);
      if (differs.length) offer(form, name, content, differs);
      else await withStore("readwrite", (store) => store.delete(name));
    }
  }
  function offer(form, name, content, differs) {
    const template = $("#copy-offer").content.cloneNode(true);
    const box = template.firstElementChild;
    const time = new Date(content.at).toLocaleTimeString("en-US", { timeZone: "America/Los_Angeles", hour: "numeric", minute: "2-digit", second: "2-digit" });
    $("[data-copy-time]", box).textContent = `${time} PT`;
    for (const [field, text] of differs) {
      const shown = document.createElement("div");
      shown.className = "conflict__text";
      shown.textContent = text === "" ? "(empty)" : field.startsWith("cite_") ? citeWords(form, field, text) : $(`[name="${field}"][value="${CSS.escape(text)}"]`, form)?.labels[0]?.textContent.trim() ?? text;
      $("[data-copy-texts]", box).append(shown);
    }
    $("[data-copy-back]", box).addEventListener("click", async () => {
      $("[name=version]", form).value = content.version;
      for (const [field, text] of Object.entries(content.typed)) {
        const area = $(`textarea[name="${field}"]`, form);
        if (area) area.value = text;
        else if (field.startsWith("cite_")) bringSource(form, field, text);
        else $$(`[name="${field}"]`, form).forEach((radio) => { radio.checked = radio.value === text; });
      }
      box.remove();
      $("textarea", form).dispatchEvent(new Event("input", { bubbles: true }));
      form.closest(".workspace-part").focus();
      await withStore("readwrite", (store) => store.delete(name));
    });
    $("[data-copy-drop]", box).addEventListener("click", async () => {
      box.remove();
      form.closest(".workspace-part").focus();
      await withStore("readwrite", (store) => store.delete(name));
    });
    form.prepend(box);
  }
  function citeWords(form, name, text) {
    const label = $(`[name="${name}"]`, form)?.labels[0]?.textContent.trim() ?? "";
    return text === "on" ? label : `${label}: ${text}`;
  }
  function bringSource(form, name, text) {
    const field = $(`[name="${name}"]`, form);
    if (!field) return;
    if (field.type === "checkbox") field.checked = text === "on";
    else field.value = text;
    const more = field.closest("details");
    if (more && text) more.open = true;
  }
  async function begin() {
    if (!$("form[data-draft]")) return;
    try {
      key = await askKey();
      if (!key) return;
      // Held as long as this window lives; other windows see by it that its words are not lost.
      navigator.locks.request(`imr-window-${editor()}`, () => new Promise(() => {}));
      await offerCopies();
      document.documentElement.dataset.copies = "ready";
      $$("form[data-draft]").forEach((form) => { if (changedSince.get(form) || sources(form).some(answer)) copySoon(form); });
    } catch {
      key = null;
    }
  }
  // A new session has a new key.
  document.addEventListener("imr:signed-in", async () => {
    try {
      key = await askKey();
    } catch {
      key = null;
    }
  });
  document.addEventListener("DOMContentLoaded", begin);

  // ---- Words that another part of the page inserts: into the text area that was used last, at the cursor.
  let lastArea = null;
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("form[data-draft] textarea")) lastArea = event.target;
  });
  document.addEventListener("imr:insert", ({ detail: { text, field } }) => {
    const area = field ? document.getElementById(field) : lastArea?.isConnected ? lastArea : $("textarea[name=rationale]");
    if (!area || !text) return;
    const before = area.value.slice(0, area.selectionStart);
    const after = area.value.slice(area.selectionEnd);
    const lead = before && !/\s$/.test(before) && !/^[\s.,;)]/.test(text) ? " " : "";
    const trail = after && !/^[\s.,;)]/.test(after) && !/\s$/.test(text) ? " " : "";
    area.focus();
    area.setRangeText(lead + text + trail, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
