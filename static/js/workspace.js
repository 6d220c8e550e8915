// The reviewer's workspace on top of app.js: what was typed is never lost, whoever else saved or signed out.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const page = () => $("[data-workspace]");

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
    if (xhr.status === 403) renewToken().then((renewed) => { if (renewed) saveAll(); });
    // The choice in a conflict was taken: the form saves by itself again.
    if (elt.matches("[data-resolve]") && isSaved && form.isConnected) {
      delete form.dataset.conflict;
      form.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  // The bar is always in view; it says what the section says.
  function mirror(form, status) {
    const bar = $("#save-state");
    const words = form.matches("[data-marks]") ? "" : $(form.getAttribute("hx-target"))?.textContent.trim();
    const isSaved = status >= 200 && status < 400;
    bar.classList.toggle("autosave--failed", !isSaved);
    if (words) bar.textContent = words;
    else if (status === 401) bar.textContent = "Sign in again to save.";
    else if (!isSaved) bar.textContent = "The marks are not saved. Try again.";
  }
  function saveAll() {
    for (const form of unsaved) {
      if (form.isConnected && !form.dataset.conflict) form.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  // Being signed out is expected here and answered by the page; it is no error to log.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 401) event.detail.isError = false;
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
      if (event.key !== "Enter" || !event.target.matches("input:not([type=checkbox])")) return;
      event.preventDefault();
      if (event.target.matches("[data-find]")) htmx.trigger(event.target, "search");
      else if (event.target.closest("details")) $("button[value='add:']", picker)?.click();
    });
  }

  // ---- The viewer.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-open]");
    if (!link) return;
    $("[data-viewer-hint]").hidden = true;
    $("#viewer-title").textContent = `Open document: ${link.textContent.trim()}`;
    $$("a[data-open][aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
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

  // ---- The session. The page stays as it is; signing in happens in another tab.
  const WARN_SECONDS = 120;
  let lastUse = Date.now();
  let lastSignal = Date.now();
  let ended = false;

  const dialog = () => $("#workspace-session");
  function say(title, text) {
    $("#workspace-session-title").textContent = title;
    $("#workspace-session-text").textContent = text;
  }
  function offer(isEnded) {
    $("[data-stay]").hidden = isEnded;
    $("[data-again]").hidden = !isEnded;
    $("[data-check]").hidden = !isEnded;
    dialog().classList.toggle("dialog--opaque", isEnded);
    if (!dialog().open) dialog().showModal();
  }
  function finish() {
    if (ended) return;
    ended = true;
    offer(true);
    say("Sign in again to save", "Your session has ended. Your text is still here.");
    for (const form of unsaved) {
      const state = $(form.getAttribute("hx-target"));
      if (state) state.textContent = "Sign in again to save. Your text is still here.";
      mirror(form, 401);
    }
    $("#workspace-session-title").focus();
  }
  // The page that answers carries a fresh token; it is asked for with the session that the other tab began.
  async function renewToken() {
    try {
      const answer = await fetch(page().dataset.resume, { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) return false;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const headers = fresh.body.getAttribute("hx-headers");
      if (!headers) return false;
      document.body.setAttribute("hx-headers", headers);
      const token = JSON.parse(headers)["X-CSRFToken"];
      $$("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
      return true;
    } catch {
      return false;
    }
  }
  async function goOn() {
    if (!(await renewToken())) {
      if (ended) say("Sign in again to save", "You are not signed in yet. Your text is still here.");
      return;
    }
    ended = false;
    lastSignal = lastUse = Date.now();
    if (dialog().open) dialog().close();
    saveAll();
  }
  function watch() {
    const idle = Number(page().dataset.idle) * 1000;
    for (const name of ["keydown", "pointerdown", "wheel"]) {
      document.addEventListener(name, () => { lastUse = Date.now(); }, { passive: true });
    }
    document.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.xhr.status === 401) finish();
      else if (event.detail.xhr.status) lastSignal = Date.now();
    });
    $("[data-stay]").addEventListener("click", goOn);
    $("[data-check]").addEventListener("click", goOn);
    dialog().addEventListener("cancel", (event) => { event.preventDefault(); if (!ended) goOn(); });
    window.addEventListener("focus", () => { if (ended) goOn(); });
    setInterval(async () => {
      if (ended) return;
      // Reading and thinking is use; without a word to the server it would end the session.
      if (lastUse > lastSignal && Date.now() - lastSignal > idle / 3) {
        lastSignal = Date.now();
        await renewToken();
      }
      const left = Math.ceil((lastSignal + idle - Date.now()) / 1000);
      if (left <= 0) finish();
      else if (left <= WARN_SECONDS) {
        say("Your session is about to end", `You will be signed out in ${left > 60 ? "2 minutes" : "1 minute"}, because nothing has been done for a while.`);
        if (!dialog().open) offer(false);
      }
    }, 5000);
  }

  document.addEventListener("htmx:load", (event) => $$("[data-picker]", event.detail.elt.parentElement ?? document).forEach(preparePicker));
  document.addEventListener("DOMContentLoaded", () => {
    $$("[data-picker]").forEach(preparePicker);
    // Marks save themselves, so their button is for pages without scripts.
    $$(".workspace-documents__save").forEach((button) => { button.hidden = true; });
    if (dialog()) watch();
  });
})();
