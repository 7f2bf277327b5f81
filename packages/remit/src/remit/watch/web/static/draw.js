// Drawing: the app as a graph, the rate as bars. Text goes in as text, never as markup.
const SVG = "http://www.w3.org/2000/svg";

export function shape(name, attributes = {}, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text) element.textContent = text;
  return element;
}

export function cut(text, most) {
  const letters = [...String(text)];
  return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : letters.join("");
}

// Which nodes and edges an incident touches, and where it was stopped.
export function attackedWay(graph, incident) {
  const way = { nodes: new Set(), edges: new Set(), reach: new Set(), stopped: new Set() };
  if (!incident) return way;
  const through = new Set();
  for (const stage of incident.stages) {
    const here = "function:" + stage.id;
    if (!graph.nodes.some((node) => node.id === here)) continue;
    way.nodes.add(here);
    if (stage.blocked < stage.count) through.add(here);
    const chain = stage.source ? stage.source.split(" via ") : [];
    const into = graph.edges.filter((edge) => edge.end === here && edge.sources.some((one) => chain.includes(one)));
    for (const edge of into) {
      way.edges.add(edge);
      way.nodes.add(edge.start);
      for (const before of graph.edges)
        if (before.end === edge.start && before.start.startsWith("sender:") && before.functions.includes(stage.id)) {
          way.edges.add(before);
          way.nodes.add(before.start);
        }
    }
  }
  for (const edge of graph.edges) {
    if (through.has(edge.start) && !way.edges.has(edge)) way.reach.add(edge);
  }
  for (const node of way.nodes) if (node.startsWith("function:") && !through.has(node)) way.stopped.add(node);
  return way;
}

export function drawGraph(graph, way, silent) {
  const [width, height] = graph.box;
  const root = shape("svg", { viewBox: `0 0 ${graph.width} ${graph.height}`, width: graph.width, height: graph.height, role: "img" });
  root.append(shape("title", {}, "Senders, triggers, functions and resources, from left to right"));
  const places = new Map(graph.nodes.map((node) => [node.id, node]));
  const rank = (edge) => (way.edges.has(edge) ? 2 : way.reach.has(edge) ? 1 : 0);
  for (const edge of [...graph.edges].sort((one, other) => rank(one) - rank(other))) {
    const from = places.get(edge.start), to = places.get(edge.end);
    root.append(shape("path", { d: curve(from, to, width, height), class: "edge" + ["", " reach", " hot"][rank(edge)] }));
  }
  for (const node of graph.nodes) {
    const quiet = node.kind === "function" && silent.includes(node.id.slice("function:".length));
    const group = shape("g", {
      class: ["node", node.kind, way.nodes.has(node.id) ? "hot" : "", quiet ? "silent" : ""].join(" ").trim(),
      transform: `translate(${node.x} ${node.y})`,
    });
    const note = quiet ? "not heard from" : node.kind === "function" || node.kind === "sender" ? "" : node.note;
    group.append(shape("title", {}, node.label + (note ? ` (${note})` : "")));
    group.append(shape("rect", { width, height, rx: node.kind === "function" ? 8 : 4 }));
    const sender = node.kind === "sender";
    group.append(shape("text", { x: sender ? width - 8 : 13, y: note ? 20 : 27, "text-anchor": sender ? "end" : "start" }, cut(node.label, 23)));
    if (note) group.append(shape("text", { x: 13, y: 34, class: "note" }, note));
    if (way.stopped.has(node.id)) group.append(shape("path", { d: `M${width + 7} 6v${height - 12}`, class: "stop" }));
    root.append(group);
  }
  return root;
}

function curve(from, to, width, height) {
  const x1 = from.x + width, y1 = from.y + height / 2, x2 = to.x, y2 = to.y + height / 2;
  if (x2 > x1) {
    const bend = Math.min((x2 - x1) / 2, 60);
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }
  const low = Math.max(from.y, to.y) + height + 9; // back to the left, below both
  return `M${x1} ${y1}C${x1 + 34} ${y1} ${x1 + 34} ${low} ${(x1 + x2) / 2} ${low}S${x2 - 34} ${y2} ${x2} ${y2}`;
}

export function drawRate(rate) {
  const wide = 600, tall = 96, step = wide / rate.series.length;
  const sums = rate.series.map((counts) => counts[0] + counts[1] + counts[2]);
  const top = Math.max(...sums, 4);
  const root = shape("svg", { viewBox: `0 0 ${wide} ${tall + 16}`, preserveAspectRatio: "none", role: "img" });
  root.append(shape("title", {}, `${sums.reduce((one, other) => one + other, 0)} signals in 30 minutes`));
  root.append(shape("line", { x1: 0, x2: wide, y1: tall + .5, y2: tall + .5, class: "base" }));
  rate.series.forEach((counts, index) => {
    let y = tall;
    ["block", "alert", "allow"].forEach((kind, row) => {
      const size = counts[row] ? Math.max((counts[row] / top) * (tall - 6), 1.5) : 0;
      y -= size;
      if (size) root.append(shape("rect", { x: index * step + 1, y, width: step - 2, height: size, class: kind }));
    });
  });
  return root;
}
