// Keeps a page level with its data: a stream for those who have one, a question every so often for the rest.
// The server renders; this only asks for the page again when something changed, and morphs it in.
"use strict";
(() => {
  const region = () => document.getElementById("live");
  if (!region() || !("live" in region().dataset)) return;
  const streamAddress = region().dataset.stream;
  const pollEvery = Number(region().dataset.poll || 15) * 1000;
  const SILENCE = 40000, SHORTEST = 500, BREATH = 100, RETRIES = [1000, 2000, 5000, 10000];
  const PATIENCE = 20000, AFTER_FAILURE = 3000, LONGEST = 30000, UNSEEN = 30000, SETTLED = 1000, BEATS = 4;
  const tags = new Map();
  let source = null, lastId = "", heard = 0, tries = 0, timer = 0, paused = false, waiting = false, again = false;
  let failures = 0, asleep = false, falling = 0, settling = 0, beats = 0;

  let told = {kind: "", words: ""};

  // What the server wrote there is for readers without this script; it comes back with the history.
  function dress() {
    const state = document.getElementById("state"), button = document.getElementById("pause");
    if (state && told.words && state.textContent !== told.words) {
      state.dataset.kind = told.kind;
      state.textContent = told.words;
    }
    const name = paused ? "Продолжить" : "Приостановить";
    if (!button || (!button.hidden && button.textContent === name)) return;
    button.hidden = false;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = name;
  }

  function say(kind, words) {
    told = {kind, words};
    dress();
  }

  const sayLive = () => say("live", streamAddress
    ? "Живая лента включена: изменения появляются сами." : "Страница сама проверяет новое каждые 15 секунд.");

  // Many readers met the same trouble at the same moment: they do not ask again at the same moment.
  const spread = (pause) => pause * (0.5 + Math.random());

  async function refresh() {
    if (paused || asleep) return;
    if (waiting) { again = true; return; }
    waiting = true;
    again = false;
    const began = Date.now();
    let pause = SHORTEST;
    // What could not be fetched is still wanted: nothing else may ever happen that asks for it again.
    try {
      await look(location.href);
      if (failures && !paused && (!streamAddress || (source && source.readyState === EventSource.OPEN))) sayLive();
      failures = 0;
    } catch (error) {
      again = true;
      pause = Math.max(spread(Math.min(LONGEST, AFTER_FAILURE * 2 ** failures++)), error.wait || 0);
      if (!paused) say("lost", source ? "Обновить страницу пока не получается, пробую снова. Показаны последние полученные данные."
        : "Нет связи. Показаны последние полученные данные.");
    }
    setTimeout(() => { waiting = false; if (again) refresh(); }, Math.max(BREATH, began + pause - Date.now()));
  }

  async function look(address) {
    const headers = {Accept: "text/html"};
    if (tags.has(address)) headers["If-None-Match"] = tags.get(address);
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(address, {headers, cache: "no-store", redirect: "manual", signal});
    if (answer.type === "opaqueredirect") return ended();
    if (answer.status >= 500) throw new Error(answer.status);
    if (answer.status === 429) {
      throw Object.assign(new Error(answer.status), {wait: 1000 * Number(answer.headers.get("Retry-After") || 0)});
    }
    const text = answer.ok ? await answer.text() : "";
    if (paused || !region()) return;
    // The reader went on meanwhile, to a view that may be older than what was told.
    if (address !== location.href) { again = true; return; }
    if (answer.status === 304) return;
    if (!answer.ok) return refused(answer.status);
    const opened = [...document.querySelectorAll("details[id]")].map((one) => [one.id, one.open]);
    const form = document.activeElement && document.activeElement.closest("#live form");
    if (form) form.setAttribute("hx-morph-skip", "");
    const known = new Set([...document.querySelectorAll("#feed li")].map((one) => one.id));
    await htmx.swap({sourceElement: region(), target: region(), text, select: "#live", swap: "outerMorph"});
    if (form) form.removeAttribute("hx-morph-skip");
    for (const [id, open] of opened) { const one = document.getElementById(id); if (one) one.open = open; }
    for (const item of document.querySelectorAll("#feed li")) if (known.size && !known.has(item.id)) item.classList.add("fresh");
    // Only what is shown is known: a body that broke off on its way is asked for again.
    tags.set(address, answer.headers.get("ETag") || "");
    document.dispatchEvent(new CustomEvent("rsoko:refreshed"));
  }

  function ended() {
    close();
    paused = true;
    say("lost", "Сеанс закончился. Обновите страницу и войдите снова.");
  }

  // The same question would be refused again: the reader decides when to ask.
  function refused(status) {
    close();
    paused = true;
    say("lost", `Новое не показать: отказ ${status}. Обновите страницу или нажмите «Продолжить».`);
  }

  function close() {
    clearTimeout(timer);
    clearTimeout(settling);
    if (source) source.close();
    source = null;
  }

  function open() {
    close();
    const query = lastId ? `?last_event_id=${encodeURIComponent(lastId)}` : "";
    source = new EventSource(streamAddress + query);
    heard = Date.now();
    const hear = (event) => {
      heard = Date.now();
      tries = 0;
      if (event.lastEventId) lastId = event.lastEventId;
      if (!failures) sayLive();
    };
    source.addEventListener("open", () => { heard = Date.now(); refresh(); });
    // Its id is that of the last change of all: beyond the last one told here, something changed that concerns others, and
    // stands on this page all the same. What was loaded quietly is told to nobody, and looked for every minute.
    source.addEventListener("heartbeat", (event) => {
      const beyond = event.lastEventId !== lastId;
      hear(event);
      if (beyond || ++beats % BEATS === 0) refresh();
    });
    source.addEventListener("reset", (event) => { hear(event); refresh(); });
    for (const kind of ["score_changed", "rating_changed", "recommendation_drafted", "edition_drafted", "edition_frozen",
      "edition_published", "edition_withdrawn", "objection_raised", "objection_answered", "school_listed", "school_delisted", "recommendation_issued"]) {
      source.addEventListener(kind, (event) => {
        hear(event);
        document.dispatchEvent(new CustomEvent(`rsoko:${kind}`, {detail: JSON.parse(event.data)}));
        refresh();
        // Whoever answers may learn of the change half a second after whoever told of it.
        clearTimeout(settling);
        settling = setTimeout(refresh, SETTLED);
      });
    }
    source.addEventListener("error", retry);
  }

  function retry() {
    if (paused) return;
    close();
    say("lost", "Связь прервалась, восстанавливаю. Показаны последние полученные данные.");
    timer = setTimeout(open, spread(RETRIES[Math.min(tries++, RETRIES.length - 1)]));
    // Where the session has ended no stream opens any more: the page itself says so.
    if (tries > 2) refresh();
  }

  function poll() {
    if (!failures) sayLive();
    refresh();
    timer = setTimeout(poll, pollEvery);
  }

  const begin = () => (streamAddress ? open() : poll());

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#pause")) return;
    paused = !paused;
    dress();
    if (paused) { close(); say("paused", "Приостановлено: страница не меняется сама."); } else begin();
  });
  setInterval(() => { if (source && !paused && Date.now() - heard > SILENCE) retry(); }, 5000);
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted && !paused && !asleep) begin(); });
  // A browser opens six connections to a host: tabs that nobody looks at give theirs back, and catch up when seen.
  document.addEventListener("visibilitychange", () => {
    clearTimeout(falling);
    if (document.hidden) falling = setTimeout(() => { asleep = true; if (!paused) close(); }, UNSEEN);
    else if (asleep) { asleep = false; if (!paused) begin(); }
  });
  new MutationObserver(dress).observe(document.documentElement, {childList: true, subtree: true});
  const start = () => { dress(); begin(); };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start); else start();
})();
