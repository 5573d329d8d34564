// AudioWorklet: microphone samples as 16-bit PCM in 20 ms pieces.
class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Int16Array(Math.round(sampleRate * 0.02));
    this.filled = 0;
  }
  process([input]) {
    for (const value of input[0] ?? []) {
      const clipped = Math.max(-1, Math.min(1, value));
      this.piece[this.filled++] = clipped < 0 ? clipped * 32768 : clipped * 32767;
      if (this.filled === this.piece.length) {
        this.port.postMessage(this.piece.slice().buffer);
        this.filled = 0;
      }
    }
    return true;
  }
}
registerProcessor("capture", Capture);
