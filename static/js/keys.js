// The keys of a page: one list that every script adds to, shown on "?". Single letters work outside of text fields and
// can be switched off (WCAG 2.1.4); keys with Alt work everywhere.
(() => {
  "use strict";

  // { group, label, key, run } or, with Alt, { group, label, alt, run }. A key is what `KeyboardEvent.key` says.
  const keys = [];
  const dialog = () => document.getElementById("keys-dialog");
  const areLettersOn = () => document.querySelector("[data-letter-keys]")?.checked ?? true;
  const NAMES = { ArrowUp: "↑", ArrowDown: "↓", PageUp: "Page Up", PageDown: "Page Down", " ": "Space" };

  function isTyping(target) {
    return target.closest?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])");
  }
  function wanted(event) {
    if (event.ctrlKey || event.metaKey || event.isComposing) return null;
    if (event.altKey) {
      const pressed = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
      return keys.find((entry) => entry.alt === pressed);
    }
    if (!areLettersOn() || isTyping(event.target)) return null;
    return keys.find((entry) => entry.key === event.key);
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const entry = wanted(event);
    if (!entry) return;
    event.preventDefault();
    entry.run(event);
  });

  function spelled(entry) {
    const pressed = entry.key ?? entry.alt;
    const name = NAMES[pressed] ?? (pressed.length === 1 ? pressed.toUpperCase() : pressed);
    return entry.alt ? ["Alt", name] : [name];
  }
  function line(entry) {
    const row = document.createElement("div");
    const what = document.createElement("dt");
    const how = document.createElement("dd");
    what.textContent = entry.label;
    spelled(entry).forEach((name, at) => {
      const cap = document.createElement("kbd");
      cap.textContent = name;
      how.append(...(at ? [" + ", cap] : [cap]));
    });
    row.append(what, how);
    return row;
  }
  function show() {
    const shown = dialog();
    if (!shown) return;
    const place = shown.querySelector("[data-keys-groups]");
    place.replaceChildren();
    for (const [name, entries] of grouped()) {
      const title = document.createElement("h3");
      const list = document.createElement("dl");
      title.textContent = name;
      list.append(...entries.map(line));
      place.append(title, list);
    }
    shown.showModal();
  }
  function grouped() {
    const groups = new Map();
    for (const entry of keys) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
    return groups;
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-close]")) dialog().close();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-letter-keys]")) return;
    const detail = { has_letter_keys: event.target.checked ? "1" : "0" };
    document.dispatchEvent(new CustomEvent("imr:setting", { detail }));
  });

  window.imrKeys = { add: (...entries) => keys.push(...entries), show };
  window.imrKeys.add({ group: "Everywhere", label: "This list", key: "?", run: show });
})();
