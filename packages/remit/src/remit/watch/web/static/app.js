// The page: one stream of pictures in, the newest drawn. Everything shown was written by strangers, so every text is
// set as text content; no markup is ever built from data.
import { attackedWay, cut, drawGraph, drawRate } from "/draw.js";

const at = (id) => document.getElementById(id);
const page = { state: null, graph: null, chosen: null, closed: false, all: false, drawn: "", cards: new Map() };

function make(name, className = "", ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  for (const child of children) if (child !== "" && child != null) element.append(child);
  return element;
}

// Incidents that are listed at once, so that the app stays in sight below them.
const FEW = 4;
const count = (number) => number.toLocaleString("en");
const plural = (number, one, many = one + "s") => `${count(number)} ${number === 1 ? one : many}`;

function ago(time) {
  const seconds = Math.max(0, Math.round((page.state.now - time) / 1000));
  if (seconds < 5) return "just now";
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 129600 ? `${Math.round(seconds / 3600)} h ago` : `${Math.round(seconds / 86400)} days ago`;
}

function span(first, last) {
  const seconds = Math.round((last - first) / 1000);
  if (seconds < 1) return "";
  return seconds < 90 ? `over ${seconds} s` : seconds < 5400 ? `over ${Math.round(seconds / 60)} min` : `over ${Math.round(seconds / 3600)} h`;
}

const isOpen = (incident) => incident.through;

function headline(state) {
  const open = state.incidents.filter(isOpen).length;
  const known = page.graph ? page.graph.functions.length : 0;
  const heard = known ? `${known - state.silent.length} of ${plural(known, "function")} heard from` : `${plural(state.heard.length, "function")} heard from`;
  if (state.incident_count) {
    const more = state.incident_count > state.incidents.length ? `, ${state.incidents.length} shown` : "";
    at("headline").textContent = `${plural(state.incident_count, "open incident")}${more}`;
    const ending = open ? `${open === 1 ? "One of them was" : `${count(open)} of them were`} not fully stopped.` : "Nothing got past the guard.";
    at("lead").textContent = `${state.incident_count === 1 && open ? "It was not fully stopped." : ending} ${heard[0].toUpperCase()}${heard.slice(1)}.`;
  } else if (state.total) {
    at("headline").textContent = "All quiet";
    at("lead").textContent = `No incident in the last 24 hours. ${plural(state.total, "signal")}, ${heard}.`;
  } else {
    at("headline").textContent = "Nothing heard yet";
    at("lead").textContent = `That is not the same as quiet: no guard has sent a signal. Send them to ${location.origin}/signals, or follow a log with --log.`;
  }
  document.title = state.incident_count ? `(${state.incident_count}) Remit watch` : "Remit watch";
}

function stageItem(stage) {
  const through = stage.count - stage.blocked;
  const ways = [
    stage.door && `by ${stage.door}`,
    stage.source.includes(" via ") && `(${stage.source})`,
    stage.fields.length && `in ${cut(stage.fields.slice(0, 2).join(", "), 90)}`,
    stage.fields.length > 2 && `and ${stage.fields.length - 2}${stage.more_fields ? "+" : ""} more fields`,
  ].filter(Boolean).join(" ");
  const ending = through ? (stage.blocked ? `${count(stage.blocked)} of ${count(stage.count)} stopped` : `${count(through)} not stopped`) : `${count(stage.count)} stopped`;
  const proof = Object.entries(stage.evidence).map(([key, value]) => `${key}: ${value}`).join("\n");
  const name = make("strong", "", stage.function || "a function");
  const title = stage.attack ? make("span", "", `${stage.what} in `, name) : make("span", "", name, ` ${stage.what}`);
  return make("li", through ? "through" : "", title,
    make("span", "fact", [ways, ending].filter(Boolean).join(" · ")),
    proof && make("code", "mono", cut(proof, 240)));
}

function card(incident) {
  const chosen = incident.id === page.chosen && !page.closed;
  const senders = incident.senders.length === 1 ? `from ${cut(incident.senders[0], 60)}` : incident.senders.length ? `from ${incident.senders.length}${incident.more_senders ? "+" : ""} senders` : "";
  const button = make("button", "",
    make("span", "story", incident.story + "."),
    make("span", "meta", make("b", "", incident.severity), make("span", "when"), make("span", "", plural(incident.count, "signal")), make("span", "", senders)));
  button.type = "button";
  button.setAttribute("aria-expanded", String(chosen));
  button.addEventListener("click", () => {
    page.closed = page.chosen === incident.id && !page.closed;
    page.chosen = incident.id;
    draw();
  });
  const item = make("li", `incident ${isOpen(incident) ? "open" : "held"}`, button);
  item.dataset.id = incident.id;
  if (chosen) {
    const stages = make("ol", "stages", ...incident.stages.map(stageItem));
    const rest = incident.stage_count - incident.stages.length;
    if (rest > 0) stages.append(make("li", "", `${plural(rest, "more step")}`));
    item.append(make("div", "more",
      make("div", "", make("h3", "", "What happened"), stages),
      make("div", "", make("h3", "", "What to do"), make("ul", "advice", ...incident.advice.map((text) => make("li", "", text))))));
  }
  return item;
}

