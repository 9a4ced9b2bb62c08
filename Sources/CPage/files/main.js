// Opens the page: who are we, what is there, and what happens from now on.
import { whenStranger } from './api.js';
import { $ } from './dom.js';
import { connect, disconnect } from './events.js';
import { askForToken, logInFromAddress } from './login.js';
import { loadAll } from './state.js';
import './transport.js';
import './engine.js';
import './timeline.js';
import './mixer.js';
import './jobs.js';
import './hosts.js';
import './workflow.js';
import './listen.js';

let isAsking = false;

async function open() {
  isAsking = false;
  try {
    await loadAll();
  } catch (error) {
    if (error.status === 401) return;
    // The daemon is not there, or begins: its events tell when it is back.
    $('connection').textContent = 'the daemon does not answer';
    setTimeout(open, 2000);
    return;
  }
  $('app').hidden = false;
  connect();
}

whenStranger(() => {
  disconnect();
  if (isAsking) return;
  isAsking = true;
  askForToken(open);
});

addEventListener('hashchange', async () => { await logInFromAddress(); });
await logInFromAddress();
open();
