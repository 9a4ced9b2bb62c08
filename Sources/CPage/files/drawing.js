// Pictures of clips: piano rolls and waveforms. Each clip is asked for once, and each region drawn when it comes into sight.
import { tool } from './api.js';

const COLUMNS = 512;
const MOST = 200;
/** By path: a promise of what the daemon gives. The oldest go. */
const clips = new Map();

function clip(region) {
  const name = region.path || region.clip;
  if (!clips.has(name)) {
    const asked = tool('clip_draw', { clip: name, columns: COLUMNS }).then((reply) => reply.drawing);
    // A refusal is not kept: the clip may be there the next time.
    asked.catch(() => clips.delete(name));
    clips.set(name, asked);
    if (clips.size > MOST) clips.delete(clips.keys().next().value);
  }
  return clips.get(name);
}

/** What a picture depends on: drawn anew when that is another. */
export function signature(region, width, height, isDark) {
  return [region.path, region.length_beats, region.offset_beats, region.offset_seconds, region.loop, region.transpose,
    Math.round(width), height, isDark, devicePixelRatio].join('|');
}

/** Widest picture in pixels; a region that is wider is drawn coarser. */
const WIDEST = 4096;

export async function draw(canvas, region, width, height, secondsPerBeat) {
  const drawing = await clip(region);
  const scale = Math.min(devicePixelRatio || 1, WIDEST / Math.max(width, 1));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext('2d');
  pen.scale(canvas.width / width, canvas.height / height);
  pen.fillStyle = getComputedStyle(canvas.parentElement).color;
  pen.globalAlpha = 0.75;
  if (drawing.notes) notes(pen, drawing, region, width, height);
  else if (drawing.peaks?.length) sound(pen, drawing, region, width, height, secondsPerBeat);
}

function notes(pen, drawing, region, width, height) {
  if (drawing.notes.length === 0) return;
  let low = 127, high = 0;
  for (const [, , key] of drawing.notes) { low = Math.min(low, key); high = Math.max(high, key); }
  // At least an octave, so that one note is no wall.
  const spare = Math.max(0, 12 - (high - low)) / 2;
  low -= spare; high += spare;
  const top = 13;
  const row = (height - top - 2) / (high - low + 1);
  const unit = width / region.length_beats;
  const pass = Math.max(drawing.beats - region.offset_beats, 0.001);
  const passes = Math.min(region.loop ?? 1, Math.ceil(region.length_beats / pass), 256);
  for (let number = 0; number < passes; number += 1) {
    for (const [beat, length, key] of drawing.notes) {
      const start = beat - region.offset_beats;
      if (start + length <= 0 || start >= pass) continue;
      const x = (Math.max(start, 0) + number * pass) * unit;
      if (x >= width) break;
      pen.fillRect(x, top + (high - key) * row, Math.max(1, length * unit - 0.5), Math.max(1.2, row - 0.4));
    }
  }
}

function sound(pen, drawing, region, width, height, secondsPerBeat) {
  const columns = drawing.peaks.length / 2;
  const seconds = drawing.seconds;
  const length = region.length_beats * secondsPerBeat;
  const offset = region.offset_seconds ?? 0;
  const pass = Math.max(seconds - offset, 0.001);
  const middle = 13 + (height - 13) / 2;
  const size = (height - 15) / 2 / 100;
  const passes = region.loop ?? 1;
  for (let x = 0; x < width; x += 1) {
    const from = x / width * length;
    if (from >= pass * passes) break;
    const at = offset + from % pass;
    const first = Math.min(columns - 1, Math.floor(at / seconds * columns));
    const end = Math.max(first + 1, Math.min(columns, Math.ceil((at + length / width) / seconds * columns)));
    let low = 0, high = 0;
    for (let column = first; column < end; column += 1) {
      low = Math.min(low, drawing.peaks[2 * column]);
      high = Math.max(high, drawing.peaks[2 * column + 1]);
    }
    pen.fillRect(x, middle - high * size, 1, Math.max(1, (high - low) * size));
  }
}
