// Makes the picture answer: what reaches what, who can send, one attack path, facts about one thing. It only switches classes
// and moves elements that are in the page already; no text of a template is ever read as markup.
"use strict";
(() => {
  const all = (root, query) => [...root.querySelectorAll(query)];
  const words = (text) => (text || "").split(" ").filter(Boolean);
  const panel = document.getElementById("panel"), chosen = document.getElementById("chosen");
  document.documentElement.classList.add("js");
  let opener = null;

  function choose(node) {
    const about = document.getElementById("about-" + node.id);
    if (!about) return;
    all(document, ".chosen").forEach((other) => other.classList.remove("chosen"));
    node.classList.add("chosen");
    const copy = about.cloneNode(true);
    copy.removeAttribute("id");
    chosen.replaceChildren(copy);
    panel.hidden = false;
    panel.scrollTop = 0;
    opener = node;
  }
  function close() {
    if (panel.hidden) return;
    panel.hidden = true;
    chosen.replaceChildren();
    all(document, ".chosen").forEach((other) => other.classList.remove("chosen"));
    if (opener) opener.focus({ preventScroll: true });
    opener = null;
  }
  document.getElementById("close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

  for (const app of all(document, ".app")) {
    const graph = app.querySelector(".graph");
    if (!graph) continue;
    const nodes = all(graph, ".node"), ways = all(graph, ".way").map((element) => ({
      element, from: element.dataset.from, to: element.dataset.to, only: words(element.dataset.for), row: element.dataset.row, paths: words(element.dataset.paths),
    }));
    const rows = all(graph, ".trigger").map((element) => ({ element, node: element.closest(".node").id }));
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const out = new Map(nodes.map((node) => [node.id, []])), into = new Map(nodes.map((node) => [node.id, []]));
    for (const way of ways) { out.get(way.from).push(way); into.get(way.to).push(way); }
    const isSender = (id) => byId.get(id).classList.contains("sender");
    const state = { path: "", senders: new Set(), find: "" };

    // Everything after (or before) a node. From a sender, an API leads only to functions whose triggers let it in.
    function walk(start, ways_, next, keep) {
      const seen = new Set([start]), used = new Set(), open = [[start, null]];
      while (open.length) {
        const [here, only] = open.pop();
        for (const way of ways_.get(here)) {
          if (!keep(way, here, only)) continue;
          used.add(way);
          const there = next(way);
          if (seen.has(there) && !way.only.length) continue;
          if (seen.has(there) && seen.has(there + "\0" + here)) continue;
          seen.add(there); seen.add(there + "\0" + here);
          open.push([there, isSender(here) ? way.only : null]);
        }
      }
      return [seen, used];
    }
    function around(id) {
      const after = walk(id, out, (way) => way.to, (way, here, only) => !only || !way.only.length || way.only.some((one) => only.includes(one)));
      const before = walk(id, into, (way) => way.from, (way, here) =>
        !isSender(way.from) || here === id || !way.only.length || way.only.some((one) => one === id || through.has(one)));
      return [new Set([...after[0], ...before[0]]), new Set([...after[1], ...before[1]])];
    }
    let through = new Set();
    function light(onNodes, onWays) {
      graph.classList.toggle("lit", Boolean(onNodes));
      nodes.forEach((node) => node.classList.toggle("on", Boolean(onNodes) && onNodes.has(node.id)));
      ways.forEach((way) => way.element.classList.toggle("on", Boolean(onWays) && onWays.has(way)));
      const used = new Set(onWays ? [...onWays].filter((way) => way.row).map((way) => way.from + " " + way.row) : []);
      for (const row of rows)
        row.element.classList.toggle("off", Boolean(onWays) && onNodes.size > 1 && !used.has(row.node + " " + row.element.dataset.row));
    }
    function hover(id) {
      // Functions on the way to this one, so that of an API's senders only those count who come this way.
      through = new Set(walk(id, into, (way) => way.from, (way) => !isSender(way.from))[0]);
      light(...around(id));
    }
    function rest() {
      if (state.path) {
        const on = ways.filter((way) => way.paths.includes(state.path));
        light(new Set(nodes.filter((node) => words(node.dataset.paths).includes(state.path)).map((node) => node.id)), new Set(on));
      } else if (state.senders.size) {
        const seen = new Set(), used = new Set();
        for (const id of nodes.map((node) => node.id).filter(isSender)) {
          if (!state.senders.has(byId.get(id).dataset.word)) continue;
          const [more, moreWays] = walk(id, out, (way) => way.to, (way, here, only) => !only || !way.only.length || way.only.some((one) => only.includes(one)));
          more.forEach((one) => seen.add(one)); moreWays.forEach((one) => used.add(one));
        }
        light(seen, used);
      } else light(null, null);
      if (!state.path && state.senders.size)
        for (const row of rows) row.element.classList.toggle("off", !state.senders.has(row.element.dataset.sender));
      nodes.forEach((node) => node.classList.toggle("found", Boolean(state.find) && hit(node)));
      if (state.find && !state.path && !state.senders.size) {
        const seen = new Set(nodes.filter(hit).map((node) => node.id));
        light(seen, new Set());
      }
    }
    const hit = (node) => node.querySelector("title").textContent.toLowerCase().includes(state.find);

    for (const node of nodes) {
      node.addEventListener("mouseenter", () => hover(node.id));
      node.addEventListener("mouseleave", rest);
      node.addEventListener("focus", () => { if (node.matches(":focus-visible")) hover(node.id); });
      node.addEventListener("blur", rest);
      if (node.classList.contains("group")) continue; // leads to its own picture
      node.addEventListener("click", (event) => { event.preventDefault(); choose(node); });
    }
    function show(letter) {
      state.path = letter;
      all(app, ".letter").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.path === letter)));
      rest();
    }
    for (const button of all(app, ".letter"))
      button.addEventListener("click", () => {
        const letter = state.path === button.dataset.path ? "" : button.dataset.path;
        all(app, ".paths details").forEach((one) => { one.open = one.dataset.path === letter; });
        show(letter);
      });
    for (const one of all(app, ".paths details")) {
      one.addEventListener("toggle", () => {
        if (one.open) {
          all(app, ".paths details[open]").forEach((other) => { if (other !== one) other.open = false; });
          show(one.dataset.path);
        } else if (state.path === one.dataset.path) show("");
      });
    }
    for (const button of all(app, ".senders button"))
      button.addEventListener("click", () => {
        const word = button.dataset.sender, on = !state.senders.has(word);
        if (on) state.senders.add(word); else state.senders.delete(word);
        button.setAttribute("aria-pressed", String(on));
        rest();
      });
    const find = app.querySelector("input[type=search]");
    find.addEventListener("input", () => { state.find = find.value.trim().toLowerCase(); rest(); });
    find.addEventListener("keydown", (event) => {
      const first = nodes.find((node) => state.find && hit(node));
      if (event.key !== "Enter" || !first) return;
      event.preventDefault();
      first.scrollIntoView({ block: "center", inline: "center" });
      choose(first);
    });
    const bare = new Set(nodes.filter((node) => node.matches(".store, .host, .service")).map((node) => node.id));
    ways.forEach((way) => way.element.classList.toggle("bare", bare.has(way.from) || bare.has(way.to)));
    app.querySelector(".switch input").addEventListener("change", (event) => graph.classList.toggle("bare", !event.target.checked));
  }

  // A link to something in the picture, from a step or from the facts: show it there.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || link.closest(".graph")) return;
    const node = document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
    if (!node || !node.classList.contains("node")) return;
    event.preventDefault();
    node.scrollIntoView({ block: "nearest", inline: "center" });
    choose(node);
  });
})();
