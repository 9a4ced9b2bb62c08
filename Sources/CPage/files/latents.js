// Regions that are on the way: what is to be heard of them, and the one key for each decision. The list of them, for who
// uses no keys.
import { attempt, tool } from './api.js';
import { $, el, keep, setText } from './dom.js';
import { on, reload, state } from './state.js';

const WORDS = {
  pending: 'waits', running: 'is being made', resolved: 'waits for you', approved: 'comes', rejected: 'rejected', failed: 'failed',
};

export function describe(latent) {
  const progress = latent.status === 'running' && latent.progress > 0 ? ` ${Math.round(latent.progress * 100)} %` : '';
  return `${latent.name ?? latent.tool ?? 'region'} ${WORDS[latent.status] ?? latent.status}${progress}`;
}

const isUnderWay = (item) => item.isLatent && (item.status === 'pending' || item.status === 'running');
/** A take that has come for a region which plays another one. */
const hasNewTake = (item) => !item.isLatent && (item.takes ?? 0) > (item.take ?? 0);

/** Whether a job makes it. */
export const canDecide = (item) => Boolean(item.isLatent || item.tool);

const deeds = {
  approve: { keys: ['Enter', 'a'], label: 'Approve', can: (item) => (item.isLatent && item.status === 'resolved') || hasNewTake(item),
    ask: (item) => tool('approve', { region: item.id }) },
  reject: { keys: ['r'], label: 'Reject', can: (item) => item.isLatent && item.status === 'resolved',
    ask: (item) => tool('reject', { region: item.id }) },
  vary: { keys: ['v'], label: 'Vary', can: (item) => Boolean(item.tool) && !isUnderWay(item), ask: (item) => tool('vary', { region: item.id }) },
  cancel: { keys: ['c', 'Delete'], label: 'Cancel', can: (item) => isUnderWay(item) && Boolean(item.job),
    ask: (item) => tool('job_cancel', { job: [item.job] }) },
};

/** Which keys do something, as `aria-keyshortcuts` has it. */
export function keysOf(item) {
  if (!canDecide(item)) return 'ArrowLeft ArrowRight ArrowUp ArrowDown';
  return Object.values(deeds).filter((deed) => deed.can(item)).flatMap((deed) => deed.keys).join(' ');
}

/** What a key means to a region; false where it means nothing. */
export function act(item, key) {
  const name = key.length === 1 ? key.toLowerCase() : key;
  for (const deed of Object.values(deeds)) {
    if (!deed.keys.includes(name)) continue;
    if (!deed.can(item)) continue;
    perform(deed, item);
    return true;
  }
  return false;
}

async function perform(deed, item) {
  await attempt(() => deed.ask(item));
  reload('regions', 'jobs');
}

function make() {
  const row = el('li', { tabindex: '0' }, el('span', { class: 'text name' }), el('progress', { max: '1' }), el('span', { class: 'why' }));
  row.buttons = {};
  for (const [name, deed] of Object.entries(deeds)) {
    row.buttons[name] = el('button', { text: deed.label, onclick: () => perform(deed, row.item) });
    row.append(row.buttons[name]);
  }
  row.addEventListener('keydown', (event) => {
    if (event.target === row && act(row.item, event.key)) event.preventDefault();
  });
  return row;
}

function update(row, item) {
  row.item = item;
  setText(row.children[0], `${describe(item)} · ${item.position}`);
  row.children[1].value = item.progress ?? 0;
  row.children[1].hidden = !isUnderWay(item);
  row.children[1].setAttribute('aria-label', 'progress');
  setText(row.children[2], item.reason ?? '');
  row.setAttribute('aria-keyshortcuts', keysOf(item));
  for (const [name, deed] of Object.entries(deeds)) row.buttons[name].hidden = !deed.can(item);
}

const MOST = 100;

function show() {
  const waiting = [
    ...state.latent.filter((latent) => latent.status !== 'rejected').map((latent) => ({ ...latent, isLatent: true })),
    ...state.regions.filter(hasNewTake).map((region) => ({ ...region, status: 'resolved' })),
  ].slice(0, MOST);
  $('waiting-section').hidden = waiting.length === 0;
  keep($('waiting'), waiting, (item) => item.id, make, update);
}

on('regions', show);
on('progress', (job) => { if (state.latent.some((latent) => latent.job === job.id)) show(); });
