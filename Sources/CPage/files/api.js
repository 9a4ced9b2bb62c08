// What is asked of the daemon. A refusal is an error with the daemon's three lines.
import { $ } from './dom.js';

export class Refusal extends Error {
  constructor(status, problem) {
    const lines = problem?.lines ?? [problem?.title ?? `the daemon answered ${status}`];
    super(lines.join('\n'));
    this.status = status;
    this.code = problem?.code;
  }
}

let onStranger = () => {};
/** Called when the daemon does not know us any more: its cookies last as long as it runs. */
export function whenStranger(act) { onStranger = act; }

async function ask(method, path, body, headers = {}) {
  const options = { method, headers: { ...headers }, credentials: 'same-origin', cache: 'no-store' };
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options);
  if (response.status === 204) return null;
  const content = await response.json().catch(() => null);
  if (response.ok) return content;
  if (response.status === 401) onStranger();
  throw new Refusal(response.status, content);
}

export const get = (path) => ask('GET', path);
export const post = (path, body = {}, headers) => ask('POST', path, body, headers);
export const remove = (path) => ask('DELETE', path);
/** Any declared request by its name. */
export const tool = (name, parameters = {}) => ask('POST', `/api/tools/${name}`, parameters);

let hiding = 0;
/** Tells of something at the top of the page, for a while; readers of the screen hear it. */
export function say(text, isGood = false) {
  const message = $('message');
  message.textContent = text;
  message.classList.toggle('good', isGood);
  message.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { message.hidden = true; }, 8000);
}

/** Does what a person asked for, and tells what stood in the way. Whether it was done. */
export async function attempt(work, done) {
  try {
    await work();
    if (done) say(done, true);
    return true;
  } catch (error) {
    if (error.status !== 401) say(error instanceof Refusal ? error.message : 'The daemon cannot be reached.');
    return false;
  }
}
