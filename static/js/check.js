// Compares a file with the digests of the page, in the browser: nothing of the file is sent anywhere.
(() => {
  "use strict";

  const area = document.getElementById("file-check");
  // Browsers compute digests on pages that came over HTTPS alone; elsewhere the page explains how to do it by hand.
  if (!area || !window.crypto?.subtle) return;
  const drop = document.getElementById("file-drop");
  const input = document.getElementById("file-input");
  const result = document.getElementById("file-result");
  const versions = new Map(
    [...document.querySelectorAll("[data-sha256]")].map((node) => [node.dataset.sha256, node.dataset.version]),
  );
  const { asked, current } = area.dataset;
  const MOST_BYTES = 200 * 1024 * 1024;
  let turn = 0;

  function say(kind, words) {
    result.className = kind ? `file-check__result file-check__result--${kind}` : "file-check__result";
    result.textContent = words;
  }

  function verdict(name, version) {
    if (!version) return ["other", `Not the same: “${name}” is no version of this letter, or it was changed.`];
    if (version === asked && version === current) return ["same", `The same: “${name}” is this letter, unchanged.`];
    if (version === asked) return ["older", `“${name}” is this letter, unchanged, and it is the older version ${version}. Version ${current} took its place.`];
    if (version === current) return ["same", `“${name}” is the version that took its place, version ${version}, unchanged.`];
    return ["older", `“${name}” is version ${version} of this letter, unchanged. Version ${current} took its place.`];
  }

  async function compare(file) {
    turn += 1;
    const mine = turn;
    if (file.size > MOST_BYTES) {
      say("other", `“${file.name}” is larger than any letter.`);
      return;
    }
    say("", `Comparing “${file.name}”…`);
    try {
      const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
      const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      if (mine === turn) say(...verdict(file.name, versions.get(hex)));
    } catch {
      if (mine === turn) say("other", `“${file.name}” could not be read. Choose the file again.`);
    }
  }

  input.addEventListener("change", () => { if (input.files[0]) compare(input.files[0]); });
  // A file that misses the field must not replace the page.
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => event.preventDefault());
  }
  drop.addEventListener("dragover", () => drop.classList.add("file-check__drop--over"));
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("file-check__drop--over"));
  }
  drop.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (file) compare(file);
  });
  area.hidden = false;
})();
