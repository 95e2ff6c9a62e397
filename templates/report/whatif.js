// What if: prices the designs anew for numbers that the reader chooses.
//
// The data are quantities as formulas, traced by the program through its own pricing, and price lists. A formula is
// [constant, weight, atom, weight, atom, ...]; an atom is its number in a list in which it stands after all that it
// is made of. Names from data are only ever set as text.

// Rounding up: so much above a whole number is what binary fractions make of that number.
const NEARLY = 1e-12;

// Returns a function that gives the value of a formula at these inputs.
function evaluator(atoms, inputs) {
  const values = [];
  const sum = (formula) => {
    let total = formula[0];
    for (let i = 1; i < formula.length; i += 2) total += formula[i] * values[formula[i + 1]];
    return total;
  };
  const kinds = {
    input: (name) => inputs[name],
    ceiling: (of) => Math.ceil(sum(of) - NEARLY * Math.abs(sum(of))),
    positive: (of) => Math.max(sum(of), 0),
    product: (left, right) => sum(left) * sum(right),
    quotient: (above, below) => (sum(above) ? sum(above) / sum(below) : 0),
    rank: (of, loads) => {
      const count = loads.filter((load) => load < sum(of)).length;
      return count < loads.length ? count : NaN;
    },
  };
  for (const [kind, ...parts] of atoms) values.push(kinds[kind](...parts));
  return sum;
}

// The cost of an account's quantity: each slice at its own rate.
function graduated(quantity, rates) {
  return rates.reduce((cost, [start, price], i) => {
    const end = i + 1 < rates.length ? rates[i + 1][0] : Infinity;
    return cost + Math.max(Math.min(quantity, end) - start, 0) * price;
  }, 0);
}

// Without its free volume, an account pays the next rate from the start.
function withoutFree(rates) {
  return rates.length > 1 && rates[0][1] === 0 ? [[0, rates[1][1]], ...rates.slice(2)] : rates;
}

// What each resource costs: tiers apply to the sum of an SKU, of which resources pay their shares.
function billOf(stage, chosen, sum, money, isFree) {
  const { parts, stated, missing } = stage.cases[chosen];
  const used = stage.lists[parts[money]].map(([sku, resource, formula]) => [sku, resource, sum(formula)]);
  const whole = new Map();
  for (const [sku, , quantity] of used) whole.set(sku, (whole.get(sku) ?? 0) + quantity);
  const unit = new Map();
  for (const [sku, quantity] of whole) {
    const rates = stage.rates[sku][money];
    unit.set(sku, quantity === 0 ? 0 : graduated(quantity, isFree ? rates : withoutFree(rates)) / quantity);
  }
  const costs = stage.resources.map(() => 0);
  for (const [sku, resource, quantity] of used) costs[resource] += unit.get(sku) * quantity;
  for (const [resource, amount] of stated[money]) costs[resource] += amount;
  return { costs, missing: missing[money], total: costs.reduce((a, b) => a + b, 0) };
}

function between(low, high, percent) {
  return low + ((high - low) * percent) / 100;
}

