// Files go up one after another, each with its own progress and its own answer. Large ones go in pieces (tus), so that
// a lost connection, or a closed page, costs only what the last piece held. Needs tus.min.js for that; works without.
(() => {
  "use strict";

  const PIECE = 4 * 1024 * 1024;
  const PAUSES = [0, 1000, 3000, 5000, 10000, 20000, 30000];
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  function size(bytes) {
    if (bytes < 1024) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
    return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  }

  // ---- The line of a file: what happens to it, how far it is, and what can be done.
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
        // Said once in a while only: a screen reader reads every change.
        if (words.textContent !== text) words.textContent = text;
        row.classList.toggle("upload__file--failed", state === "failed");
        row.classList.toggle("upload__file--done", state === "done");
      },
      progress(share) {
        bar.value = share;
        this.say(share < 100 ? `Uploading, ${share - (share % 10)}%` : "Checking the file", "");
      },
      begin() { if (!bar.isConnected) row.append(bar); },
      end() { bar.remove(); $$("button", row).forEach((button) => button.remove()); },
      offer(label, act) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "usa-button usa-button--outline usa-button--small";
        button.textContent = label;
        button.setAttribute("aria-label", `${label}: ${file.name}`);
        button.addEventListener("click", () => { button.remove(); act(); });
        row.append(button);
      },
    };
  }

  // ---- What the form says of the files that are chosen now.
  function described(form) {
    const answers = new FormData(form);
    answers.delete("file");
    return answers;
  }
  function token(form) { return $("[name=csrfmiddlewaretoken]", form).value; }

  // ---- One request, for a form's worth of data.
  function post(url, data, onProgress) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.setRequestHeader("Accept", "application/json");
      if (onProgress) request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) onProgress(Math.floor((event.loaded / event.total) * 100));
      });
      request.addEventListener("loadend", () => done(read(request.status, request.responseText)));
      request.send(data);
    });
  }
  function read(status, text) {
    if (status === 0) return { ok: false, again: true, message: "The upload was interrupted. Check your connection." };
    // 401: signed out meanwhile; 423: being worked on; 5xx: our side. All of them may pass.
    const again = status >= 500 || status === 423 || status === 401;
    try {
      const answer = JSON.parse(text);
      if ("message" in answer) return { ...answer, again };
      return { ok: false, again, message: answer.errors[0].detail };
    } catch {
      const words = status === 413 ? "The file is too large." : "The file could not be uploaded. Reload the page and try again.";
      return { ok: false, again, message: words };
    }
  }
  function show(form, shown, answer, again, confirm) {
    shown.end();
    shown.say(answer.message, answer.ok ? "done" : "failed");
    if (answer.list) {
      const place = $("[data-documents]");
      place.innerHTML = answer.list;
      window.htmx?.process(place);
    }
    if (answer.code === "names_other_case") shown.offer("It belongs here: upload it", confirm);
    else if (answer.again) shown.offer("Try again", again);
  }

  // ---- Small files: one request each.
  async function sendWhole(form, file, answers, shown) {
    const data = new FormData();
    answers.forEach((value, name) => data.append(name, value));
    data.set("csrfmiddlewaretoken", token(form));
    data.append("file", file);
    shown.begin();
    const answer = await post(form.action, data, (share) => shown.progress(share));
    show(form, shown, answer, () => sendWhole(form, file, answers, shown), () => {
      answers.set("is_name_confirmed", "on");
      return sendWhole(form, file, answers, shown);
    });
  }

  // ---- Large files: pieces that are kept, then one question for the answer.
  function unfinished(file) {
    return $$("[data-unfinished] [data-token]").find((row) =>
      row.dataset.name === file.name && Number(row.dataset.size) === file.size && Number(row.dataset.modified) === file.lastModified);
  }
  function sendPieces(form, file, answers, shown) {
    return new Promise((done) => {
      const begun = unfinished(file);
      const metadata = { filename: file.name, modified: String(file.lastModified) };
      answers.forEach((value, name) => { if (name !== "csrfmiddlewaretoken" && value) metadata[name] = value; });
      const repeat = () => { shown.end(); return sendPieces(form, file, answers, shown).then(done); };
      const upload = new window.tus.Upload(file, {
        endpoint: form.dataset.uploadUrl,
        uploadUrl: shown.url ?? (begun ? new URL(begun.dataset.url, location.href).href : null),
        chunkSize: PIECE,
        retryDelays: PAUSES,
        // Nothing is written to the browser's storage: the page lists what is not finished.
        storeFingerprintForResuming: false,
        metadata,
        onBeforeRequest: (request) => {
          request.setHeader("X-CSRFToken", token(form));
          request.setHeader("Accept", "application/json");
        },
        onShouldRetry: (error) => {
          const status = error.originalResponse?.getStatus() ?? 0;
          return status === 0 || status === 409 || status === 423 || status === 460 || status >= 500;
        },
        // After an error the same file goes on at the same address.
        onUploadUrlAvailable: () => { shown.url = upload.url; },
        onProgress: (sent, total) => shown.progress(Math.floor((sent / total) * 100)),
        onError: (error) => {
          const response = error.originalResponse;
          const answer = response ? read(response.getStatus(), response.getBody()) : read(0, "");
          if (!response) answer.message += " What arrived is kept.";
          show(form, shown, answer, repeat, () => { answers.set("is_name_confirmed", "on"); return repeat(); });
          done();
        },
        onSuccess: async () => {
          await finish(form, upload.url, begun, answers, shown);
          done();
        },
      });
      shown.begin();
      if (begun) shown.say("Going on where it stopped", "");
      shown.offer("Stop", () => {
        upload.abort();
        shown.end();
        shown.say("Stopped. What arrived is kept.", "");
        shown.offer("Go on", () => {
          shown.begin();
          upload.start();
        });
        done();
      });
      upload.start();
    });
  }
  async function finish(form, url, begun, answers, shown) {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", token(form));
    if (answers.get("is_name_confirmed")) data.append("is_name_confirmed", "on");
    shown.say("Checking the file", "");
    const answer = await post(`${url}finish/`, data);
    if (answer.ok) begun?.remove();
    show(form, shown, answer, () => finish(form, url, begun, answers, shown), () => {
      answers.set("is_name_confirmed", "on");
      return finish(form, url, begun, answers, shown);
    });
  }

  // ---- Choosing and dropping.
  function unanswered(form) {
    return $$("select[name=kind], select[name=source]", form).find((select) => !select.value);
  }
  async function take(form, files) {
    const list = $("[data-upload-files]", form);
    const open = unanswered(form);
    $("[data-upload-hint]", list)?.remove();
    if (open) {
      const row = document.createElement("li");
      const words = document.createElement("span");
      row.className = "upload__file upload__file--failed";
      row.dataset.uploadHint = "";
      words.className = "upload__words";
      words.textContent = open.name === "kind"
        ? "Select first what you are adding, then choose the files."
        : "Select first who sent the files, then choose them.";
      row.append(words);
      list.append(row);
      open.focus();
      return;
    }
    const limit = Number(form.dataset.maxBytes);
    const rows = files.map((file) => [file, described(form), line(list, file)]);
    for (const [file, answers, shown] of rows) {
      if (file.size > limit) {
        shown.end();
        shown.say(`The file is larger than ${size(limit)}. Split it and upload the parts.`, "failed");
      } else if (window.tus?.isSupported && file.size >= Number(form.dataset.resumableBytes)) {
        await sendPieces(form, file, answers, shown);
      } else {
        await sendWhole(form, file, answers, shown);
      }
    }
  }
  function prepare(form) {
    const input = $("input[type=file]", form);
    const target = $("[data-drop]", form);
    $("[data-upload-plain]", form).hidden = true;
    $("[data-drop-words]", form).hidden = false;
    let queue = Promise.resolve();
    const start = (files) => {
      const held = [...files];
      input.value = "";
      queue = queue.then(() => take(form, held));
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

  document.addEventListener("DOMContentLoaded", () => $$("form[data-upload]").forEach(prepare));
})();
