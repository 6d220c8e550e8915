// The reviewer's workspace on top of app.js: what was typed is never lost, whoever else saved or signed out.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---- Saving. htmx sends the name of the button that has the focus; a save by itself must not press it.
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters, triggeringEvent } = event.detail;
    if (elt.matches("form[data-autosave]") && triggeringEvent?.type !== "submit") parameters.action = "save";
  });

  const unsaved = new Set();
  // A button may be gone from the page when its answer arrives; the event then names another element.
  const formOf = new WeakMap();
  document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
    const form = elt.closest?.("form[data-autosave], form[data-marks]");
    if (form && !elt.matches("[data-find]")) formOf.set(elt, form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, requestConfig: { elt } } = event.detail;
    const form = formOf.get(elt);
    if (!form) return;
    const isSaved = xhr.status >= 200 && xhr.status < 400;
    if (isSaved) unsaved.delete(form);
    else unsaved.add(form);
    mirror(form, xhr.status);
    // Forms that save themselves are looked after by app.js; the marks ask for a fresh token here, once.
    if (isSaved) delete form.dataset.renewed;
    else if (xhr.status === 403 && form.matches("[data-marks]") && !form.dataset.renewed) {
      form.dataset.renewed = "yes";
      document.dispatchEvent(new Event("imr:stale"));
    }
  });
  // The bar is always in view; it says what the section says.
  function mirror(form, status) {
    const bar = $("#save-state");
    const said = form.matches("[data-marks]") ? null : $(form.getAttribute("hx-target"));
    const isSaved = status >= 200 && status < 400;
    bar.classList.toggle("autosave--failed", !isSaved);
    if (said?.textContent.trim()) bar.replaceChildren(...[...said.childNodes].map((node) => node.cloneNode(true)));
    else if (status === 401) bar.textContent = "Sign in again to save.";
    else if (!isSaved) bar.textContent = "The marks are not saved. Try again.";
  }
  document.addEventListener("imr:signed-in", () => {
    for (const form of unsaved) {
      if (form.isConnected && form.matches("[data-marks]")) form.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  // Saved, and on to the next item.
  document.addEventListener("imr:go", ({ detail: { place } }) => {
    const section = document.getElementById(place);
    section?.scrollIntoView();
    section?.focus();
  });

  // htmx copies attributes from what it replaces. The style that a resized text area carries may not be set that
  // way under our policy.
  for (const name of ["htmx:beforeSwap", "htmx:oobBeforeSwap"]) {
    document.addEventListener(name, ({ detail: { target } }) => {
      for (const node of [target, ...$$("[style]", target ?? undefined)]) node?.removeAttribute("style");
    });
  }

  // A whole section that was swapped keeps the reader's place.
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (target?.matches?.(".workspace-part")) document.getElementById(target.id)?.focus();
  });
  // A refusal beside a field belongs to the field.
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    for (const note of $$("[data-problem]")) {
      const field = document.getElementById(note.id.replace(/_problem$/, ""));
      if (!field) continue;
      const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== note.id);
      if (note.childElementCount) {
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", [...described, note.id].join(" "));
      } else if (field.getAttribute("aria-describedby")?.includes(note.id)) {
        field.removeAttribute("aria-invalid");
        field.setAttribute("aria-describedby", described.join(" "));
      }
    }
  });

  // ---- The picker is no part of what saves itself; Enter searches or adds instead of saving.
  function preparePicker(picker) {
    if (picker.dataset.ready) return;
    picker.dataset.ready = "yes";
    for (const name of ["input", "change"]) picker.addEventListener(name, (event) => event.stopPropagation());
    picker.addEventListener("keydown", (event) => {
      if (["ArrowDown", "ArrowUp", "Escape"].includes(event.key) && step(picker, event)) return;
      if (event.key !== "Enter" || !event.target.matches("input:not([type=checkbox])")) return;
      event.preventDefault();
      if (event.target.matches("[data-find]")) takeFirst(picker, event.target);
      else if (event.target.closest("details")) $("button[value='add:']", picker)?.click();
    });
  }

  // The arrow keys walk through what was found; Escape goes back to the search.
  function step(picker, event) {
    const found = $$(".picker__list button", picker);
    const at = found.indexOf(event.target);
    const search = $("[data-find]", picker);
    if (at < 0 && event.target !== search) return false;
    if (event.key === "Escape" && at < 0) return false;
    event.preventDefault();
    const to = event.key === "Escape" ? -1 : at + (event.key === "ArrowDown" ? 1 : -1);
    (found[Math.min(to, found.length - 1)] ?? search).focus();
    return true;
  }
  // Enter takes the first place found for what is typed; while it is still being looked for, it waits for that.
  function takeFirst(picker, search) {
    const list = $(".picker__list[data-query]", picker);
    const isCurrent = list && list.dataset.query === search.value.trim();
    if (isCurrent) {
      $("button", list).click();
      return;
    }
    if (!search.value.trim()) return;
    search.dataset.wanted = search.value.trim();
    htmx.trigger(search, "search");
  }
  document.addEventListener("htmx:afterSettle", ({ detail: { target } }) => {
    const picker = target?.closest?.("[data-picker]");
    const search = picker && $("[data-find]", picker);
    const list = picker && $(".picker__list[data-query]", picker);
    if (!search?.dataset.wanted || !list) return;
    const isWanted = search.dataset.wanted === search.value.trim() && list.dataset.query === search.dataset.wanted;
    delete search.dataset.wanted;
    if (isWanted) $("button", list).click();
  });

  // Ready words go to the cursor; the text area has the focus then.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert-text]");
    if (!button) return;
    event.preventDefault();
    const detail = { text: button.dataset.insertText, field: button.dataset.insertField };
    document.dispatchEvent(new CustomEvent("imr:insert", { detail }));
    const search = $("input[name=p]", button.closest("[data-picker]") ?? undefined);
    if (search && button.closest("[data-picker]")) search.value = "";
  });
  // After a citation the search is at hand again; one outside the MTUS leads to the question why.
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr, requestConfig } }) => {
    const action = requestConfig.parameters?.action ?? requestConfig.formData?.get?.("action") ?? "";
    const form = requestConfig.elt.closest("form");
    if (!form?.isConnected) return;
    if (/^(share|unshare):/.test(action)) {
      setTimeout(() => ($("[role=alert]", $(".shared", form) ?? undefined) ? $(".shared input", form) : $(".shared", form))?.focus());
      return;
    }
    if (xhr.status !== 200 || !/^(add|same|remove):/.test(action)) return;
    setTimeout(() => {
      const reason = $("textarea[name=hierarchy_reason]", form);
      const isOutside = $$(".citations__list li", form).at(-1)?.matches("[data-outside]");
      const isAsked = isOutside && !action.startsWith("remove") && reason?.offsetParent && !reason.value;
      (isAsked ? reason : $("[data-find][name=q]", form))?.focus();
    });
  });

  // Links to a part of the page move the focus too; a closed picker opens for them.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
    if (!target || !target.closest("[data-workspace]")) return;
    event.preventDefault();
    (target.closest(".usa-form-group") ?? target).scrollIntoView({ block: "start" });
    const choice = target.matches(".basis") ? $("input:checked, input", target) : null;
    (choice ?? target).focus({ preventScroll: true });
  });

  document.addEventListener("htmx:load", (event) => $$("[data-picker]", event.detail.elt.parentElement ?? document).forEach(preparePicker));
  document.addEventListener("DOMContentLoaded", () => {
    $$("[data-picker]").forEach(preparePicker);
    $$("[data-quick]").forEach((quick) => { quick.hidden = false; });
    // Marks save themselves, so their button is for pages without scripts.
    $$(".workspace-documents__save").forEach((button) => { button.hidden = true; });
  });
})();
