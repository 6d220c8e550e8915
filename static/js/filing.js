// Comfort for the application: fields that do not apply are put away, files go up one by one. No dependencies.
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

  // ---- Uploads: one request a file, with its own progress and its own answer.
  function size(bytes) {
    return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  }
  function line(list, file) {
    const row = document.createElement("li");
    const words = document.createElement("span");
    const bar = document.createElement("progress");
    row.className = "upload__file";
    row.append(`${file.name} (${size(file.size)})`, words, bar);
    words.className = "upload__words";
    words.textContent = "Waiting";
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `Upload of ${file.name}`);
    list.append(row);
    return {
      row,
      say(text, state) {
        words.textContent = text;
        row.classList.toggle("upload__file--failed", state === "failed");
        row.classList.toggle("upload__file--done", state === "done");
      },
      progress(share) { bar.value = share; },
      end() { bar.remove(); },
      offer(label, act) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "usa-button usa-button--outline usa-button--small";
        button.textContent = label;
        button.addEventListener("click", () => { button.remove(); act(); });
        row.append(button);
      },
    };
  }
  function send(form, file, kind, shown, isConfirmed = false) {
    return new Promise((done) => {
      const data = new FormData();
      data.append("csrfmiddlewaretoken", $("[name=csrfmiddlewaretoken]", form).value);
      data.append("kind", kind);
      data.append("file", file);
      if (isConfirmed) data.append("is_name_confirmed", "on");
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        const share = Math.round((event.loaded / event.total) * 100);
        shown.progress(share);
        shown.say(share < 100 ? `Uploading, ${share}%` : "Checking the file", "");
      });
      request.addEventListener("loadend", () => {
        const answer = read(request);
        shown.end();
        shown.say(answer.message, answer.ok ? "done" : "failed");
        if (answer.list) {
          const place = $("[data-documents]");
          place.innerHTML = answer.list;
          window.htmx?.process(place);
        }
        if (answer.code === "names_other_case") {
          shown.offer("It belongs here: upload it", () => send(form, file, kind, shown, true));
        } else if (answer.again) {
          shown.offer("Try again", () => send(form, file, kind, shown, isConfirmed));
        }
        done();
      });
      request.send(data);
    });
  }
  function read(request) {
    if (request.status === 0) return { ok: false, again: true, message: "The upload was interrupted. Check your connection." };
    try {
      const answer = JSON.parse(request.responseText);
      if ("message" in answer) return { ...answer, again: request.status >= 500 };
      return { ok: false, again: request.status >= 500, message: answer.errors[0].detail };
    } catch {
      const words = request.status === 413 ? "The file is too large." : "The file could not be uploaded. Reload the page and try again.";
      return { ok: false, again: false, message: words };
    }
  }
  async function take(form, files) {
    const kind = $("[name=kind]", form);
    const list = $("[data-upload-files]", form);
    if (!kind.value) {
      list.replaceChildren();
      const row = document.createElement("li");
      row.className = "upload__file upload__file--failed";
      row.dataset.uploadHint = "";
      row.innerHTML = "<span class=\"upload__words\"></span>";
      row.firstChild.textContent = "Select first what you are adding, then choose the files.";
      list.append(row);
      kind.focus();
      return;
    }
    $("[data-upload-hint]", list)?.remove();
    const limit = Number(form.dataset.maxBytes);
    const chosen = kind.value;
    const rows = [...files].map((file) => [file, line(list, file)]);
    for (const [file, shown] of rows) {
      if (file.size > limit) {
        shown.end();
        shown.say(`The file is larger than ${size(limit)}. Split it and upload the parts.`, "failed");
      } else {
        await send(form, file, chosen, shown);
      }
    }
  }
  function prepareUpload(form) {
    const input = $("input[type=file]", form);
    const target = $("[data-drop]", form);
    $("[data-upload-plain]", form).hidden = true;
    $("[data-drop-words]", form).hidden = false;
    const start = async (files) => {
      const held = [...files];
      await take(form, held);
      input.value = "";
    };
    input.addEventListener("change", () => { if (input.files.length) start(input.files); });
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const name of ["dragenter", "dragover"]) {
      target.addEventListener(name, (event) => {
        event.preventDefault();
        target.classList.add("is-over");
      });
    }
    for (const name of ["dragleave", "drop"]) target.addEventListener(name, () => target.classList.remove("is-over"));
    target.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer?.files.length) start(event.dataTransfer.files);
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    $$("form[data-filing]").forEach(arrange);
    $$("form[data-upload]").forEach(prepareUpload);
  });
})();