// All that is said of a stage at the numbers chosen. `state` holds null for what is each design's own.
function priced(data, stage, state, withBudget = true) {
  const inputs = { ...stage.inputs };
  if (state.requests !== null) inputs[data.load] = state.requests;
  for (const path of stage.hours) if (state.hours !== null) inputs[path] = Math.min(state.hours, stage.month);
  for (const [path, low, high] of stage.capacities)
    if (state.capacity !== null) inputs[path] = between(low, high, state.capacity);
  const sum = evaluator(stage.atoms, inputs);
  const isFree = state.free === "own" ? stage.free : state.free === "yes";
  const bill = (money) => billOf(stage, state.machines, sum, money, isFree);
  const chosen = stage.cases[state.machines];
  const told = (resource, reason) => (resource === null ? reason : `${stage.resources[resource]}: ${reason}`);
  const unmet = chosen.needs
    .filter(([, needed, available]) => !(sum(needed) <= sum(available) * (1 + NEARLY)))
    .map(([resource, , , reason]) => told(resource, reason));
  const rests = chosen.stops.filter(([, path]) => inputs[path] < stage.month);
  const resting = rests.map(([resource, path]) => {
    const hours = { hours: Math.round(inputs[path]), month: stage.month };
    return told(resource, data.texts.rest.replace(/\{(\w+)\}/g, (_, name) => hours[name]));
  });
  const found = {
    requests: inputs[data.load],
    unmet: [...new Set(unmet)],
    open: chosen.unknown.map(([resource, reason]) => told(resource, reason)),
    goes: [...resting, ...chosen.goes.map(([resource, reason]) => told(resource, reason))],
    isStopped: chosen.stoppable || rests.length > 0,
    ...bill(state.currency),
  };
  if (withBudget && stage.budget) found.budget = { ...stage.budget, ...bill(stage.budget.currency) };
  return found;
}

const POWERS = [
  [/^(k|тыс\.?)$/i, 1e3],
  [/^(m|млн\.?)$/i, 1e6],
  [/^(b|bn|g|млрд\.?)$/i, 1e9],
];

