// What the page shows: the words, the values as they fill, and what was done.
const $ = (id) => document.getElementById(id);

export const status = (words, trouble = false) => {
  $("state").textContent = words;
  $("state").classList.toggle("trouble", trouble);
};

export const say = (role, words, mood = "", note = "") => {
  if (!words) return;
  const item = document.createElement("li");
  item.className = `${role} ${mood}`.trim();
  if (role !== "system") {
    const who = document.createElement("span");
    who.className = "hidden";
    who.textContent = role === "agent" ? "Agent: " : "You: ";
    item.append(who);
  }
  item.append(words);
  if (note) {
    const small = document.createElement("small");
    small.textContent = `answered after ${note}`;
    item.append(small);
  }
  $("log").append(item);
  $("log").scrollTop = $("log").scrollHeight;
};

const words = (name) => name.replaceAll("_", " ");

const plain = (value) => {
  if (value === null || value === undefined) return "";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (Array.isArray(value)) {
    const span = value.length === 2 && value.every((v) => /^\d\d:\d\d$/.test(v));
    return value.map(plain).filter(Boolean).join(span ? "–" : ", ");
  }
  if (typeof value !== "object") return String(value);
  const named = value.display ?? value.line ?? value.label;
  if (named) return String(named);
  if (value.name && value.email) return `${plain(value.name)} <${value.email}>`;
  return Object.entries(value).filter(([, v]) => plain(v)).map(([k, v]) => `${words(k)} ${plain(v)}`).join("; ");
};

const MARKS = { proposed: "?", confirmed: "✓", verified: "✓✓", skipped: "–", rejected: "!" };

export const noted = (slots = {}, step = "") => {
  $("step").textContent = step ? `${words(step)} · noted so far` : "Noted so far";
  const known = Object.entries(slots).filter(([, slot]) => slot.status !== "empty");
  $("empty").hidden = known.length > 0;
  $("slots").replaceChildren(...known.map(([name, slot]) => {
    const row = document.createElement("div");
    const mark = document.createElement("span");
    mark.className = `mark ${slot.status}`;
    mark.textContent = MARKS[slot.status] ?? "";
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", slot.status);
    const term = document.createElement("dt");
    term.textContent = words(name);
    const value = document.createElement("dd");
    value.textContent = plain(slot.value) || slot.status;
    row.append(mark, term, value);
    return row;
  }));
};

export const did = (tools = []) => {
  for (const { name, status: outcome } of tools) {
    const item = document.createElement("li");
    item.textContent = `${words(name)}: ${words(outcome)}`;
    $("tools").append(item);
  }
  $("did").hidden = !$("tools").children.length;
};

export const clear = () => {
  for (const id of ["log", "tools"]) $(id).replaceChildren();
  noted();
  did();
};
