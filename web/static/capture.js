// AudioWorklet: the microphone as 16-bit PCM at 16 kHz, in pieces of 20 ms, whatever rate the device has.
const RATE = 16000;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Int16Array(RATE / 50);
    this.filled = 0;
    this.step = RATE / sampleRate;   // how much of an output sample one input sample is
    this.sum = 0;
    this.weight = 0;
  }

  process([input]) {
    for (const value of input[0] ?? []) {
      // every output sample is the mean of the time it covers: enough of a low-pass for speech
      let left = this.step;
      while (this.weight + left >= 1) {
        const part = 1 - this.weight;
        this.push(this.sum + value * part);
        left -= part;
        this.sum = this.weight = 0;
      }
      this.sum += value * left;
      this.weight += left;
    }
    return true;
  }

  push(value) {
    const clipped = Math.max(-1, Math.min(1, value));
    this.piece[this.filled++] = clipped < 0 ? clipped * 32768 : clipped * 32767;
    if (this.filled < this.piece.length) return;
    this.port.postMessage(this.piece.slice().buffer);
    this.filled = 0;
  }
}

registerProcessor("capture", Capture);