// Reads a number as people write it: 5M, 5 000 000, 5,000,000, 1,5 млн. Gives NaN for anything else.
function countOf(text, language) {
  const [, digits, word] = text.replace(/[\s\u00a0\u202f'_]/g, "").match(/^([\d.,]+)(\D*)$/) ?? [];
  if (digits === undefined) return NaN;
  const power = word === "" ? 1 : POWERS.find(([name]) => name.test(word))?.[1];
  const plain = (number) => (/^\d+(\.\d+)?$/.test(number) ? Number(number) : NaN);
  const grouped = (mark) => new RegExp(`^\\d{1,3}(\\${mark}\\d{3})+$`).test(digits);
  const marks = [...new Set(digits.match(/[.,]/g) ?? [])];
  if (marks.length === 2) {
    const [group, point] = marks;
    const [whole, fraction, more] = digits.split(point);
    return more === undefined ? plain(`${whole.replaceAll(group, "")}.${fraction}`) * power : NaN;
  }
  const own = language === "ru" ? "," : ".";
  const [mark] = marks;
  const isGroups = mark !== undefined && grouped(mark) && (mark !== own || digits.split(mark).length > 2);
  return plain(isGroups ? digits.replaceAll(mark, "") : digits.replace(mark, ".")) * power;
}

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function shape(tag, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function tableOf(caption, headings, rows, numbers, className) {
  const table = element("table", undefined, headings.length > 2 ? "wide" : "");
  table.append(element("caption", caption, className));
  const line = (cells, tag) => {
    const row = element("tr");
    cells.forEach((text, i) => {
      const cell = element(i === 0 && tag === "td" ? "th" : tag, text, numbers.includes(i) ? "n" : i ? "t" : "");
      if (i && tag === "td" && headings.length > 2) cell.dataset.label = headings[i];
      if (cell.tagName === "TH") cell.scope = tag === "th" ? "col" : "row";
      row.append(cell);
    });
    return row;
  };
  table.createTHead().append(line(headings, "th"));
  table.createTBody().append(...rows.map((cells) => line(cells, "td")));
  return scrolling(caption, table);
}

// What may be wider than the window scrolls by itself, by keyboard too.
function scrolling(label, content) {
  const box = element("div", undefined, "scroll");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", label);
  box.append(content);
  return box;
}

// The chart of cost against load

const CHART = { width: 760, height: 380, left: 78, right: 100, top: 14, bottom: 46, points: 240 };

function curvesOf(data, state) {
  const [low, high] = data.range;
  return data.stages.map((stage) => {
    const points = [];
    for (let i = 0; i <= CHART.points; i++) {
      const requests = 10 ** (low + ((high - low) * i) / CHART.points);
      const found = priced(data, stage, { ...state, requests }, false);
      if (found.total > 0) points.push([requests, found.total, found.unmet.length === 0]);
    }
    return points;
  });
}

// Splits a curve where it begins or ceases to be enough; the pieces touch.
function piecesOf(points) {
  const pieces = [];
  points.forEach((point, i) => {
    if (i === 0 || point[2] !== points[i - 1][2]) pieces.push(i === 0 ? [] : [points[i - 1]]);
    pieces.at(-1).push(point);
  });
  return pieces;
}

function chartOf(data, state, results, compact) {
  const { width, height, left, right, top, bottom } = CHART;
  const [low, high] = data.range;
  const curves = curvesOf(data, state);
  const logs = curves.flat().map(([, cost]) => Math.log10(cost));
  const [least, most] = logs.length ? [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))] : [0, 1];
  const x = (requests) => left + ((width - left - right) * (Math.log10(requests) - low)) / (high - low);
  const y = (cost) =>
    height - bottom - ((height - top - bottom) * (Math.log10(cost) - least)) / Math.max(most - least, 1);
  const { texts } = data;
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": texts.chart });
  const line = (name, x1, y1, x2, y2) => svg.append(shape("line", { class: name, x1, y1, x2, y2 }));
  const text = (x, y, anchor, said) => svg.append(shape("text", { x, y, "text-anchor": anchor }, said));
  for (let power = low; power <= high; power++) {
    line("grid", x(10 ** power), top, x(10 ** power), height - bottom);
    text(x(10 ** power), height - bottom + 18, "middle", compact(10 ** power));
  }
  for (let power = least; power <= most; power++) {
    line("grid", left, y(10 ** power), width - right, y(10 ** power));
    text(left - 8, y(10 ** power) + 4, "end", data.money[state.currency].replace("{amount}", compact(10 ** power)));
  }
  text((left + width - right) / 2, height - 6, "middle", texts.requests);
  if (state.requests !== null) line("chosen", x(state.requests), top, x(state.requests), height - bottom);
  curves.forEach((points, i) => {
    const series = `series s${i % 6}`;
    for (const piece of piecesOf(points)) {
      const points = piece.map(([requests, cost]) => `${x(requests).toFixed(1)},${y(cost).toFixed(1)}`).join(" ");
      svg.append(shape("polyline", { class: `${series} ${piece.at(-1)[2] ? "" : "lacking"}`, points }));
    }
    const { requests, total } = results[i];
    if (total > 0 && requests >= 10 ** low && requests <= 10 ** high)
      svg.append(shape("circle", { class: series, cx: x(requests), cy: y(total), r: 5 }));
  });
  // Names stand at the ends of their curves, pushed apart where these meet.
  const ends = curves
    .map((points, i) => ({ i, at: points.length ? y(points.at(-1)[1]) + 4 : NaN }))
    .filter((end) => !Number.isNaN(end.at))
    .sort((one, other) => other.at - one.at);
  ends.forEach((end, n) => {
    if (n > 0) end.at = Math.min(end.at, ends[n - 1].at - 15);
    const name = data.stages[end.i].name;
    const shown = name.length > 14 ? `${name.slice(0, 13)}…` : name;
    svg.append(shape("text", { class: `name s${end.i % 6}`, x: width - right + 8, y: end.at }, shown));
  });
  return svg;
}

function whatIf(root) {
  const data = JSON.parse(root.dataset.live);
  const { texts, stages } = data;
  const own = { requests: null, hours: null, capacity: null, machines: "own", free: "own" };
  const state = { ...own, currency: Object.keys(data.money)[0] };
  const find = (kind, name) => root.querySelector(`[data-${kind}="${name}"]`);
  const starts = new Map([...root.querySelectorAll("[data-slider]")].map((one) => [one, one.value]));

  const language = document.documentElement.lang;
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const amount = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const exact = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 6 });
  const small = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });
  const compact = new Intl.NumberFormat(language, { notation: "compact" });
  const times = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const isSmall = (value) => value !== 0 && Math.abs(value) < 0.005;

  function money(value, currency) {
    if (!Number.isFinite(value)) return "–";
    const shown = isSmall(value) ? small.format(value) : amount.format(value);
    return filled(data.money[currency], { amount: shown });
  }

  // What lines as shown lack to their total as shown, which is rounded once.
  function roundingOf(costs, total) {
    const shown = (value) => Number(isSmall(value) ? value.toPrecision(2) : value.toFixed(2));
    return Number(costs.reduce((rest, one) => rest - shown(one), shown(total)).toFixed(6));
  }

  const cost = (found) => {
    if (Number.isNaN(found.total)) return texts.unknown;
    const shown = money(found.total, found.currency ?? state.currency);
    return found.missing ? filled(texts.least, { cost: shown }) : shown;
  };

  function budget({ budget: found }) {
    if (!found) return "–";
    const budget = money(found.budget, found.currency);
    if (found.total > found.budget) {
      const text = found.budget ? texts.over : texts.overNone;
      const over = filled(text, { budget, times: `${times.format(found.total / found.budget)}×` });
      const costOf = (covered) => covered.reduce((total, i) => total + found.costs[i], 0);
      const parts = found.parts.filter(([, most, covered]) => costOf(covered) > most).map(([name]) => name);
      return parts.length ? `${over}; ${filled(texts.parts, { parts: list.format(parts) })}` : over;
    }
    return filled(found.missing ? texts.open : texts.within, { budget });
  }

  function enough(found) {
    if (found.unmet.length) return filled(texts.no, { reasons: found.unmet.join("; ") });
    if (found.open.length) return filled(texts.notKnown, { reasons: found.open.join("; ") });
    if (!found.goes.length) return texts.yes;
    return filled(found.isStopped ? texts.while : texts.rests, { reasons: found.goes.join("; ") });
  }

  function verdict(results) {
    const named = results.map((found, i) => ({ ...found, name: stages[i].name }));
    const works = (found) => !found.unmet.length && !found.open.length;
    const [best] = named
      .filter((found) => !found.missing && works(found) && Number.isFinite(found.total))
      .sort((one, other) => one.total - other.total);
    const text = texts[(best ? "cheapest" : "none") + (state.requests === null ? "Own" : "")];
    const values = { requests: whole.format(state.requests), stage: best?.name, cost: best && cost(best) };
    const said = best || named.every((found) => found.unmet.length) ? [filled(text, values)] : [];
    if (best?.goes.length) said.push(filled(texts.goes, { stage: best.name, why: best.goes.join("; ") }));
    const lacking = named.filter((found) => found.unmet.length);
    if (lacking.length) {
      const each = lacking.map((found) => `${found.name} (${found.unmet.join("; ")})`);
      said.push(filled(texts.lacking, { stages: list.format(each) }));
    }
    const unknown = named.filter((found) => !found.unmet.length && found.open.length);
    if (unknown.length) {
      const each = unknown.map((found) => `${found.name} (${found.open.join("; ")})`);
      said.push(filled(texts.notSaid, { stages: list.format(each) }));
    }
    const open = named.filter((found) => found.missing && works(found));
    if (open.length) said.push(filled(texts.incomplete, { stages: list.format(open.map((found) => found.name)) }));
    return said.join(" ");
  }

  function showControls() {
    const field = find("field", "requests");
    field.value = state.requests === null ? "" : whole.format(state.requests);
    complain("");
    field.placeholder = texts.own;
    const slider = find("slider", "requests");
    if (state.requests !== null) slider.value = positionOf(state.requests);
    slider.setAttribute("aria-valuetext", state.requests === null ? texts.own : whole.format(state.requests));
    const open = stages.flatMap((stage) => stage.capacities);
    const rates = open.map(([, low, high]) => whole.format(between(low, high, state.capacity)));
    const shown = {
      hours: filled(texts.hours, { hours: whole.format(state.hours) }),
      capacity: filled(texts.rates, { rates: list.format(new Set(rates)) }),
    };
    for (const output of root.querySelectorAll("[data-output]")) {
      const name = output.dataset.output;
      output.textContent = state[name] === null ? texts.own : shown[name];
      find("slider", name).setAttribute("aria-valuetext", output.textContent);
    }
  }

  // What is not understood changes nothing, and is said beside the field.
  function complain(said) {
    const [field, place] = [find("field", "requests"), find("wrong", "requests")];
    place.textContent = said;
    place.hidden = said === "";
    field.setAttribute("aria-invalid", String(said !== ""));
  }

  const [low, high] = data.range;
  const positionOf = (requests) => (1000 * (Math.log10(requests) - low)) / (high - low);
  const loadAt = (position) => Number((10 ** between(low, high, position / 10)).toPrecision(3));

  const bills = stages.map((stage) => {
    const details = element("details");
    details.append(element("summary"), element("div"));
    root.querySelector("[data-bills]").append(details);
    return details;
  });

  function update() {
    const results = stages.map((stage) => priced(data, stage, state));
    showControls();
    const [place, said] = [root.querySelector("[data-verdict]"), verdict(results)];
    if (place.textContent !== said) place.textContent = said;
    const headings = [texts.stage, texts.requests, texts.cost, texts.million, texts.budget, texts.enough];
    const rows = results.map((found, i) => [
      stages[i].name,
      whole.format(found.requests),
      cost(found),
      money((found.total / found.requests) * 1e6, state.currency),
      budget(found),
      enough(found),
    ]);
    const caption = data.captions[state.currency];
    root.querySelector("[data-stages]").replaceChildren(tableOf(caption, headings, rows, [1, 2, 3]));
    bills.forEach((details, i) => {
      const { costs } = results[i];
      const lines = stages[i].resources.map((name, n) => [name, money(costs[n], state.currency)]);
      const heading = filled(texts.bill, { stage: stages[i].name });
      details.firstChild.textContent = `${heading}: ${cost(results[i])}`;
      const rest = roundingOf(costs, results[i].total);
      if (rest) lines.push([texts.rounding, filled(data.money[state.currency], { amount: exact.format(rest) })]);
      lines.push([texts.total, cost(results[i])]);
      details.lastChild.replaceChildren(tableOf(heading, [texts.resource, texts.cost], lines, [1], "unseen"));
    });
    const legend = element("figcaption");
    legend.append(element("strong", texts.chart), ` ${caption}. ${texts.chartSaid}`);
    const chart = chartOf(data, state, results, (value) => compact.format(value));
    root.querySelector("[data-chart]").replaceChildren(legend, scrolling(texts.chart, chart));
  }

  root.addEventListener("input", ({ target }) => {
    const { slider, choice, field } = target.dataset;
    if (slider) state[slider] = slider === "requests" ? loadAt(target.value) : Number(target.value);
    if (choice) state[choice] = target.value;
    if (!field) update();
  });
  // A typed number holds when it is finished.
  root.addEventListener("change", ({ target }) => {
    if (!target.dataset.field) return;
    const [least, most] = [Number(target.dataset.low), Number(target.dataset.high)];
    const typed = Math.round(countOf(target.value, language));
    if (target.value.trim() !== "" && !(typed >= least && typed <= most)) {
      complain(filled(texts.wrong, { least: compact.format(least), most: compact.format(most) }));
      return;
    }
    state.requests = target.value.trim() === "" ? null : typed;
    update();
  });
  root.querySelector("[data-reset]").addEventListener("click", () => {
    Object.assign(state, own, { currency: Object.keys(data.money)[0] });
    for (const [slider, start] of starts) slider.value = start;
    for (const select of root.querySelectorAll("select")) select.selectedIndex = 0;
    update();
  });

  update();
  root.hidden = false;
  root.parentElement.querySelector("[data-static]").hidden = true;
}

document.querySelectorAll("[data-live]").forEach(whatIf);
