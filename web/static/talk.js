// The page on which a newcomer meets the agent: one conversation, by keyboard or by voice.
import { Microphone, Speaker, whyNoMicrophone } from "/static/sound.js";
import { clear, did, noted, say as show, status } from "/static/board.js";

const $ = (id) => document.getElementById(id);
const form = $("say"), text = $("text"), send = form.querySelector("button");
const KEYS = "1234567890*#";
const TRIES = 8;            // a line that was just left needs a moment to be free again

let line = null;            // what is open now: a Chat or a Call
let conversation = null;    // its id, to go on with in the other way of talking
let busy = false;           // a line is being opened

const uuid = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, "0")).join("");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// -- lines ----------------------------------------------------------------------------------------

class Line {
  constructor(path) {
    const query = new URLSearchParams(conversation ? { conversation } : { to: $("line").value });
    this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}?${query}`);
    this.socket.binaryType = "arraybuffer";
    this.left = false;
    this.ready = new Promise((resolve, reject) => { this.resolve = resolve; this.reject = reject; });
    this.closed = new Promise((resolve) => { this.socket.onclose = (event) => { this.gone(event); resolve(); }; });
    this.socket.onmessage = ({ data }) => (typeof data === "string" ? this.told(JSON.parse(data)) : this.sound(data));
  }

  send(type, data = {}) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify({ label: "rtvi-ai", type, id: uuid(), data }));
    return true;
  }

  told({ type, data }) {
    if (type === "bot-output") show("agent", data.text);
    else if (type === "error-response") show("system", data.error, "trouble");
    else if (type === "error" && data.fatal) this.reject(Object.assign(new Error(data.message), { code: data.code }));
    else if (type === "error") show("system", data.message, "trouble");
    else if (type === "bot-ready") this.began(data.about?.conversation);
    else if (type === "server-message") this.happened(data);
  }

  happened({ event, ...body }) {
    if (event === "began") this.began(body.conversation);
    else if (event === "caption") show(body.role, body.text, "", body.note);
    else if (event === "state") { noted(body.slots, body.step); did(body.tools); }
    else if (event === "clear") this.hush();
    else if (event === "idle") show("system", body.text);
    else if (event === "transfer") show("system", `A person would take over now, at ${body.number}. From here, please dial it yourself.`);
    else if (event === "ended") this.over = true;
  }

  began(id) {
    conversation = id ?? conversation;
    this.resolve();
  }

  gone(event) {
    this.reject(new Error("The line could not be opened. Please try again."));
    this.quiet();
    if (this.left || line !== this) return;
    line = null;
    if (this.over) hangUp("The conversation has ended.");
    else { show("system", event.code === 1012 ? "The service restarts. You can go on in a moment." : "The line was cut. You can go on where you were.", "trouble"); settle(); }
  }

  // give the conversation back, so that it can go on elsewhere
  async leave() {
    this.left = true;
    this.quiet();
    if (!this.send("disconnect-bot")) this.socket.close();
    await Promise.race([this.closed, wait(3000)]);
    this.socket.close();
  }

  hush() {}
  quiet() {}
  sound() {}
}

class Chat extends Line {
  static path = "/chat";
  constructor() {
    super(Chat.path);
    this.socket.onopen = () => this.send("client-ready");
  }

  say(words) {
    const sent = this.send("send-text", { content: words });
    if (sent) show("caller", words);
    return sent;
  }
}

class Call extends Line {
  constructor(microphone) {
    super("/talk/audio");
    this.microphone = microphone;
    this.speaker = new Speaker();
    microphone.listen((piece) => { if (this.socket.readyState === WebSocket.OPEN) this.socket.send(piece); });
  }

  say(words) { return this.send("send-text", { content: words }); }   // comes back as a caption
  press(key) { this.send("dtmf", { button: key }); }
  sound(data) { this.speaker.play(new Int16Array(data)); }
  hush() { this.speaker.hush(); }
  quiet() { this.microphone.stop(); this.speaker.close(); }
}

// -- what the buttons do --------------------------------------------------------------------------

const settle = () => {
  const open = line !== null, speaking = line instanceof Call;
  $("line").disabled = busy || conversation !== null;
  $("write").disabled = busy || !$("line").value || (open && !speaking);
  $("write").setAttribute("aria-pressed", String(open && !speaking));
  $("write").classList.toggle("primary", !open);
  $("speak").disabled = busy || !$("line").value;
  $("speak").setAttribute("aria-pressed", String(speaking));
  $("stop").disabled = busy || conversation === null;
  $("keys").hidden = !speaking;
  text.disabled = send.disabled = busy || !open;
  text.placeholder = speaking ? "Speak, or type what you would say" : "Type what you would say";
  if (!busy) status(speaking ? "On the line. Speak now." : open ? "Connected. Type your answers." : conversation ? "Paused, your answers are kept. Type or speak to go on." : "Not connected");
};

// open a line; one that is still being left by us is tried again
const open = async (make) => {
  for (let left = TRIES; ; left -= 1) {
    const opened = make();
    try {
      await opened.ready;
      return opened;
    } catch (error) {
      opened.left = true;
      if (error.code !== "in_use" || !conversation || left <= 1) throw error;
      await wait(400);
    }
  }
};

const change = async (words, make) => {
  if (busy) return;
  busy = true;
  settle();
  status(words);
  const before = line;
  line = null;
  try {
    if (before) await before.leave();
    if (!conversation) clear();
    line = await make();
  } catch (error) {
    if (error.code === "ended" || error.code === "not_found") conversation = null;
    show("system", error.message, "trouble");
  } finally {
    busy = false;
    settle();
  }
};

const write = () => change("Connecting …", () => open(() => new Chat())).then(() => line && text.focus());

const speak = () => {
  if (line instanceof Call) return change("Stopping the microphone …", () => open(() => new Chat())).then(() => $("speak").focus());
  return change("Opening the microphone …", async () => {
    let microphone;
    try {
      microphone = await Microphone.open();   // first: no call is begun that nobody can speak on
    } catch (error) {
      throw new Error(whyNoMicrophone(error));
    }
    status("Calling …");
    try {
      return await open(() => new Call(microphone));
    } catch (error) {
      microphone.stop();
      throw error;
    }
  });
};

const hangUp = async (why) => {
  const before = line;
  line = conversation = null;
  show("system", why);
  settle();
  $("write").focus();
  if (before) await before.leave();
};

$("write").addEventListener("click", write);
$("speak").addEventListener("click", speak);
$("stop").addEventListener("click", () => hangUp("You hung up."));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (words && line?.say(words)) text.value = "";
});
$("keys").append(...[...KEYS].map((key) => {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: key });
  button.setAttribute("aria-label", { "*": "star", "#": "pound" }[key] ?? key);
  button.addEventListener("click", () => line?.press?.(key));
  return button;
}));
addEventListener("pagehide", () => line?.socket.close());

// -- begin ----------------------------------------------------------------------------------------

try {
  const found = await (await fetch("/talk/lines")).json();
  $("line").append(...found.lines.map(({ number, name }) => new Option(`${name} · ${number}`, number)));
  $("outbox").hidden = !found.outbox;
  settle();
  $("write").focus();
} catch {
  status("The service does not answer. Reload the page in a moment.", true);
}
