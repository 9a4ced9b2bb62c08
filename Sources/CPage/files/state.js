// What the page knows, and who wants to hear when it changes. Filled by requests, kept up to date by events.
import { get } from './api.js';

export const state = {
  status: null, tracks: [], buses: [], regions: [], latent: [], total: 0, jobs: new Map(), hosts: [], workflows: [],
};

const listeners = new Map();

export function on(name, act) {
  if (!listeners.has(name)) listeners.set(name, []);
  listeners.get(name).push(act);
}

export function tell(name, value) {
  for (const act of listeners.get(name) ?? []) act(value);
}

/** More regions than a person can look at are told of by their number. */
const MOST_REGIONS = 2000;
const MOST_JOBS = 60;

const sources = {
  async status() { state.status = await get('/api/status'); },
  async mixer() {
    const [tracks, buses] = await Promise.all([get('/api/tracks'), get('/api/buses')]);
    state.tracks = tracks.tracks;
    state.buses = buses.buses;
  },
  async regions() {
    const list = await get(`/api/regions?limit=${MOST_REGIONS}`);
    state.regions = list.regions;
    state.latent = list.latent;
    state.total = list.total;
  },
  async jobs() {
    const list = await get(`/api/tasks?limit=${MOST_JOBS}`);
    state.jobs = new Map(list.jobs.map((job) => [job.id, job]));
  },
  async hosts() { state.hosts = (await get('/api/hosts')).hosts; },
};

/** A further part of the state, by whoever shows it. */
export function source(name, load) { sources[name] = load; }

async function load(name) {
  await sources[name]();
  tell(name);
}

export async function loadAll() {
  // The first decides whether we may ask at all.
  await load('status');
  await Promise.all(Object.keys(sources).filter((name) => name !== 'status').map(load));
}

// Edits may land thousands of times a second; a part is asked for at most so often, and once more at the end.
const REST = 250;
const waiting = new Map();

/** Asks for parts of the state anew, soon. */
export function reload(...names) {
  for (const name of names) {
    const entry = waiting.get(name);
    if (entry) { entry.again = true; continue; }
    const fresh = { again: false };
    waiting.set(name, fresh);
    load(name).catch(() => {}).finally(() => setTimeout(() => {
      waiting.delete(name);
      if (fresh.again) reload(name);
    }, REST));
  }
}

/** A job as an event tells of it. The newest stand first, and the oldest that have ended go. */
export function takeJob(job) {
  const isNew = !state.jobs.has(job.id);
  if (isNew) {
    state.jobs = new Map([[job.id, job], ...state.jobs]);
    for (const [id, old] of [...state.jobs].reverse()) {
      if (state.jobs.size <= MOST_JOBS) break;
      if (old.is_final) state.jobs.delete(id);
    }
  } else if ((state.jobs.get(job.id).revision ?? 0) <= (job.revision ?? 0)) state.jobs.set(job.id, job);
  for (const latent of state.latent) {
    if (latent.job === job.id) latent.progress = job.progress / 100;
  }
  tell('jobs');
  tell('progress', job);
}