function incidents(state) {
  const list = at("incidents");
  if (!state.incidents.some((incident) => incident.id === page.chosen)) {
    page.chosen = state.incidents.length ? state.incidents[0].id : null;
    page.closed = false;
  }
  const cards = new Map();
  const chosen = state.incidents.findIndex((incident) => incident.id === page.chosen);
  const shown = page.all || state.incidents.length <= FEW + 1 ? state.incidents.length : Math.max(FEW, chosen + 1);
  for (const incident of state.incidents.slice(0, shown)) {
    const key = JSON.stringify([incident, incident.id === page.chosen && !page.closed]);
    const old = page.cards.get(incident.id);
    const element = old && old.key === key ? old.element : card(incident);
    const when = [ago(incident.last), span(incident.first, incident.last)].filter(Boolean).join(", ");
    element.querySelector(".when").textContent = when;
    if (old && old.element !== element && old.element.contains(document.activeElement)) setTimeout(() => element.querySelector("button").focus());
    cards.set(incident.id, { key, element });
  }
  page.cards = cards;
  at("rest").hidden = shown === state.incidents.length;
  at("rest").textContent = `Show ${count(state.incidents.length - shown)} more`;
  const wanted = [...cards.values()].map((one) => one.element);
  if (wanted.length !== list.children.length || wanted.some((element, index) => list.children[index] !== element)) list.replaceChildren(...wanted);
}

function graph(state) {
  at("graph-panel").hidden = !page.graph;
  if (!page.graph) return;
  const incident = state.incidents.find((one) => one.id === page.chosen);
  const key = JSON.stringify([incident && incident.stages.map((stage) => [stage.id, stage.source, stage.blocked < stage.count]), state.silent]);
  if (key === page.drawn) return;
  page.drawn = key;
  const way = attackedWay(page.graph, incident);
  at("graph").replaceChildren(drawGraph(page.graph, way, state.silent));
  at("graph-note").textContent = !incident ? (state.total ? "no attack reported" : "")
    : way.reach.size ? "red: the way taken; dashed: what it may have reached"
    : way.edges.size ? "red: the way taken, and where it was stopped"
    : way.nodes.size ? "red: where it happened" : "not in this app: the chosen incident";
}

function functions(state) {
  const rows = state.heard.map((one) => {
    const name = make("td", "", cut(one.id || "unnamed", 60));
    if (one.id !== one.function) name.title = one.function;
    const changed = one.remit_before ? `new remit ${ago(one.remit_since)}` : one.remit.replace(/^sha256:/, "").slice(0, 6);
    const guard = make("td", one.remit_before ? "" : "quiet", [one.tier, changed].filter(Boolean).join(" · "));
    if (one.remit) guard.title = `remit ${one.remit} since ${new Date(one.remit_since).toLocaleString()}` + (one.remit_before && `, before: ${one.remit_before}`);
    return make("tr", "", name, make("td", "n", count(one.count)), make("td", "n", count(one.blocked)), make("td", "quiet", ago(one.last)), guard);
  });
  for (const name of state.silent) {
    const silence = make("td", "", "no signal from a guard so far");
    silence.colSpan = 4;
    rows.push(make("tr", "silent", make("td", "", name), silence));
  }
  at("heard").replaceChildren(...rows);
  at("heard-note").textContent = state.silent.length ? `${state.silent.length} not heard from` : "";
}

function foot(state) {
  const kept = state.store.where === "memory" ? "in memory, gone when the server stops" : `in ${state.store.where}`;
  const lines = [make("span", "", `${plural(state.store.kept, "signal")} kept ${kept}. Nothing left this machine.`)];
  const warn = (text) => lines.push(make("span", "warn", text));
  if (state.intake.fault) warn(`Signals are not being kept: ${state.intake.fault}`);
  if (state.store.dropped) warn(`${plural(state.store.dropped, "old signal")} dropped to stay within memory.`);
  if (state.intake.bad) warn(`${plural(state.intake.bad, "line")} could not be read as signals; the last: ${state.intake.last_bad}`);
  if (state.crowded) warn("So many signals at once that some stories may be told in parts.");
  for (const log of state.intake.followed) log.note ? warn(`${log.path}: ${log.note}`) : lines.push(make("span", "", `Following ${log.path}`));
  at("foot").replaceChildren(...lines);
}

function draw() {
  const state = page.state;
  headline(state);
  incidents(state);
  graph(state);
  at("rate").replaceChildren(drawRate(state.rate));
  functions(state);
  foot(state);
}

function link(text, className) {
  at("link").textContent = text;
  at("link").className = "link " + className;
}

function listen() {
  const events = new EventSource("/events");
  events.onopen = () => link("live", "live");
  events.onmessage = (message) => {
    page.state = JSON.parse(message.data);
    draw();
  };
  events.onerror = () => {
    link("not connected: what you see may be old", "lost");
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
}

// Times move on while nothing arrives.
setInterval(() => {
  if (page.state && at("link").classList.contains("live")) {
    page.state.now += 5000;
    draw();
  }
}, 5000);

at("rest").addEventListener("click", () => {
  page.all = true;
  draw();
});

page.graph = await (await fetch("/graph")).json();
at("app-name").textContent = page.graph ? page.graph.name : "";
listen();
