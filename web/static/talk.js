// The page on which a newcomer meets the agent: one line, by keyboard or by voice.
const RATE = 16000;
const $ = (id) => document.getElementById(id);
const say = $("say"), text = $("text"), send = say.querySelector("button");

let line = null;          // {id} of the text conversation
let call = null;          // the spoken one

const api = async (path, body) => {
  const reply = await fetch(path, body && {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const data = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Error(data.detail || `The service answered ${reply.status}.`);
  return data;
};

const state = (words) => { $("state").textContent = words; };

const show = (role, words, note) => {
  if (!words) return;
  const item = document.createElement("li");
  item.className = role;
  item.textContent = words;
  if (note) {
    const small = document.createElement("small");
    small.textContent = note;
    item.append(small);
  }
  $("log").append(item);
  $("log").scrollTop = $("log").scrollHeight;
};

const plain = (value) => {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (typeof value === "object") return value.display ?? value.line ?? Object.entries(value).filter(([, v]) => v !== null && v?.length !== 0).map(([k, v]) => `${k} ${plain(v)}`).join("; ");
  if (value === true) return "yes";
  if (value === false) return "no";
  return String(value);
};

const MARKS = { proposed: "?", confirmed: "✓", verified: "✓✓", skipped: "–", rejected: "!" };

const noted = (slots = {}, step = "") => {
  if (step) $("step").textContent = `Noted so far · ${step.replaceAll("_", " ")}`;
  const known = Object.entries(slots).filter(([, slot]) => slot.status !== "empty");
  $("empty").hidden = known.length > 0;
  $("slots").replaceChildren(...known.map(([name, slot]) => {
    const row = document.createElement("div");
    const mark = document.createElement("span");
    mark.className = `mark ${slot.status}`;
    mark.textContent = MARKS[slot.status] ?? "";
    mark.title = slot.status;
    const dt = document.createElement("dt");
    dt.textContent = name.replaceAll("_", " ");
    const dd = document.createElement("dd");
    dd.textContent = plain(slot.value) || slot.status;
    row.append(mark, dt, dd);
    return row;
  }));
};

const did = (tools = []) => tools.forEach((tool) => {
  const item = document.createElement("li");
  item.textContent = `${tool.name.replaceAll("_", " ")}: ${tool.status}`;
  $("tools").append(item);
});

const connected = (on) => {
  $("start").disabled = on;
  $("line").disabled = on;
  $("stop").disabled = !on;
  $("mic").disabled = !on && !navigator.mediaDevices;
  text.disabled = send.disabled = !on;
  if (on) text.focus();
};

const clear = () => {
  for (const id of ["log", "slots", "tools"]) $(id).replaceChildren();
  noted();
};

// -- by keyboard --------------------------------------------------------------------------------

const answered = (reply) => {
  reply.replies.forEach((words) => show("agent", words));
  did(reply.tools);
  noted(reply.slots, reply.step);
  if (reply.ended) ended();
};

const ended = (why = "The conversation has ended.") => {
  show("system", why);
  hangUp();
};

const start = async () => {
  clear();
  state("Connecting …");
  try {
    line = await api("/api/v1/conversations", { to: $("line").value, channel: "chat" });
    connected(true);
    state("Connected, by keyboard");
    answered(line);
  } catch (error) {
    state("Not connected");
    show("system", error.message);
  }
};

const write = async (words) => {
  show("caller", words);
  if (call) { call.say(words); return; }
  send.disabled = true;
  try {
    answered(await api(`/api/v1/conversations/${line.id}/messages`, { text: words }));
  } catch (error) {
    show("system", `${error.message} Your words were not lost; send them again.`);
    text.value = words;
  } finally {
    send.disabled = !line && !call;
    text.focus();
  }
};

const hangUp = () => {
  call?.close();
  call = line = null;
  connected(false);
  $("mic").disabled = !navigator.mediaDevices;
  $("mic").setAttribute("aria-pressed", "false");
  state("Not connected");
};

// -- by voice -----------------------------------------------------------------------------------

class Call {
  static async open(to, conversation) {
    const self = new Call();
    // the microphone first: no call is begun that nobody can speak on
    self.stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    self.audio = new AudioContext({ sampleRate: RATE });
    await self.audio.audioWorklet.addModule("/static/capture.js");
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query = new URLSearchParams({ to, ...(conversation ? { conversation } : {}) });
    self.socket = new WebSocket(`${scheme}://${location.host}/talk/audio?${query}`);
    self.socket.binaryType = "arraybuffer";
    self.socket.onmessage = (event) => self.heard(event.data);
    await new Promise((resolve, reject) => {
      self.socket.onopen = resolve;
      self.socket.onerror = () => reject(new Error("The line could not be opened. Is the service ready?"));
      self.socket.onclose = () => reject(new Error("The line is busy or closed. Please try again."));
    });
    self.socket.onclose = () => { if (call === self) ended("The line was closed."); };
    const source = self.audio.createMediaStreamSource(self.stream);
    const capture = new AudioWorkletNode(self.audio, "capture", { numberOfOutputs: 0 });
    capture.port.onmessage = ({ data }) => {
      if (self.socket.readyState === WebSocket.OPEN) self.socket.send(data);
    };
    source.connect(capture);
    self.next = 0;
    self.playing = new Set();
    return self;
  }

  heard(data) {
    if (typeof data !== "string") return this.play(new Int16Array(data));
    const message = JSON.parse(data);
    if (message.type !== "server-message") return;
    const { event, ...body } = message.data;
    if (event === "clear") this.hush();
    if (event === "caption") show(body.role, body.text, body.note);
    if (event === "state") { noted(body.slots, body.step); did(body.tools); }
    if (event === "ended") ended();
  }

  play(samples) {
    const buffer = this.audio.createBuffer(1, samples.length, RATE);
    const channel = buffer.getChannelData(0);
    samples.forEach((value, index) => { channel[index] = value / 32768; });
    const source = this.audio.createBufferSource();
    source.buffer = buffer;
    source.connect(this.audio.destination);
    this.next = Math.max(this.next, this.audio.currentTime + 0.05);
    source.start(this.next);
    this.next += buffer.duration;
    this.playing.add(source);
    source.onended = () => this.playing.delete(source);
  }

  hush() {
    this.playing.forEach((source) => source.stop());
    this.playing.clear();
    this.next = 0;
  }

  say(words) {
    this.socket.send(JSON.stringify({
      label: "rtvi-ai", type: "send-text", id: crypto.randomUUID(), data: { content: words },
    }));
  }

  close() {
    this.hush();
    this.stream.getTracks().forEach((track) => track.stop());
    this.socket.onclose = null;
    this.socket.close();
    this.audio.close();
  }
}

const speak = async () => {
  if (call) { hangUp(); return; }
  const conversation = line?.id;
  if (!conversation) clear();
  state("Opening the microphone …");
  try {
    call = await Call.open($("line").value, conversation);
    connected(true);
    $("mic").setAttribute("aria-pressed", "true");
    state("Connected, by voice. Speak now.");
  } catch (error) {
    const denied = error.name === "NotAllowedError";
    show("system", denied ? "The browser did not give the microphone. Allow it beside the address, or type." : error.message);
    state(line ? "Connected, by keyboard" : "Not connected");
  }
};

$("start").addEventListener("click", start);
$("stop").addEventListener("click", () => ended("You hung up."));
$("mic").addEventListener("click", speak);
say.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  write(words);
});

const lines = await api("/talk/lines").catch(() => ({ lines: [] }));
$("line").replaceChildren(...lines.lines.map(({ number, name }) => new Option(`${name} · ${number}`, number)));
$("mic").disabled = !navigator.mediaDevices;
if (!navigator.mediaDevices) $("mic").title = "The microphone needs https or localhost";
if (!lines.lines.length) state("The service is not ready. Reload the page in a moment.");
