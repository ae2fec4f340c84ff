"use strict";
// The page is whole without this script. It adds: language and theme, tooltips, the player, the reader, deep links.
// Words from outside only ever become text nodes.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const root = document.documentElement;
  const DATA = JSON.parse($("#data").textContent);
  const speeches = new Map(DATA.speeches.map((speech) => [speech.id, speech]));
  const language = () => root.dataset.lang;
  const pick = (pair) => pair[language() === "zh" ? 1 : 0];
  const ui = (key, values = {}) => pick(DATA.ui[key]).replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? value.toLocaleString("en-US") : value;
  });

  function make(name, properties = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key === "class") element.className = value;
      else if (key in element) element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* a page opened from a folder may not keep things */ } },
  };

  // --- Times and sentences -------------------------------------------------------------------------------------------

  function clock(seconds) {
    const s = Math.max(0, Math.floor(seconds)), two = (n) => String(n).padStart(2, "0");
    const h = Math.floor(s / 3600), m = Math.floor(s % 3600 / 60);
    return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
  }
  const places = (speech) => speech.t ?? speech.c;
  const seconds = (speech, i) => speech.t && speech.t[i] !== null ? speech.t[i] / 10 : null;
  const timeOf = (speech, i) => speech.t ? clock(seconds(speech, i)) : `§ ${i + 1}`;  // from 1, like `sentence` in the files
  const labelOf = (speech, i) => DATA.labels[speech.fn[i]] ?? null;

  // The last sentence that starts at or before a place; places never fall.
  function sentenceAt(speech, place) {
    const starts = places(speech);
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= place) low = middle; else high = middle - 1;
    }
    return low;
  }

  function describe(speech, i) {
    const label = labelOf(speech, i);
    const parts = [timeOf(speech, i)];
    if (label) parts.push(pick(label[2]) + (speech.p[i] === null ? "" : ` ${speech.p[i]}%`));
    return parts.join(" · ");
  }

  // --- Language and theme --------------------------------------------------------------------------------------------

  function setLanguage(lang) {
    root.dataset.lang = lang;
    root.lang = lang === "zh" ? "zh-Hans" : "en";
    document.title = pick(DATA.title);
    for (const button of all("[data-set-lang]")) button.setAttribute("aria-pressed", String(button.dataset.setLang === lang));
    for (const element of all("[data-label]")) element.setAttribute("aria-label", ui(element.dataset.label));
    $("#search").placeholder = ui("search_hint");
    if (reader.speech) reader.draw();
    all(".strip").forEach(nameStrip);
    player.repeat();
  }

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }
  function setTheme(theme) {
    root.dataset.theme = theme;
    $("#theme").setAttribute("aria-pressed", String(theme === "dark"));
  }

  // --- Tooltip: only adds; what it says is also in the reader or the codebook fold --------------------------------------

  const tip = make("div", { id: "tip", role: "status", hidden: true });
  document.body.append(tip);
  function showTip(x, y, head, body) {
    tip.replaceChildren(make("b", {}, make("bdi", {}, head)), ...(body ? [make("bdi", {}, body)] : []));
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(x - box.width / 2, innerWidth - box.width - 8))}px`;
    tip.style.top = `${y + 18 + box.height > innerHeight ? y - box.height - 14 : y + 18}px`;
  }
  const hideTip = () => { tip.hidden = true; };
  function tipFor(target) {
    const holder = target.closest?.("[data-tip],[data-en],.s");
    if (!holder) return null;
    if (holder.dataset.en) return [holder, ...(language() === "zh" ? holder.dataset.zh : holder.dataset.en).split("\n")];
    if (holder.dataset.tip) return [holder, pick(DATA.tips[holder.dataset.tip])[0], pick(DATA.tips[holder.dataset.tip])[1]];
    const marks = target.closest("[data-mark]");
    return [marks ?? holder, describe(reader.speech, Number(holder.dataset.s)), marks ? marks.dataset.mark : ""];
  }
  function tipNear(event) {
    const found = tipFor(event.target);
    if (!found) return hideTip();
    const box = found[0].getClientRects()[0] ?? found[0].getBoundingClientRect();
    showTip(event.clientX || box.left + box.width / 2, box.bottom - 10, found[1], found[2]);
  }

  // --- Player ----------------------------------------------------------------------------------------------------------

  const player = {
    bar: $("#player"), audio: $("#audio"), line: $("#player-line"), speech: null, wanted: null, words: null, lit: -1,
    open(speech, i, start) {
      this.bar.hidden = false;
      document.body.classList.add("with-player");
      this.audio.hidden = !speech.url || !speech.t;
      if (!speech.url || !speech.t) { this.audio.pause(); this.speech = null; return this.say(() => ui("no_recording")); }
      this.say(() => `${nameOf(speech)} · ${describe(speech, i)}`);
      if (this.speech !== speech) {
        this.speech = speech;
        this.audio.src = speech.url;
      }
      this.seek(seconds(speech, i));
      if (start) this.audio.play()?.catch(() => {});
      this.light(i);
    },
    seek(at) {
      if (this.audio.readyState >= 1) this.audio.currentTime = at;
      else { this.wanted = at; this.audio.load(); }
    },
    // What it says is kept as a question, so that it can be said again in the other language.
    say(words) { this.words = words; this.repeat(); },
    repeat() { if (this.words) this.line.replaceChildren(make("bdi", {}, this.words())); },
    light(i) {
      this.lit = i;
      for (const old of all(".s.lit")) old.classList.remove("lit");
      for (const cursor of all(".cursor.on")) cursor.classList.remove("on");
      if (!this.speech || i < 0) return;
      if (reader.speech === this.speech) reader.sentence(i)?.classList.add("lit");
      const strip = stripOf(this.speech);
      if (strip) moveCursor(strip, this.speech, i, "on");
    },
    follow() {
      if (!this.speech || this.audio.seeking || this.wanted !== null) return;
      const i = sentenceAt(this.speech, this.audio.currentTime * 10 + 0.5);
      if (i === this.lit) return;
      this.light(i);
      const speech = this.speech;
      this.say(() => `${nameOf(speech)} · ${describe(speech, i)}`);
      const lit = $(".s.lit"), box = lit?.getBoundingClientRect();
      const inReader = $("#transcript").getBoundingClientRect();
      if (box && !this.audio.paused && inReader.top < innerHeight && inReader.bottom > 0 && box.bottom > innerHeight - 90) {
        lit.scrollIntoView({ block: "center" });
      }
    },
    failed() {
      if (!this.speech) return;
      this.audio.hidden = true;
      const file = decodeURI(this.speech.url);
      this.say(() => ui("cannot_play", { file }));
    },
    close() {
      this.audio.pause();
      this.bar.hidden = true;
      document.body.classList.remove("with-player");
      this.light(-1);
    },
  };
  player.audio.addEventListener("loadedmetadata", () => {
    if (player.wanted !== null) { player.audio.currentTime = player.wanted; player.wanted = null; }
  });
  player.audio.addEventListener("timeupdate", () => player.follow());
  player.audio.addEventListener("error", () => player.failed());

  // --- Reader ------------------------------------------------------------------------------------------------------------

  const MOST_IN_PARAGRAPH = 5;
  const reader = {
    box: $("#transcript"), speech: null, groups: new Set(), kinds: new Set(), words: "", current: 0, hits: [],

    show(speech) {
      this.speech = speech;
      this.current = 0;
      $("#speech").value = speech.id;
      this.draw();
    },

    marksOf(i) {
      if (this.indexed !== this.speech) {
        this.indexed = this.speech;
        this.byLine = new Map();
        for (const mark of this.speech.marks) {
          if (!this.byLine.has(mark[0])) this.byLine.set(mark[0], []);
          this.byLine.get(mark[0]).push(mark);
        }
      }
      return this.byLine.get(i) ?? [];
    },

    matches(i) {
      const label = labelOf(this.speech, i);
      if (this.groups.size && !(label && this.groups.has(label[1]))) return false;
      return !this.kinds.size || this.marksOf(i).some((mark) => this.kinds.has(mark[1]));
    },

    draw() {
      const speech = this.speech, pieces = [];
      this.hits = [];
      let paragraph = null, code = "", inside = 0, shown = 0, skipped = 0;
      const filtered = this.groups.size || this.kinds.size;
      for (let i = 0; i < speech.text.length; i++) {
        if (filtered && !this.matches(i)) { skipped++; paragraph = null; continue; }
        if (skipped) { pieces.push(make("p", { class: "gap" }, ui("left_out", { n: skipped }))); skipped = 0; }
        if (!paragraph || speech.fn[i] !== code || inside >= MOST_IN_PARAGRAPH) {
          const fresh = speech.fn[i] !== code || !paragraph;
          code = speech.fn[i];
          inside = 0;
          paragraph = make("p", { lang: speech.lang });
          pieces.push(this.frame(i, paragraph, fresh));
        }
        paragraph.append(this.line(i), speech.lang === "zh" ? "" : " ");
        inside++;
        shown++;
      }
      if (skipped) pieces.push(make("p", { class: "gap" }, ui("left_out", { n: skipped })));
      this.box.replaceChildren(...pieces);
      const first = this.box.querySelector(".s");
      if (first) (this.sentence(this.current) ?? first).tabIndex = 0;
      this.report(shown);
      if (player.lit >= 0) player.light(player.lit);
    },

    frame(i, paragraph, fresh) {
      const label = labelOf(this.speech, i), gutter = make("div", { class: "gutter" });
      gutter.append(make("button", { class: "time", type: "button", "data-play": String(i), "aria-label": ui("play_from", { t: timeOf(this.speech, i) }) },
        this.speech.url && this.speech.t ? "▶ " : "", timeOf(this.speech, i)));
      if (label && fresh) gutter.append(make("span", { class: "name", "data-tip": `fn-${label[0]}` }, pick(label[2])));
      return make("div", { class: `para b-${label ? label[1] : "none"}` }, gutter, paragraph);
    },

    // A sentence cut at every border of a mark or a hit; each piece carries the classes of all that covers it.
    line(i) {
      const text = this.speech.text[i], marks = this.marksOf(i), hits = this.find(text);
      const slogans = new Set(marks.filter((m) => m[1] === "s").map((m) => m[2]));
      const cuts = [...new Set([0, text.length, ...marks.flatMap((m) => [m[2], m[3]]), ...hits.flat()])].sort((a, b) => a - b);
      const sentence = make("bdi", { class: "s", tabIndex: -1 });
      sentence.dataset.s = i;
      // Pieces under the same figures share one box, so that an emotion inside does not cut it.
      let box = null, boxed = "";
      for (let k = 0; k + 1 < cuts.length; k++) {
        const [from, to] = [cuts[k], cuts[k + 1]], over = marks.filter((m) => m[1] !== "s" && m[2] <= from && m[3] >= to);
        const figures = over.filter((m) => m[1] === "f"), names = figures.map((m) => `${m[2]}-${m[4]}`).join();
        if (names !== boxed) {
          box = names ? make("span", { class: "fig" }) : null;
          boxed = names;
          if (box) { box.dataset.mark = this.named(figures); sentence.append(box); }
        }
        const hit = hits.some(([a, b]) => a <= from && b >= to);
        if (slogans.has(from)) (box ?? sentence).append(make("span", { class: "star", "data-mark": ui("slogan") }, "★"));
        (box ?? sentence).append(this.piece(text.slice(from, to), over, hit));
      }
      if (hits.length) this.hits.push(i);
      return sentence;
    },

    piece(words, over, hit) {
      const felt = over.filter((m) => m[1] === "e");
      if (!felt.length && !hit) return document.createTextNode(words);
      const strength = felt.length ? `emo i${Math.max(1, Math.min(3, Math.round(felt[0][5])))}` : "";
      const piece = make(hit ? "mark" : "span", { class: strength }, words);
      if (felt.length) piece.dataset.mark = this.named(over);
      return piece;
    },

    named(marks) {
      const strength = (mark) => mark[1] === "e" ? " " + "●".repeat(Math.max(0, Math.min(3, Math.round(mark[5])))) : "";
      return marks.map((mark) => pick(DATA.names[mark[4]] ?? [mark[4], mark[4]]) + strength(mark)).join(" · ");
    },

    find(text) {
      const found = [];
      if (!this.words) return found;
      const low = text.toLowerCase();
      if (low.length !== text.length) return found;
      for (let at = low.indexOf(this.words); at >= 0; at = low.indexOf(this.words, at + this.words.length)) found.push([at, at + this.words.length]);
      return found;
    },

    report(shown) {
      const total = this.speech.text.length;
      const filtered = shown === total ? ui(total === 1 ? "one_sentence" : "all_sentences", { n: total }) : ui("some_sentences", { n: shown, of: total });
      const status = $("#reader-status");
      const source = [this.speech.speaker, this.speech.event, this.speech.date].filter(Boolean).join(" · ");
      status.replaceChildren(make("bdi", {}, source), " · " + filtered);
      if (!this.words) return;
      const elsewhere = [];
      for (const other of DATA.speeches) {
        if (other === this.speech) continue;
        const n = other.text.filter((text) => text.toLowerCase().includes(this.words)).length;
        if (n) elsewhere.push(" ", make("button", { type: "button", class: "link", "data-open": other.id }, make("bdi", {}, `${nameOf(other)} (${n})`)));
      }
      const found = this.hits.length ? "hits" : elsewhere.length || shown < total ? "no_hits_here" : "no_hits";
      status.append(" · " + ui(found, { n: this.hits.length }), ...elsewhere);
    },

    sentence(i) { return this.box.querySelector(`.s[data-s="${i}"]`); },

    go(i, focus = true) {
      let sentence = this.sentence(i);
      if (!sentence) { this.clear(); sentence = this.sentence(i); }
      if (!sentence) return;
      for (const old of all(".s[tabindex='0']", this.box)) old.tabIndex = -1;
      this.current = i;
      sentence.tabIndex = 0;
      if (focus) sentence.focus({ preventScroll: true });
      sentence.scrollIntoView({ block: "center" });
    },

    clear() {
      this.groups.clear();
      this.kinds.clear();
      this.words = $("#search").value = "";
      for (const chip of all(".chip")) chip.setAttribute("aria-pressed", "false");
      this.draw();
    },

    step(by) {
      const lines = all(".s", this.box), at = lines.indexOf(this.sentence(this.current));
      const next = lines[at + by];
      if (next) this.go(Number(next.dataset.s));
    },

    nextHit() {
      const next = this.hits.find((i) => i > this.current) ?? this.hits[0];
      if (next !== undefined) this.go(next, false);
    },
  };

  const nameOf = (speech) => DATA.speeches.some((s) => s !== speech && s.group === speech.group) ? `${speech.group} ${speech.speaker}` : speech.group;

  // `move`: the reader of the page clicked elsewhere and is taken here, so Back must lead there again. What only follows
  // (a click inside the reader) replaces the address; a followed address is already there.
  function open(id, i, { play = false, focus = true, move = false, keep = true } = {}) {
    const speech = speeches.get(id);
    if (!speech || !speech.text.length) return false;
    const line = Math.max(0, Math.min(i, speech.text.length - 1));
    if (move) {
      history.replaceState({ y: scrollY, speech: reader.speech.id, line: reader.current }, "");
      history.pushState(null, "", address(speech, line));
    }
    if (reader.speech !== speech) reader.show(speech);
    reader.go(line, focus);
    player.open(speech, line, play);
    if (keep) history.replaceState({ y: scrollY, speech: speech.id, line }, "", address(speech, line));
    return true;
  }

  // Where this entry of the history stands now, so that a later Back finds it.
  let settled = 0;
  function remember() {
    clearTimeout(settled);
    settled = setTimeout(() => { if (history.state) history.replaceState({ ...history.state, y: scrollY }, ""); }, 200);
  }
  // Back and Forward: a place of this page was left with its height and its speech, and is found again as it was.
  function comeBack(event) {
    const left = event.state, speech = left && speeches.get(left.speech);
    if (!speech) return;
    if (reader.speech !== speech) reader.show(speech);
    if (reader.sentence(left.line)) reader.current = left.line;
    scrollTo(0, left.y);
    // Once more after the browser's own try, which came before the other speech was laid out.
    requestAnimationFrame(() => scrollTo(0, left.y));
  }
  function address(speech, i) {
    const at = speech.t ? `t=${clock(seconds(speech, i))}` : `s=${i + 1}`;
    return `#speech=${encodeURIComponent(speech.id)}&${at}`;
  }

  // #speech=shen-2021&t=01:12:40 or &s=12 (the twelfth sentence): opens the reader there, without a sound.
  function followAddress() {
    if (!location.hash.startsWith("#speech=") || history.state) return;
    const wish = new URLSearchParams(location.hash.slice(1)), speech = speeches.get(wish.get("speech"));
    if (!speech) return;
    let line = (Number.parseInt(wish.get("s") ?? "1", 10) || 1) - 1;
    if (wish.has("t") && speech.t) {
      const at = wish.get("t").split(":").reduce((sum, part) => 60 * sum + (Number.parseFloat(part) || 0), 0);
      line = sentenceAt(speech, Math.floor(at) * 10 + 9.5);
    }
    open(speech.id, line, { keep: false });
    history.replaceState({ y: scrollY, speech: speech.id, line }, "");
  }

  // --- Ribbons -----------------------------------------------------------------------------------------------------------

  const stripOf = (speech) => all(".strip").find((strip) => strip.dataset.speech === speech.id);
  function moveCursor(strip, speech, i, name) {
    const cursor = $(".cursor", strip);
    cursor.classList.add(name);
    cursor.style.left = `${100 * places(speech)[i] / Number(strip.dataset.scale)}%`;
  }
  function nameStrip(strip) {
    const speech = speeches.get(strip.dataset.speech), i = Number(strip.dataset.at ?? 0);
    strip.setAttribute("aria-label", ui("strip", { name: nameOf(speech) }));
    if (!speech.text.length) return;
    strip.setAttribute("aria-valuenow", String(i));
    strip.setAttribute("aria-valuetext", `${describe(speech, i)}: ${speech.text[i]}`);
  }
  function point(strip, i, x, y) {
    const speech = speeches.get(strip.dataset.speech);
    strip.dataset.at = i;
    nameStrip(strip);
    moveCursor(strip, speech, i, "here");
    const box = strip.getBoundingClientRect();
    showTip(x ?? box.left + box.width * places(speech)[i] / Number(strip.dataset.scale), y ?? box.top + 50, describe(speech, i), speech.text[i]);
  }
  function leave(strip) {
    $(".cursor", strip).classList.remove("here");
    hideTip();
  }
  function pointed(strip, event) {
    const speech = speeches.get(strip.dataset.speech), box = strip.getBoundingClientRect();
    const place = (event.clientX - box.left) / box.width * Number(strip.dataset.scale);
    return place > speech.end || !speech.text.length ? -1 : sentenceAt(speech, place);
  }
  function wireStrip(strip) {
    const speech = speeches.get(strip.dataset.speech);
    if (!speech.text.length) return;
    strip.setAttribute("role", "slider");
    strip.tabIndex = 0;
    strip.setAttribute("aria-valuemin", "0");
    strip.setAttribute("aria-valuemax", String(speech.text.length - 1));
    strip.addEventListener("pointermove", (event) => {
      const i = pointed(strip, event);
      if (i < 0) leave(strip); else point(strip, i, event.clientX, event.clientY);
    });
    strip.addEventListener("pointerleave", () => leave(strip));
    strip.addEventListener("blur", () => leave(strip));
    strip.addEventListener("click", (event) => { const i = pointed(strip, event); if (i >= 0) { leave(strip); open(speech.id, i, { play: true, focus: false, move: true }); } });
    strip.addEventListener("keydown", (event) => {
      const at = Number(strip.dataset.at ?? 0), last = speech.text.length - 1, page = Math.max(1, Math.round(last / 20));
      const moves = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, PageUp: at + page, PageDown: at - page, Home: 0, End: last };
      if (event.key in moves) { event.preventDefault(); point(strip, Math.max(0, Math.min(last, moves[event.key]))); }
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); leave(strip); open(speech.id, at, { play: true, move: true }); }
    });
  }

  // --- Quotes: copy with citation ---------------------------------------------------------------------------------------

  const copier = make("button", { id: "copier", type: "button", hidden: true });
  document.body.append(copier);
  const sentenceOf = (node) => (node instanceof Element ? node : node?.parentElement)?.closest("#transcript .s");
  function offerCopy() {
    const selection = getSelection(), words = selection.toString().trim();
    const from = sentenceOf(selection.anchorNode);
    if (!words || !from || selection.isCollapsed) { copier.hidden = true; return; }
    const range = selection.getRangeAt(0), box = range.getBoundingClientRect();
    const first = sentenceOf(range.startContainer) ?? from;
    copier.textContent = ui("copy");
    copier.dataset.quote = citation(words, Number(first.dataset.s));
    copier.hidden = false;
    copier.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 240))}px`;
    copier.style.top = `${Math.max(8, box.top - 44)}px`;
  }
  function citation(words, i) {
    const speech = reader.speech, zh = language() === "zh";
    const who = [speech.speaker, speech.event, speech.date, timeOf(speech, i)].filter(Boolean).join(zh ? "，" : ", ");
    return `${zh ? "「" : "“"}${words.replace(/★/g, "").replace(/\s+/g, " ")}${zh ? "」" : "”"} — ${who} ${location.href.split("#")[0]}${address(speech, i)}`;
  }
  async function copy(words) {
    try { await navigator.clipboard.writeText(words); } catch {
      const area = make("textarea", { value: words, class: "hidden" });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }
  copier.addEventListener("mousedown", (event) => event.preventDefault());
  copier.addEventListener("click", async () => {
    await copy(copier.dataset.quote);
    copier.textContent = ui("copied");
    setTimeout(() => { copier.hidden = true; }, 1200);
  });

  // --- Files behind the figures, also when only this page was kept ----------------------------------------------------------

  function saveFile(link) {
    const name = link.getAttribute("href").split("/").pop();
    const address = URL.createObjectURL(new Blob([DATA.files[name]], { type: "text/csv" }));
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  // --- Wiring -----------------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const target = event.target;
    const hit = (selector) => target.closest(selector);
    let found;
    if ((found = hit("[data-set-lang]"))) setLanguage(found.dataset.setLang);
    else if (hit("#theme")) { setTheme(isDark() ? "light" : "dark"); store.set("rhetoric-theme", root.dataset.theme); }
    else if (hit("#print")) print();
    else if ((found = hit("a[data-speech]"))) { event.preventDefault(); open(found.dataset.speech, Number(found.dataset.s), { play: found.classList.contains("play"), move: true }); }
    else if ((found = hit("a.csv"))) { if (found.getAttribute("href").split("/").pop() in DATA.files) { event.preventDefault(); saveFile(found); } }
    else if (hit("#player-close")) player.close();
    else if ((found = hit("[data-open]"))) reader.show(speeches.get(found.dataset.open));
    else if ((found = hit("[data-play]"))) open(reader.speech.id, Number(found.dataset.play), { play: true });
    else if ((found = hit(".chip"))) toggle(found);
    else if ((found = hit("#transcript .s")) && getSelection().isCollapsed) open(reader.speech.id, Number(found.dataset.s), { play: true, focus: true });
  });
  function toggle(chip) {
    const set = chip.dataset.group ? reader.groups : reader.kinds, value = chip.dataset.group ?? chip.dataset.kind;
    if (set.has(value)) set.delete(value); else set.add(value);
    chip.setAttribute("aria-pressed", String(set.has(value)));
    reader.draw();
  }
  reader.box.addEventListener("keydown", (event) => {
    if (!event.target.matches(".s")) return;
    if (event.key === "ArrowDown" || event.key === "ArrowRight") { event.preventDefault(); reader.step(1); }
    if (event.key === "ArrowUp" || event.key === "ArrowLeft") { event.preventDefault(); reader.step(-1); }
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(reader.speech.id, reader.current, { play: true }); }
  });
  $("#speech").addEventListener("change", (event) => reader.show(speeches.get(event.target.value)));
  $("#search").addEventListener("input", (event) => { reader.words = event.target.value.trim().toLowerCase(); reader.draw(); });
  $("#search").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); reader.nextHit(); } });
  document.addEventListener("pointerover", (event) => { if (!event.target.closest?.(".strip")) tipNear(event); });
  document.addEventListener("focusin", (event) => { if (!event.target.closest(".strip") && event.target.matches(":focus-visible")) tipNear(event); });
  document.addEventListener("focusout", hideTip);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { hideTip(); copier.hidden = true; } });
  document.addEventListener("scroll", hideTip, { passive: true });
  document.addEventListener("selectionchange", () => { if (!copier.matches(":active")) offerCopy(); });
  addEventListener("popstate", comeBack);
  document.addEventListener("scroll", remember, { passive: true });
  addEventListener("hashchange", followAddress);
  // On paper the methods stand open, and so do the numbers whose intervals are shown by pointing.
  const folds = () => all("#methods details, #composition .numbers, #owners .numbers");
  addEventListener("beforeprint", () => { for (const fold of folds()) { fold.dataset.was = fold.open; fold.open = true; } });
  addEventListener("afterprint", () => { for (const fold of folds()) fold.open = fold.dataset.was === "true"; });

  root.classList.add("js");
  all(".strip").forEach(wireStrip);
  const first = DATA.speeches.find((speech) => speech.text.length);
  if (first) reader.show(first);
  const theme = store.get("rhetoric-theme");
  if (theme === "dark" || theme === "light") setTheme(theme); else $("#theme").setAttribute("aria-pressed", String(isDark()));
  setLanguage(root.dataset.lang);  // the one it was written for: a choice in one report says nothing of another
  followAddress();
})();
