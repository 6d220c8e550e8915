// The viewer of the records: pdf.js inside our page, fetching a file part by part. Only pages near the window live.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const root = $("[data-viewer]");
const PART = 131072;
// Pages this far from the one in sight stay drawn; pictures of scans are what fills the memory.
const NEAR = 3;
const TRIES = [500, 2000, 5000];
const pause = (time) => new Promise((done) => { setTimeout(done, time); });

class ClosedError extends Error {}

// ---- Fetching parts. Signing in again, in another tab, lets the pages go on loading.
async function fetchPart(url, begin, end, signal) {
  for (let attempt = 0; ; attempt += 1) {
    let answer;
    try {
      answer = await fetch(url, { headers: { Range: `bytes=${begin}-${end - 1}`, "HX-Request": "true" }, cache: "no-store", signal });
      if (answer.status === 206) return new Uint8Array(await answer.arrayBuffer());
    } catch (error) {
      if (signal.aborted || attempt >= TRIES.length) throw error;
    }
    if (answer?.status === 401) {
      say("Sign in again to go on reading.");
      // Whoever writes hears of it with the next save, not in the middle of a word.
      if (!document.activeElement?.matches("textarea, input")) document.dispatchEvent(new Event("imr:signed-out"));
      await new Promise((done) => { document.addEventListener("imr:signed-in", done, { once: true, signal }); });
      attempt = -1;
    } else if (answer && answer.status < 500) {
      throw new ClosedError(String(answer.status));
    } else if (attempt >= TRIES.length) {
      throw new Error("unreachable");
    } else {
      await pause(TRIES[attempt]);
    }
  }
}

const l10n = {
  getLanguage: () => "en-us", getDirection: () => "ltr", get: async () => "", translate: async () => {},
  translateOnce: async () => {}, pause() {}, resume() {}, destroy: async () => {},
};

let pdfjs;
let worker;
let viewer;
let links;
let bus;
let states;
// The next document comes in the size of the one before.
let chosenScale = "page-width";
// What is open: { id, link, title, number, task, stop, asked, lost, goal, words, isReady }.
let open = null;

async function prepare() {
  if (viewer) return;
  const { pdfjs: core, pdfjsWorker, pdfjsViewer } = root.dataset;
  pdfjs = await import(new URL(core, location.href).href);
  pdfjs.GlobalWorkerOptions.workerSrc = pdfjsWorker;
  const parts = await import(new URL(pdfjsViewer, location.href).href);
  worker = new pdfjs.PDFWorker();
  bus = new parts.EventBus();
  states = parts.RenderingStates;
  links = new parts.PDFLinkService({ eventBus: bus });
  // Pages of a record may hold links to anywhere; what a reviewer reads is nobody's business.
  links.externalLinkEnabled = false;
  viewer = new parts.PDFViewer({
    container: $("[data-scroll]", root),
    viewer: $(".pdfViewer", root),
    eventBus: bus,
    linkService: links,
    l10n,
    removePageBorders: true,
    enableAutoLinking: false,
    annotationEditorMode: pdfjs.AnnotationEditorType.DISABLE,
    imagesRightClickMinSize: -1,
    maxCanvasPixels: 2 ** 23,
  });
  links.setViewer(viewer);
  bus.on("pagesinit", arrive);
  bus.on("pagechanging", ({ pageNumber }) => { if (open?.isReady) showPage(pageNumber); });
  bus.on("updateviewarea", tellVisible);
  bus.on("pagerendered", ({ pageNumber, source }) => {
    if (!open?.isReady) return;
    name(source.div, pageNumber);
    putAway();
  });
  bus.on("textlayerrendered", ({ pageNumber, source }) => tell("viewer-text", { page: pageNumber, layer: source.textLayer?.div }));
  new ResizeObserver(fit).observe($("[data-scroll]", root));
}

function tell(event, detail) {
  document.dispatchEvent(new CustomEvent(`imr:${event}`, { detail: { document: open?.id ?? "", ...detail } }));
}
function say(words) {
  $("[data-said]", root).textContent = words;
}
const isOutOfSight = () => !$("[data-scroll]", root).offsetParent;
function fit() {
  if (!open?.isReady || isOutOfSight()) return;
  if (open.isLate) {
    settle();
    return;
  }
  if (["page-width", "page-fit"].includes(viewer.currentScaleValue)) viewer.currentScaleValue = viewer.currentScaleValue;
  viewer.update();
}
// At once, not when the turning rests: whoever turns fast is who would fill the memory. A page that is just being drawn is
// left alone; it comes here again when it is drawn.
function putAway() {
  if (!open?.isReady) return;
  for (const page of $$(".page[data-loaded]", root)) {
    const number = Number(page.dataset.pageNumber);
    const view = viewer.getPageView(number - 1);
    const isFar = Math.abs(number - viewer.currentPageNumber) > NEAR;
    if (isFar && view.renderingState !== states.RUNNING) view.destroy();
  }
}
// Pages are groups with names, not landmarks: a thousand landmarks lead nowhere.
function name(page, number) {
  page.setAttribute("role", "group");
  page.setAttribute("aria-label", `Page ${number}`);
}

