// What the daemon plays, heard here. Plain buffers, one behind the other: worklets exist on secure pages only, and a page from
// another machine of the stage is none.
import { Refusal, say } from './api.js';
import { $, setText } from './dom.js';
import { level } from './mixer.js';

/** Seconds of sound kept ready against what the network does. */
const READY = 0.2;
/** Beyond that the page has fallen behind: sound is left out until it is near again. */
const MOST = 0.8;
/** Frames of a buffer, gathered from packets: fewer and larger ones cost less. */
const BUFFER = 4096;
const HEAD = 16;

let session = null;

class Listening {
  constructor(rate, stop) {
    this.context = new AudioContext({ sampleRate: rate });
    this.volume = this.context.createGain();
    this.volume.connect(this.context.destination);
    this.rate = rate;
    this.stop = stop;
    this.time = 0;
    this.lost = 0;
    this.heard = 0;
    this.left = new Float32Array(BUFFER);
    this.right = new Float32Array(BUFFER);
    this.filled = 0;
  }

  /** One packet's frames: left and right by turns, 16 bits each. */
  take(samples) {
    for (let index = 0; index < samples.length; index += 2) {
      this.left[this.filled] = samples[index] / 32767;
      this.right[this.filled] = samples[index + 1] / 32767;
      this.filled += 1;
      if (this.filled === BUFFER) this.play();
    }
  }

  play() {
    this.filled = 0;
    let peak = 0;
    for (let index = 0; index < BUFFER; index += 1) {
      peak = Math.max(peak, Math.abs(this.left[index]), Math.abs(this.right[index]));
    }
    this.show(peak);
    const now = this.context.currentTime;
    // It was late, or it begins: what comes next is kept ready first.
    if (this.time < now + 0.005) this.time = now + READY;
    if (this.time > now + MOST) {
      this.lost += BUFFER;
      return;
    }
    const buffer = this.context.createBuffer(2, BUFFER, this.rate);
    buffer.copyToChannel(this.left, 0);
    buffer.copyToChannel(this.right, 1);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.volume);
    source.start(this.time);
    this.time += BUFFER / this.rate;
    this.heard += BUFFER;
  }

  show(peak) {
    const meter = $('listen-level');
    level(meter, peak > 0 ? 20 * Math.log10(peak) : -120);
    meter.dataset.peak = peak.toFixed(4);
    const late = Math.max(0, this.time - this.context.currentTime);
    const lost = this.lost ? `, ${Math.round(this.lost / this.rate * 1000)} ms left out` : '';
    setText($('listen-state'), `${Math.round(late * 10) * 100} ms behind${lost}`);
  }
}

/** Cuts what comes into packets; they do not come in one piece. */
async function read(body, take) {
  const reader = body.getReader();
  let rest = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    let bytes = value;
    if (rest.length) {
      bytes = new Uint8Array(rest.length + value.length);
      bytes.set(rest);
      bytes.set(value, rest.length);
    }
    let at = 0;
    while (bytes.length - at >= HEAD) {
      const head = new DataView(bytes.buffer, bytes.byteOffset + at, HEAD);
      const frames = head.getUint32(8, true);
      const end = at + HEAD + frames * 4;
      if (end > bytes.length) break;
      // Copied to where numbers of 16 bits may lie.
      take(new Int16Array(bytes.slice(at + HEAD, end).buffer), head.getUint32(12, true));
      at = end;
    }
    rest = bytes.slice(at);
  }
}

async function start() {
  const stop = new AbortController();
  session = { stop };
  shown(true, 'connecting');
  try {
    const response = await fetch('/api/listen?format=s16', { signal: stop.signal, cache: 'no-store' });
    if (!response.ok) throw new Refusal(response.status, await response.json().catch(() => null));
    const listening = new Listening(Number(response.headers.get('Sound-Rate')), stop);
    session = listening;
    muted();
    await listening.context.resume();
    await read(response.body, (samples, lost) => {
      listening.lost += lost;
      listening.take(samples);
    });
    end('the daemon has ended it');
  } catch (error) {
    if (stop.signal.aborted) return;
    if (error instanceof Refusal) say(error.message);
    end('the connection broke');
  }
}

function end(why) {
  session?.stop.abort();
  session?.context?.close();
  session = null;
  level($('listen-level'), -120);
  $('listen-level').dataset.peak = '0';
  shown(false, why);
}

function shown(isOn, text) {
  $('listen').setAttribute('aria-pressed', String(isOn));
  setText($('listen'), isOn ? 'Stop listening' : 'Listen here');
  $('listen-mute').disabled = !isOn;
  setText($('listen-state'), text);
}

function muted() {
  const isMuted = $('listen-mute').getAttribute('aria-pressed') === 'true';
  if (session?.volume) session.volume.gain.value = isMuted ? 0 : 1;
}

$('listen').onclick = () => (session ? end('') : start());
$('listen-mute').onclick = () => {
  const isMuted = $('listen-mute').getAttribute('aria-pressed') === 'true';
  $('listen-mute').setAttribute('aria-pressed', String(!isMuted));
  setText($('listen-mute'), isMuted ? 'Mute' : 'Muted');
  muted();
};
