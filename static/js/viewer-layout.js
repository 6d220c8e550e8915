// Room for reading: the divider between records and decision, one pane at a time on a narrow screen, panels of the
// records, the header put away. What the person chose is kept on the server.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const workspace = () => $("[data-workspace]");

  // A request with the token of the moment; app.js keeps it fresh. With `keepalive` it outlives the page.
  function post(url, fields, { keepalive = false } = {}) {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    return fetch(url, {
      method: "POST",
      headers: { ...headers, "HX-Request": "true", Accept: "application/json" },
      body: new URLSearchParams(fields),
      keepalive,
    });
  }
  window.imrReading = { post };

  // A setting that cannot be kept now is kept the next time; it is no reason to disturb.
  const wishes = {};
  let saving;
  function keep(detail) {
    Object.assign(wishes, detail);
    clearTimeout(saving);
    saving = setTimeout(async () => {
      const sent = { ...wishes };
      const answer = await post(workspace().dataset.settings, sent).catch(() => null);
      if (answer?.ok) for (const name of Object.keys(sent)) if (wishes[name] === sent[name]) delete wishes[name];
    }, 600);
  }
  document.addEventListener("imr:setting", (event) => keep(event.detail));

  // ---- The divider: mouse, touch, arrow keys; Enter puts it in the middle.
  function prepareDivider(divider) {
    const [least, most] = [Number(divider.getAttribute("aria-valuemin")), Number(divider.getAttribute("aria-valuemax"))];
    function move(percent, isKept = true) {
      const at = Math.round(Math.min(most, Math.max(least, percent)));
      workspace().style.setProperty("--records", `${at}%`);
      divider.setAttribute("aria-valuenow", at);
      divider.setAttribute("aria-valuetext", `${at} percent`);
      if (isKept) keep({ divider: at });
    }
    const now = () => Number(divider.getAttribute("aria-valuenow"));
    const steps = { ArrowLeft: () => now() - 2, ArrowRight: () => now() + 2, Home: () => least, End: () => most, Enter: () => 50 };
    divider.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || !steps[event.key]) return;
      event.preventDefault();
      move(steps[event.key]());
    });
    divider.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      divider.setPointerCapture(event.pointerId);
      divider.focus();
    });
    divider.addEventListener("pointermove", (event) => {
      if (!divider.hasPointerCapture(event.pointerId)) return;
      const { left, width } = workspace().getBoundingClientRect();
      move(((event.clientX - left) / width) * 100);
    });
    divider.addEventListener("dblclick", () => move(50));
    move(Number(workspace().dataset.dividerAt), false);
    divider.hidden = false;
  }

  // ---- On a narrow screen one pane at a time; whatever is gone to is shown.
  function showPane(name) {
    workspace().dataset.show = name;
    $$("[data-pane]").forEach((tab) => {
      if (tab.dataset.pane === name) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    });
  }
  function showPaneOf(node) {
    const pane = node?.closest?.("#records, #decision");
    if (pane && workspace().dataset.show !== pane.id) showPane(pane.id);
  }
  function targetOf(link) {
    return link?.hash && link.pathname === location.pathname ? document.getElementById(decodeURIComponent(link.hash.slice(1))) : null;
  }

  // ---- Panels of the records: list, search, notes; one at a time, or none for a larger page.
  function showPanel(name) {
    $$("[data-panel]").forEach((tab) => tab.setAttribute("aria-expanded", String(tab.dataset.panel === name)));
    $$("[data-record-panel]").forEach((panel) => { panel.hidden = panel.id !== name; });
    if (name === "record-notes") $("#record-notes").dispatchEvent(new Event("imr:notes"));
  }
  const isShown = (name) => $(`[data-panel="${name}"]`)?.getAttribute("aria-expanded") === "true";
  function toPanel(name, focus) {
    if (!$("[data-record-tabs]")) return;
    showPane("records");
    if (!isShown(name)) showPanel(name);
    focus?.();
  }
  document.addEventListener("imr:panel", (event) => toPanel(event.detail.name, event.detail.focus));

  function toggleHeader() {
    const isHidden = document.body.classList.toggle("reading-room");
    $$("[data-do='header']").forEach((button) => button.setAttribute("aria-pressed", String(isHidden)));
    keep({ is_header_hidden: isHidden ? "1" : "0" });
  }

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-panel]");
    if (tab) showPanel(isShown(tab.dataset.panel) ? "" : tab.dataset.panel);
    if (event.target.closest("[data-do='header']")) toggleHeader();
  });
  document.addEventListener("click", (event) => {
    const target = targetOf(event.target.closest("a[href]"));
    if (!target) return;
    showPaneOf(target);
    const panel = target.closest("[data-record-panel]") ?? (target.id === "documents" ? $("#record-list") : null);
    if (panel?.hidden) showPanel(panel.id);
  }, true);
  document.addEventListener("focusin", (event) => showPaneOf(event.target));

  document.addEventListener("DOMContentLoaded", () => {
    const divider = $("[data-divider]");
    if (divider) prepareDivider(divider);
    $("[data-workspace-tabs]").hidden = false;
    const start = document.getElementById(decodeURIComponent(location.hash.slice(1))) ?? $("[data-error-summary]");
    showPane(start && !start.closest("#records") ? "decision" : "records");
    const tabs = $("[data-record-tabs]");
    if (tabs) {
      tabs.hidden = false;
      // The tab does the same.
      $("[data-notes-link]").hidden = true;
      showPanel("record-list");
    }
    if ("headerHidden" in workspace().dataset) {
      document.body.classList.add("reading-room");
      $$("[data-do='header']").forEach((button) => button.setAttribute("aria-pressed", "true"));
    }
    const group = "Workspace";
    window.imrKeys.add(
      { group, label: "Records", key: "1", run: () => { showPane("records"); $("#records").focus(); } },
      { group, label: "Your decision", key: "2", run: () => { showPane("decision"); $("#decision").focus(); } },
      { group, label: "Header away, or back", key: "h", run: toggleHeader },
      { group: "Records", label: "List of records, or more room", key: "l", run: () => showPanel(isShown("record-list") ? "" : "record-list") },
      { group: "Records", label: "Search the records", key: "/", run: () => toPanel("record-find", () => $("#record_q").focus()) },
      { group: "Records", label: "All notes", key: "a", run: () => toPanel("record-notes", () => $("#record-notes").focus()) },
    );
  });
})();
