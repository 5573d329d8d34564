// The microphone and the loudspeaker of a call: 16-bit PCM at 16 kHz.
const RATE = 16000;
const LEAD = 0.06;          // seconds kept ready before they are heard

export class Microphone {
  static async open() {
    const self = new Microphone();
    self.stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    self.context = new AudioContext();
    await self.context.audioWorklet.addModule("/static/capture.js");
    await self.context.resume();
    self.node = new AudioWorkletNode(self.context, "capture", { numberOfOutputs: 0 });
    self.node.port.onmessage = ({ data }) => self.heard?.(data);
    self.context.createMediaStreamSource(self.stream).connect(self.node);
    return self;
  }

  listen(heard) { this.heard = heard; }

  stop() {
    this.heard = null;
    this.stream.getTracks().forEach((track) => track.stop());
    if (this.context.state !== "closed") this.context.close();
  }
}

export class Speaker {
  constructor() {
    this.context = new AudioContext({ sampleRate: RATE });
    this.context.resume();
    this.playing = new Set();
    this.next = 0;
  }

  play(samples) {
    if (this.context.state === "closed" || !samples.length) return;
    const buffer = this.context.createBuffer(1, samples.length, RATE);
    buffer.copyToChannel(Float32Array.from(samples, (value) => value / 32768), 0);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    const now = this.context.currentTime;
    if (this.next < now) this.next = now + LEAD;   // nothing was playing: build the lead up again
    source.start(this.next);
    this.next += buffer.duration;
    this.playing.add(source);
    source.onended = () => this.playing.delete(source);
  }

  // the caller talks over the agent: what is not heard yet is not heard any more
  hush() {
    this.playing.forEach((source) => source.stop());
    this.playing.clear();
    this.next = 0;
  }

  close() {
    this.hush();
    if (this.context.state !== "closed") this.context.close();
  }
}

export const whyNoMicrophone = (error) => {
  if (!navigator.mediaDevices) return "Browsers give the microphone only to pages on https or on this computer itself. You can type.";
  if (error.name === "NotAllowedError") return "The browser did not give the microphone. Allow it beside the address, or type.";
  if (error.name === "NotFoundError") return "No microphone was found. Plug one in, or type.";
  if (error.name === "NotReadableError") return "Another program uses the microphone. Close it, or type.";
  return "The microphone did not start. You can type.";
};
