/** Two small pages, until the web app has its own: signing in, and using a one-time link. No script or style stands in a page. */

interface File {
  readonly type: string;
  readonly body: string;
}

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Five-Ring</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sign-in.css">
<script src="/sign-in.js" defer></script>
<main>
<p class="brand" aria-hidden="true">◯◯◯◯◯</p>
<h1>${title}</h1>
<p id="says" role="status" aria-live="polite"></p>
${body}
<noscript><p>This page needs JavaScript.</p></noscript>
</main>
</html>
`;

const SIGN_IN = page('Sign in', `<form id="sign-in" method="post">
<label for="colleague">Your id</label>
<input id="colleague" name="colleague" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="64" autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024">
<button>Sign in</button>
</form>
<p id="other" hidden><a id="open-id" href="/"></a></p>
<p class="small">No password, or forgotten? An administrator gives you a link.</p>`);

const WELCOME = page('Welcome', `<form id="welcome" method="post" hidden>
<div id="founder" hidden>
<label for="id">Your id</label>
<input id="id" name="id" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64" list="colleagues" aria-describedby="id-hint">
<datalist id="colleagues"></datalist>
<p class="small" id="id-hint">Short, such as ada or a staff number. It stays readable for ever.</p>
<div id="new">
<label for="name">Your name</label>
<input id="name" name="name" autocomplete="name" maxlength="200">
<label for="department">Department</label>
<select id="department" name="department"><option>executive</option><option>marketing</option><option>sales</option><option>service</option><option>operations</option><option>partner</option></select>
</div>
</div>
<input id="username" autocomplete="username" hidden readonly>
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required minlength="8" maxlength="256" aria-describedby="password-hint">
<p class="small" id="password-hint">At least 8 characters; 12 or more are better. Several words are good.</p>
<label for="again">The same again</label>
<input id="again" type="password" autocomplete="new-password" required maxlength="256">
<button>Go on</button>
</form>`);

const STYLE = `:root { color-scheme: light dark; --ink: light-dark(#1b1d21, #eceef2); --ground: light-dark(#f4f5f7, #14161a); --sheet: light-dark(#ffffff, #1d2026); --line: light-dark(#7d828c, #8a909c); --accent: light-dark(#0b57a4, #8ec1ff); --on-accent: light-dark(#ffffff, #10151c); --bad: light-dark(#a3161c, #ff9d98); }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); }
main { max-width: 24rem; margin: 8vh auto; padding: 2rem; background: var(--sheet); border-radius: .75rem; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; }
.brand { margin: 0 0 .5rem; letter-spacing: -.2em; color: var(--accent); }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input, select, button { width: 100%; padding: .6rem .75rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .4rem; }
select option { color: CanvasText; background: Canvas; }
button { margin-top: 1.5rem; font-weight: 600; color: var(--on-accent); background: var(--accent); border-color: transparent; cursor: pointer; }
button[disabled] { opacity: .6; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.small { margin: .25rem 0 0; font-size: .875rem; }
.bad { color: var(--bad); font-weight: 600; }
a { color: var(--accent); }
[hidden] { display: none !important; }
@media (max-width: 30rem) { main { margin: 0; min-height: 100vh; border-radius: 0; } }
`;

const SCRIPT = `'use strict';
const by = (id) => document.getElementById(id);
const say = (text, bad) => { by('says').textContent = text; by('says').className = bad ? 'bad' : ''; };
async function ask(method, path, body) {
  const answer = await fetch('/api/v1/' + path, { method, headers: body === undefined ? {} : { 'content-type': 'application/json' }, body: body === undefined ? undefined : JSON.stringify(body) });
  const json = await answer.json().catch(() => ({}));
  if (answer.ok) return json;
  throw new Error(json.detail || 'The server does not answer as it should.');
}
function onSend(form, work) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    say('One moment …');
    try {
      await work();
      location.replace('/');
    } catch (error) {
      say(error.message, true);
      button.disabled = false;
      const field = form.querySelector('input[type=password]');
      field.focus();
      field.select();
    }
  });
}
async function signIn() {
  onSend(by('sign-in'), () => ask('POST', 'session', { colleague: by('colleague').value.trim(), password: by('password').value }));
  const { openId } = await ask('GET', 'session');
  if (openId === null) return;
  by('open-id').textContent = openId.label;
  by('open-id').href = openId.start;
  by('other').hidden = false;
}
async function welcome() {
  const token = location.hash.slice(1);
  // It stays neither in the address nor in the history.
  history.replaceState(null, '', location.pathname);
  if (token === '') return say('This page needs the whole link, with what stands behind the #.', true);
  const { purpose, colleague, needsPassword, colleagues } = await ask('POST', 'links', { token });
  if (!needsPassword) {
    await ask('POST', 'links/use', { token });
    return location.replace('/');
  }
  const founder = purpose === 'first-administrator';
  say(founder ? 'You are the first administrator. Say who you are, and choose a password.' : (colleague.name || colleague.id) + ', choose a password. Your id is ' + colleague.id + '.');
  by('founder').hidden = !founder;
  by('id').required = founder;
  by('username').value = founder ? '' : colleague.id;
  const known = new Set(colleagues.map(({ id }) => id));
  for (const { id, name } of colleagues) by('colleagues').append(new Option(name || id, id));
  const isNew = () => founder && !known.has(by('id').value.trim());
  const look = () => { by('new').hidden = !isNew(); by('name').required = isNew(); };
  by('id').addEventListener('input', look);
  look();
  onSend(by('welcome'), async () => {
    if (by('password').value !== by('again').value) throw new Error('The two passwords are not the same.');
    const who = founder ? { id: by('id').value.trim(), ...(isNew() && { name: by('name').value, department: by('department').value }) } : {};
    await ask('POST', 'links/use', { token, password: by('password').value, ...who });
  });
  by('welcome').hidden = false;
  by(founder ? 'id' : 'password').focus();
}
(by('welcome') === null ? signIn() : welcome()).catch((error) => say(error.message, true));
`;

/** The files by their path. */
export const PAGES: Readonly<Record<string, File>> = {
  '/sign-in': { type: 'text/html; charset=utf-8', body: SIGN_IN },
  '/welcome': { type: 'text/html; charset=utf-8', body: WELCOME },
  '/sign-in.css': { type: 'text/css; charset=utf-8', body: STYLE },
  '/sign-in.js': { type: 'text/javascript; charset=utf-8', body: SCRIPT },
};
