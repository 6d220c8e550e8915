// Comfort on top of pages that work without it. No dependencies; nothing is kept in the browser's storage.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---- Error summary: what is wrong is the first thing heard and the first thing the keyboard reaches.
  function focusSummary(root) {
    $("[data-error-summary]", root)?.focus();
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    field.closest(".usa-form-group")?.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });

  // ---- Character count: said aloud only when the typing rests.
  const counting = new WeakMap();
  function count(field) {
    const note = document.getElementById(`${field.id}_limit`);
    if (!note) return;
    const left = Number(field.dataset.limit) - field.value.length;
    const number = Math.abs(left).toLocaleString("en-US");
    const noun = Math.abs(left) === 1 ? "character" : "characters";
    note.textContent = left < 0 ? `${number} ${noun} too many` : `${number} ${noun} left`;
    note.classList.toggle("field__limit--over", left < 0);
    clearTimeout(counting.get(field));
    counting.set(field, setTimeout(() => { if (document.activeElement === field) say(note.textContent); }, 1000));
  }
  let speaker;
  function say(words) {
    if (!speaker) {
      speaker = document.createElement("div");
      speaker.className = "usa-sr-only";
      speaker.setAttribute("role", "status");
      ($("#main") ?? document.body).append(speaker);
    }
    speaker.textContent = words;
  }
  document.addEventListener("input", (event) => { if (event.target.dataset?.limit) count(event.target); });

  function prepare(root) {
    $$("textarea[data-limit]", root).forEach(count);
  }

  // ---- Confirmation before an act, and no double sending.
  let confirmed = null;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    const dialog = $("#confirm-dialog");
    if (question && dialog && confirmed !== form) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(dialog, question, event.submitter, () => {
        confirmed = form;
        form.requestSubmit(event.submitter);
        confirmed = null;
      });
      return;
    }
    if (form.method !== "post" || "allowResubmit" in form.dataset) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    // After this turn of the event loop, so that the pressed button's name is still sent.
    setTimeout(() => {
      if (event.defaultPrevented) return;
      form.dataset.sending = "yes";
      $$("button[type=submit]", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    });
    dirty.delete(form);
  }, true);
  function ask(dialog, question, opener, yes) {
    $("[data-confirm-text]", dialog).textContent = question;
    $("[data-confirm-yes]", dialog).textContent = opener?.textContent.trim() || "Yes";
    dialog.showModal();
    // The safe answer has the focus.
    $("[data-confirm-no]", dialog).focus();
    $("[data-confirm-yes]", dialog).onclick = () => { dialog.close(); yes(); };
    $("[data-confirm-no]", dialog).onclick = () => dialog.close();
  }
  // A page that comes back from the browser's memory is ready to be sent again.
  window.addEventListener("pageshow", () => {
    $$("form[data-sending]").forEach((form) => {
      delete form.dataset.sending;
      $$("[aria-disabled=true]", form).forEach((button) => button.removeAttribute("aria-disabled"));
    });
  });

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-menu-toggle]");
    if (toggle) toggle.setAttribute("aria-expanded", toggle.getAttribute("aria-expanded") === "true" ? "false" : "true");
    if (event.target.closest("[data-print]")) window.print();
  });

  // ---- Autosave: what is not saved yet is said, tried again, and not lost by leaving.
  const dirty = new Set();
  const retries = new WeakMap();
  const status = (form) => $(form.getAttribute("hx-target") ?? ".autosave", document);
  const autosaved = (event) => (event.detail.elt?.matches?.("form[data-autosave]") ? event.detail.elt : null);

  function show(form, words, failed) {
    const place = status(form);
    if (!place) return;
    place.classList.toggle("autosave--failed", failed);
    if (words !== null) place.textContent = words;
  }
  function changed(event) {
    const form = event.target.closest?.("form[data-autosave]");
    if (form) dirty.add(form);
  }
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = autosaved(event);
    if (!form) return;
    if (form.dataset.conflict) {
      event.preventDefault();
      return;
    }
    clearTimeout(retries.get(form));
    dirty.delete(form);
    show(form, "Saving…", false);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = autosaved(event);
    if (!form) return;
    const code = event.detail.xhr.status;
    // Not `detail.successful`: a 409 is swapped in, which htmx takes for a success.
    if (code >= 200 && code < 400) {
      show(form, null, false);
      return;
    }
    dirty.add(form);
    if (code === 409) {
      form.dataset.conflict = "yes";
      show(form, null, true);
    } else if (code === 422) {
      show(form, null, true);
    } else if (code === 401) {
      show(form, "Not saved: you are signed out.", true);
    } else if (code === 0 || code >= 500) {
      show(form, "Not saved. We will try again in a few seconds.", true);
      retries.set(form, setTimeout(() => form.dispatchEvent(new Event("change", { bubbles: true })), 5000));
    } else {
      show(form, "Not saved. Copy your last words and reload the page.", true);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected && !form.dataset.sending)) event.preventDefault();
  });

  // ---- The end of the session (WCAG 2.2.1): offered in time, for all windows of this browser at once.
  const WARN_SECONDS = 120;
  function watchSession() {
    const { sessionIdle, sessionExtend, sessionSignIn } = document.body.dataset;
    const dialog = $("#session-dialog");
    if (!sessionIdle || !dialog) return;
    const idle = Number(sessionIdle) * 1000;
    const windows = "BroadcastChannel" in window ? new BroadcastChannel("imr-session") : null;
    let end = Date.now() + idle;
    let ended = false;

    function renew() {
      if (ended) return;
      end = Date.now() + idle;
      if (dialog.open) dialog.close();
    }
    function used() {
      renew();
      windows?.postMessage("used");
    }
    function finish() {
      ended = true;
      dialog.classList.add("dialog--opaque");
      const title = $("#session-dialog-title");
      title.textContent = "Your session has ended";
      $("[data-session-text]").textContent =
        "Nothing was done for a while, or you signed out in another window. What was saved is safe.";
      $("[data-session-open]").hidden = true;
      $("[data-session-ended]").hidden = false;
      const here = encodeURIComponent(location.pathname + location.search);
      $("[data-session-again]").href = `${sessionSignIn}?next=${here}`;
      dirty.clear();
      if (!dialog.open) dialog.showModal();
      title.focus();
    }
    async function stay() {
      try {
        const headers = JSON.parse(document.body.getAttribute("hx-headers"));
        const answer = await fetch(sessionExtend, { method: "POST", headers: { ...headers, "HX-Request": "true" } });
        if (answer.ok && !answer.redirected) used();
        else finish();
      } catch {
        $("[data-session-text]").textContent = "The server cannot be reached. Check your connection and try again.";
      }
    }
    function tick() {
      if (ended) return;
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left <= 0) {
        finish();
      } else if (left <= WARN_SECONDS) {
        if (!dialog.open) {
          dialog.showModal();
          $("[data-session-stay]").focus();
        }
        const minutes = Math.ceil(left / 60);
        const words = left > 60 ? `${minutes} minutes` : `${left} seconds`;
        // Not every second: each change is read aloud.
        if (left > 60 || left % 10 === 0) {
          $("[data-session-text]").textContent = `You will be signed out in ${words}, because nothing has been done for a while.`;
        }
      }
    }

    $("[data-session-stay]").addEventListener("click", stay);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (!ended) stay();
    });
    windows?.addEventListener("message", renew);
    document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.xhr.status && event.detail.xhr.status !== 401) used(); });
    document.addEventListener("imr:signed-out", finish);
    windows?.postMessage("used");
    setInterval(tick, 1000);
  }

  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  document.addEventListener("DOMContentLoaded", () => {
    prepare(document);
    focusSummary(document);
    watchSession();
  });
})();