// ---- Opening.
const recordLinks = () => $$("[data-record] a[data-open]");
const linkOf = (id) => recordLinks().find((link) => link.dataset.document === id);

async function openDocument(id, page = 1, words = []) {
  const link = linkOf(id);
  if (!link) return;
  if (open?.id === id && $("[data-failed]", root).hidden) {
    open.goal = page;
    if (open.isReady) goTo(page);
    tell("viewer-words", { words, page });
    return;
  }
  close();
  const record = link.closest("[data-record]");
  const mine = {
    id, link, number: Number(record.dataset.number), pages: Number(record.dataset.pages),
    title: link.textContent.trim(), goal: page, stop: new AbortController(), isReady: false,
    asked: new Set(), lost: Promise.withResolvers(),
  };
  open = mine;
  announce(mine, words);
  try {
    await prepare();
    await load(mine);
  } catch (error) {
    if (open === mine) fail(mine, error);
  }
}
function close() {
  if (!open) return;
  viewer?.setDocument(null);
  links?.setDocument(null);
  putBack(open);
  open = null;
}
// A document that ends while one of its pages is still asked for is an error to pdf.js: the pages come first, unless
// the connection is gone.
async function putBack(mine) {
  await Promise.race([Promise.allSettled(mine.asked), mine.lost.promise]);
  mine.stop.abort();
  mine.task?.destroy();
}
function countAsked(pdf, mine) {
  const getPage = pdf.getPage.bind(pdf);
  pdf.getPage = (number) => {
    const page = getPage(number);
    mine.asked.add(page);
    const forget = () => mine.asked.delete(page);
    page.then(forget, forget);
    return page;
  };
}
function announce(mine, words) {
  $$("a[data-open][aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  mine.link.setAttribute("aria-current", "true");
  $("#viewer-title").textContent = `R${mine.number}: ${mine.title}`;
  $("[data-viewer-hint]", root).hidden = true;
  $("[data-failed]", root).hidden = true;
  $("[data-stage]", root).hidden = false;
  $("[data-page-count]", root).textContent = `of ${mine.pages.toLocaleString("en-US")}`;
  $("[data-page-number]", root).value = mine.goal;
  say(`Opening R${mine.number}…`);
  tell("viewer-words", { words, page: mine.goal });
}
async function load(mine) {
  const url = mine.link.href.split("#")[0];
  const size = Number(mine.link.dataset.size);
  const first = await fetchPart(url, 0, Math.min(size, PART), mine.stop.signal);
  const transport = new pdfjs.PDFDataRangeTransport(size, first, first.length >= size);
  transport.requestDataRange = (begin, end) => {
    fetchPart(url, begin, end, mine.stop.signal).then(
      (part) => transport.onDataRange(begin, part),
      (error) => {
        mine.lost.resolve();
        if (!mine.stop.signal.aborted) fail(mine, error);
      },
    );
  };
  transport.abort = () => mine.stop.abort();
  const base = root.dataset.pdfjsRoot;
  mine.task = pdfjs.getDocument({
    range: transport, worker, rangeChunkSize: PART, disableAutoFetch: true, disableStream: true, verbosity: 0,
    cMapUrl: `${base}cmaps/`, cMapPacked: true, standardFontDataUrl: `${base}standard_fonts/`, wasmUrl: `${base}wasm/`,
    iccUrl: `${base}iccs/`, enableXfa: false, isEvalSupported: false,
  });
  const pdf = await mine.task.promise;
  if (open !== mine) return;
  countAsked(pdf, mine);
  mine.pages = pdf.numPages;
  viewer.setDocument(pdf);
  links.setDocument(pdf);
}
function arrive() {
  open.isReady = true;
  $$(".page", root).forEach((page, at) => name(page, at + 1));
  $("[data-page-count]", root).textContent = `of ${open.pages.toLocaleString("en-US")}`;
  settle();
  say(`R${open.number} is open, ${open.pages.toLocaleString("en-US")} page${open.pages === 1 ? "" : "s"}.`);
  tell("viewer-opened", {});
}
// In a pane that is put away nothing has a size: it is done when the pane comes back.
function settle() {
  open.isLate = isOutOfSight();
  if (open.isLate) return;
  viewer.currentScaleValue = chosenScale;
  goTo(open.goal);
}
function fail(mine, error) {
  if (open !== mine) return;
  mine.isReady = false;
  $("[data-stage]", root).hidden = true;
  $("[data-failed]", root).hidden = false;
  $("[data-file]", root).href = mine.link.href;
  $("[data-why]", root).textContent = reason(error);
  say("");
}
function reason(error) {
  if (error instanceof ClosedError) {
    return "This record cannot be read any more: it was removed, or the case is no longer with you. Reload the page to see what is there.";
  }
  if (["InvalidPDFException", "FormatError", "PasswordException"].includes(error?.name)) {
    return "This file is damaged or not laid out as a PDF should be, so it cannot be shown here.";
  }
  if (error instanceof TypeError || error?.message === "unreachable") {
    return "The record did not arrive. Check your connection.";
  }
  return "The record cannot be shown here.";
}

// ---- Turning pages.
function goTo(page) {
  if (!open?.isReady) return;
  const number = Math.min(Math.max(1, page), open.pages);
  open.goal = number;
  if (isOutOfSight()) open.isLate = true;
  else viewer.scrollPageIntoView({ pageNumber: number });
  showPage(number);
}
function showPage(number) {
  $("[data-page-number]", root).value = number;
  $("[data-do='previous-page']", root).setAttribute("aria-disabled", String(number <= 1));
  $("[data-do='next-page']", root).setAttribute("aria-disabled", String(number >= open.pages));
  tell("viewer-page", { page: number, number: open.number, title: open.title });
}
function tellVisible() {
  if (!open?.isReady) return;
  const place = $("[data-scroll]", root).getBoundingClientRect();
  const pages = viewer._getVisiblePages().views.filter(({ view, percent }) => {
    const box = view.div.getBoundingClientRect();
    const shown = Math.min(box.bottom, place.bottom) - Math.max(box.top, place.top);
    return percent >= 50 || shown >= place.height / 2;
  });
  tell("viewer-pages", { pages: pages.map(({ id }) => id) });
}
function turn(step) {
  if (open?.isReady) goTo((open.isLate ? open.goal : viewer.currentPageNumber) + step);
}
function turnDocument(step) {
  const all = recordLinks();
  const next = all[all.findIndex((link) => link.dataset.document === open?.id) + step];
  if (next) openDocument(next.dataset.document);
  else say(step > 0 ? "This is the last record." : "This is the first record.");
}
function scale(change) {
  if (!open?.isReady) return;
  change();
  chosenScale = viewer.currentScaleValue;
}

const DO = {
  "previous-document": () => turnDocument(-1),
  "next-document": () => turnDocument(1),
  "previous-page": () => turn(-1),
  "next-page": () => turn(1),
  smaller: () => scale(() => viewer.decreaseScale()),
  larger: () => scale(() => viewer.increaseScale()),
  "fit-width": () => scale(() => { viewer.currentScaleValue = "page-width"; }),
  "fit-page": () => scale(() => { viewer.currentScaleValue = "page-fit"; }),
  rotate: () => { if (open?.isReady) viewer.pagesRotation = (viewer.pagesRotation + 90) % 360; },
  keys: () => window.imrKeys.show(),
  again: () => {
    const { id, goal } = open;
    close();
    openDocument(id, goal);
  },
};

document.addEventListener("click", (event) => {
  const act = DO[event.target.closest("[data-viewer] [data-do]")?.dataset.do];
  if (act) act();
  const link = event.target.closest("a[data-open]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !linkOf(link.dataset.document)) return;
  event.preventDefault();
  const words = (link.dataset.words ?? "").split("\n").filter(Boolean);
  openDocument(link.dataset.document, Number(link.dataset.page ?? 1), words);
  if (!link.closest("#records")) root.focus({ preventScroll: true });
});
$("[data-page-number]", root).addEventListener("change", ({ target }) => {
  const wanted = Number(target.value);
  if (open?.isReady && Number.isInteger(wanted) && wanted >= 1 && wanted <= open.pages) {
    goTo(wanted);
  } else if (open) {
    target.value = viewer?.currentPageNumber ?? open.goal;
    say(`Enter a page from 1 to ${open.pages.toLocaleString("en-US")}.`);
  }
});

$("[data-viewer-bar]", root).hidden = false;
$("[data-stage]", root).hidden = false;
const group = "Open document";
window.imrKeys.add(
  { group, label: "Next page", key: "n", run: DO["next-page"] },
  { group, label: "Previous page", key: "p", run: DO["previous-page"] },
  { group, label: "Next page while you write", alt: "PageDown", run: DO["next-page"] },
  { group, label: "Previous page while you write", alt: "PageUp", run: DO["previous-page"] },
  { group, label: "Next document", key: "]", run: DO["next-document"] },
  { group, label: "Previous document", key: "[", run: DO["previous-document"] },
  { group, label: "Go to a page", key: "g", run: () => $("[data-page-number]", root).select() },
  { group, label: "Larger", key: "+", run: DO.larger },
  { group, label: "Smaller", key: "-", run: DO.smaller },
  { group, label: "Fit the width", key: "w", run: DO["fit-width"] },
  { group, label: "Fit the page", key: "f", run: DO["fit-page"] },
  { group, label: "Turn by 90 degrees", key: "r", run: DO.rotate },
);
if (root.dataset.opened) openDocument(root.dataset.opened, Number(root.dataset.page));
