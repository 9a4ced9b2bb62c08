// Changes the token for a cookie that no script can read. The token stays nowhere in the page.
import { post } from './api.js';
import { $ } from './dom.js';

/** A token behind `#token=` in the address, which is taken out of it: addresses are kept and shown. */
function tokenInAddress() {
  const found = /^#token=([0-9a-fA-F]{1,256})$/.exec(location.hash);
  if (found) history.replaceState(null, '', location.pathname);
  return found?.[1];
}

async function open(token) {
  await post('/api/login', undefined, { Authorization: `Bearer ${token}` });
}

/** Takes a token from the address, if there is one. */
export async function logInFromAddress() {
  const token = tokenInAddress();
  if (token) await open(token).catch(() => {});
}

/** Asks the person; `then` goes on once the daemon knows us. */
export function askForToken(then) {
  $('app').hidden = true;
  $('login').hidden = false;
  $('token').focus();
  $('login').onsubmit = async (event) => {
    event.preventDefault();
    try {
      await open($('token').value.trim());
      $('token').value = '';
      $('login-error').textContent = '';
      $('login').hidden = true;
      then();
    } catch (error) {
      $('login-error').textContent = error.status ? error.message : 'The daemon cannot be reached.';
    }
  };
}
