// The daemon's events, from where we stopped. A page that nobody sees holds no connection: browsers allow six to a server,
// for all their tabs together.
import { get } from './api.js';
import { reload, loadAll, state, takeJob, tell } from './state.js';
import { $ } from './dom.js';

const TOPICS = ['transport', 'command', 'region', 'latent', 'job', 'host', 'workflow', 'meter', 'xrun', 'warning', 'audio',
  'session', 'stage'];

let stream = null;
let cursor = '';
let again = 0;
let wait = 500;

function shown(text, isLost) {
  $('connection').textContent = text;
  $('connection').classList.toggle('lost', isLost);
}

export function connect() {
  disconnect();
  if (document.hidden) return;
  const from = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
  stream = new EventSource(`/api/events?topics=${TOPICS.join(',')}${from}`);
  stream.addEventListener('open', () => { wait = 500; shown('connected', false); });
  stream.addEventListener('error', lost);
  for (const topic of [...TOPICS, 'start', 'gap', 'dropped']) {
    stream.addEventListener(topic, (event) => {
      if (event.lastEventId) cursor = event.lastEventId;
      take(topic, JSON.parse(event.data));
    });
  }
}

export function disconnect() {
  clearTimeout(again);
  stream?.close();
  stream = null;
}

/** The browser tries again by itself, with the cursor, unless the daemon refused; then we do. */
async function lost() {
  shown('connection lost, trying again', true);
  tell('lost');
  if (stream?.readyState !== EventSource.CLOSED) return;
  disconnect();
  again = setTimeout(async () => {
    wait = Math.min(wait * 2, 8000);
    // Asks for the token again where it is another daemon by now.
    try { await get('/api/status'); } catch (error) { if (error.status === 401) return; }
    connect();
  }, wait);
}

function take(topic, content) {
  switch (topic) {
    case 'transport':
      tell('transport', content);
      if (content.type !== 'position') reload('status');
      break;
    case 'meter': tell('meter', content); break;
    case 'command': reload('status', 'regions', 'mixer'); break;
    case 'latent': reload('regions'); break;
    case 'job':
      if (content.job) takeJob(content.job);
      if (content.job?.is_final) reload('regions');
      break;
    case 'host':
      if (content.host) {
        const at = state.hosts.findIndex((host) => host.name === content.host.name);
        if (at < 0) reload('hosts');
        else { state.hosts[at] = content.host; tell('hosts'); }
      }
      break;
    case 'workflow': tell('workflow', content); break;
    case 'xrun': case 'audio': reload('status'); break;
    case 'warning': tell('warning', content); break;
    case 'session': case 'stage': reload('status', 'regions', 'mixer'); break;
    // What we missed is gone: look at everything as it is now.
    case 'gap': case 'dropped': cursor = ''; loadAll().catch(() => {}); break;
  }
}

document.addEventListener('visibilitychange', () => {
  if ($('app').hidden) return;
  if (document.hidden) { disconnect(); shown('resting', false); } else { reload('status'); connect(); }
});
