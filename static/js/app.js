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
  const RETRY_SECONDS = 5;
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
      delete form.dataset.renewed;
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
      show(form, "Sign in again to save. Your text is still here.", true);
    } else if (code === 403 && !form.dataset.renewed) {
      // Somebody signed out and in since this page was opened. Once: a second refusal has another reason.
      form.dataset.renewed = "yes";
      show(form, "Saving…", false);
      document.dispatchEvent(new Event("imr:stale"));
    } else if (code === 0 || code >= 500) {
      const reason = code === 0 ? "no connection" : "the server has a problem";
      show(form, `Not saved: ${reason}. Your text is here; trying again in ${RETRY_SECONDS} s.`, true);
      retries.set(form, setTimeout(() => form.dispatchEvent(new Event("change", { bubbles: true })), RETRY_SECONDS * 1000));
    } else {
      show(form, "Not saved. Copy your last words and reload the page.", true);
    }
  });
  // Being signed out, and a token of the session before, are expected here and answered by the page: no error to log.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ([401, 403].includes(event.detail.xhr.status)) event.detail.isError = false;
  });
  function saveDirty() {
    for (const form of dirty) {
      if (form.isConnected && !form.dataset.conflict) form.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  window.addEventListener("online", saveDirty);
  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected && !form.dataset.sending)) event.preventDefault();
  });

  // ---- The end of the session (WCAG 2.2.1): offered in time, for all windows of this browser at once. A page with
  // unsaved words stays as it is; signing in happens in another tab, and saving goes on with a fresh token.
  const WARN_SECONDS = 120;
  const TYPING_RESTS = 1500;
  let hasTyped = false;
  document.addEventListener("input", (event) => { if (event.target.form?.method === "post") hasTyped = true; });
  const holdsText = () => hasTyped || $("form[data-autosave]") !== null;

  // Asked for with the session of the moment, whoever began it: "ok", "signed out", "other person" or "unreachable".
  async function renewToken() {
    const { sessionResume, sessionPerson } = document.body.dataset;
    try {
      const answer = await fetch(sessionResume, { headers: { "HX-Request": "true" } });
      if (answer.status === 401 || answer.redirected) return "signed out";
      if (!answer.ok) return "unreachable";
      const { body } = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (body.dataset.sessionPerson !== sessionPerson) return "other person";
      const headers = body.getAttribute("hx-headers");
      document.body.setAttribute("hx-headers", headers);
      const token = JSON.parse(headers)["X-CSRFToken"];
      $$("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
      return "ok";
    } catch {
      return "unreachable";
    }
  }
  const UNREACHABLE = "The server cannot be reached. Check your connection and try again.";

  function watchSession() {
    const { sessionIdle, sessionExtend, sessionResume, sessionSignIn } = document.body.dataset;
    const dialog = $("#session-dialog");
    if (!sessionIdle || !dialog) return;
    const idle = Number(sessionIdle) * 1000;
    const windows = "BroadcastChannel" in window ? new BroadcastChannel("imr-session") : null;
    const title = $("#session-dialog-title");
    const words = $("[data-session-text]");
    const openTitle = title.textContent;
    let end = Date.now() + idle;
    let lastUse = Date.now();
    let lastTyped = 0;
    let resting;
    document.addEventListener("input", () => { lastTyped = Date.now(); });
    let ended = false;
    let cursor = null;

    function offer(isEnded) {
      ended = isEnded;
      dialog.classList.toggle("dialog--opaque", isEnded);
      $("[data-session-open]").hidden = isEnded;
      $("[data-session-ended]").hidden = !isEnded;
      if (!isEnded) title.textContent = openTitle;
      ask();
    }
    function ask() {
      if (dialog.open) return;
      const at = document.activeElement;
      // Fields such as those for an e-mail address tell no place of the cursor.
      cursor = at.matches("textarea, input") ? [at, at.selectionStart, at.selectionEnd] : null;
      dialog.showModal();
    }
    // The browser gives the focus back but not the cursor: keys would then go nowhere until the field is clicked.
    function answered() {
      if (!dialog.open) return;
      dialog.close();
      const [field, from, to] = cursor ?? [];
      if (!field?.isConnected) return;
      field.blur();
      field.focus({ preventScroll: true });
      if (from !== null && from !== undefined) field.setSelectionRange(from, to);
    }
    function renew() {
      if (ended) return;
      end = Date.now() + idle;
      answered();
    }
    function used() {
      renew();
      windows?.postMessage("used");
    }
    // Not under the hands of somebody who types: what is typed while the dialog opens would go nowhere.
    function finish() {
      if (ended) return;
      clearTimeout(resting);
      const rest = lastTyped + TYPING_RESTS - Date.now();
      if (rest > 0) {
        resting = setTimeout(finish, rest);
        return;
      }
      offer(true);
      const stays = holdsText();
      const again = $("[data-session-again]");
      title.textContent = "Your session has ended";
      words.textContent = stays
        ? "Sign in again to save. Your text is still here."
        : "Nothing was done for a while, or you signed out in another window. What was saved is safe.";
      $("[data-session-check]").hidden = !stays;
      if (stays && !$("[data-session-password]")) {
        const template = $("[data-session-form]");
        template.after(template.content.cloneNode(true));
      }
      $("[data-session-new-tab]").hidden = !stays;
      const next = stays ? sessionResume : location.pathname + location.search;
      again.href = `${sessionSignIn}?next=${encodeURIComponent(next)}`;
      if (stays) {
        again.target = "_blank";
        again.rel = "noopener";
        dirty.forEach((form) => show(form, "Sign in again to save. Your text is still here.", true));
      }
      title.focus();
    }
    // `isAsked`: the person waits for an answer.
    async function goOn(isAsked) {
      const answer = await renewToken();
      if (answer === "ok") {
        if (ended) offer(false);
        $("[data-session-password]")?.remove();
        used();
        saveDirty();
        document.dispatchEvent(new Event("imr:signed-in"));
      } else if (answer === "signed out" && !ended) {
        finish();
      } else if (answer === "other person") {
        finish();
        words.textContent = "Somebody else is signed in now. Your text is still here; sign in as yourself to save it.";
      } else if (isAsked) {
        words.textContent = answer === "unreachable" ? UNREACHABLE : "You are not signed in yet. Your text is still here.";
      }
    }
    // In place, so that the page and its words stay as they are; the other ways remain for whoever needs them.
    async function signIn(form) {
      const problem = $("[data-session-problem]", form);
      const password = $("[name=password]", form);
      problem.textContent = "";
      try {
        const headers = JSON.parse(document.body.getAttribute("hx-headers"));
        const body = new URLSearchParams(new FormData(form));
        const answer = await fetch(form.action, { method: "POST", headers, body, redirect: "manual" });
        if (answer.type === "opaqueredirect") {
          password.value = "";
          await goOn(true);
          return;
        }
        const refusals = { 422: "The password is not right. Try again.", 429: "Too many attempts. Try again in a quarter of an hour." };
        problem.textContent = refusals[answer.status] ?? "This did not work here. Sign in again in a new tab.";
        password.focus();
      } catch {
        problem.textContent = UNREACHABLE;
      }
    }
    async function stay() {
      try {
        const headers = JSON.parse(document.body.getAttribute("hx-headers"));
        const answer = await fetch(sessionExtend, { method: "POST", headers: { ...headers, "HX-Request": "true" } });
        if (answer.ok && !answer.redirected) used();
        else if (answer.status === 403) goOn(true);
        else finish();
      } catch {
        words.textContent = UNREACHABLE;
      }
    }
    function tick() {
      if (ended) return;
      // Reading and thinking beside unsaved words is use; without a word to the server it would end the session.
      const lastSignal = end - idle;
      if (lastUse > lastSignal && Date.now() - lastSignal > idle / 3 && $("form[data-autosave]")) {
        end = Date.now() + idle;
        stay();
      }
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left <= 0) {
        finish();
      } else if (left <= WARN_SECONDS) {
        if (!dialog.open) {
          ask();
          $("[data-session-stay]").focus();
        }
        const minutes = Math.ceil(left / 60);
        const time = left > 60 ? `${minutes} minutes` : `${left} seconds`;
        // Not every second: each change is read aloud.
        if (left > 60 || left % 10 === 0) {
          words.textContent = `You will be signed out in ${time}, because nothing has been done for a while.`;
        }
      }
    }

    for (const name of ["keydown", "pointerdown", "wheel"]) {
      document.addEventListener(name, () => { lastUse = Date.now(); }, { passive: true });
    }
    $("[data-session-stay]").addEventListener("click", stay);
    dialog.addEventListener("submit", (event) => {
      if (!event.target.matches("[data-session-password]")) return;
      event.preventDefault();
      signIn(event.target);
    });
    $("[data-session-check]").addEventListener("click", () => goOn(true));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (!ended) stay();
    });
    window.addEventListener("focus", () => { if (ended) goOn(false); });
    windows?.addEventListener("message", () => { if (ended) goOn(false); else renew(); });
    document.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
      if (xhr.status && ![401, 403].includes(xhr.status)) used();
    });
    document.addEventListener("imr:signed-out", finish);
    document.addEventListener("imr:stale", () => goOn(false));
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
