const WORDS = {
  zh: {
    document: '手机',
    language: 'English',
    placeholder: '输入消息',
    send: '发送',
    picture: '发送图片',
    user: '顾客（任意名字）',
    open: '打开',
    refused: '被平台拒绝的调用',
    none: '没有。',
    lost: '模拟器没有回应，正在重试……',
    failed: '没有发出：',
    sending: '发送中……',
    sent: '',
    'gave-up': '平台没有得到确认，已放弃',
    passive: '被动回复',
    active: '接口发送',
    image: '图片',
    stream: '对话',
  },
  en: {
    document: 'Phone',
    language: '中文',
    placeholder: 'Message',
    send: 'Send',
    picture: 'Send a picture',
    user: 'Customer (any name)',
    open: 'Open',
    refused: 'Calls that the provider refused',
    none: 'None.',
    lost: 'The simulator does not answer; trying again…',
    failed: 'Not sent: ',
    sending: 'sending…',
    sent: '',
    'gave-up': 'not acknowledged; the provider gave up',
    passive: 'in the response',
    active: 'by an API call',
    image: 'Picture',
    stream: 'Conversation',
  },
};
const POLL_MS = 500;

const at = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
let lang = (asked.get('lang') ?? navigator.language).toLowerCase().startsWith('zh') ? 'zh' : 'en';
let user = asked.get('user') ?? 'customer-1';
let state;
let known = [];
let nodes = new Map();
let round = 0;

const word = (name) => WORDS[lang][name];

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function image(source) {
  const made = element('img');
  made.src = source;
  made.alt = word('image');
  return made;
}

function bubbleNode(bubble) {
  const side = bubble.kind === 'notice' ? 'notice' : `them ${bubble.kind}`;
  const node = element('div', `bubble ${side}`);
  if (bubble.text !== '') node.append(element('div', '', bubble.text));
  if (bubble.picture) node.append(image(bubble.picture));
  for (const item of bubble.items) {
    const button = element('button', 'item', item.title);
    button.type = 'button';
    button.addEventListener('click', () => act({ kind: 'tap', id: item.id }));
    node.append(button);
  }
  if (bubble.kind !== 'notice') node.append(element('small', '', word(bubble.by)));
  return node;
}

function saidNode(said) {
  const node = element('div', `bubble me ${said.outcome}`);
  if (said.picture) node.append(image(said.picture));
  if (said.text !== '') node.append(element('div', '', said.text));
  if (word(said.outcome) !== '') node.append(element('small', '', word(said.outcome)));
  return node;
}

/** The customer's own lines and what arrived, in the order in which they came about. */
function wanted() {
  const all = [];
  const said = [...state.said];
  known.forEach((bubble, index) => {
    while (said[0]?.after <= index) all.push(keyed(`me ${said[0].id}`, said.shift(), saidNode));
    all.push(keyed(`them ${bubble.id}`, bubble, bubbleNode));
  });
  for (const rest of said) all.push(keyed(`me ${rest.id}`, rest, saidNode));
  return all;
}

function keyed(name, value, make) {
  const key = `${name} ${value.outcome ?? ''}`;
  const node = nodes.get(key) ?? make(value);
  nodes.set(key, node);
  return node;
}

function showStream() {
  const stream = at('stream');
  const all = wanted();
  const low =
    stream.children.length === 0 ||
    stream.scrollHeight - stream.scrollTop - stream.clientHeight < 120;
  const fresh = all.length > 0 && stream.lastElementChild !== all.at(-1);
  all.forEach((node, index) => {
    if (stream.children[index] !== node) stream.insertBefore(node, stream.children[index] ?? null);
  });
  while (stream.children.length > all.length) stream.lastElementChild.remove();
  if (fresh && low) stream.scrollTop = stream.scrollHeight;
}

/** Replaces the children only where they would differ, so that focus stays. */
function fill(parent, made) {
  const text = (list) => [...list].map((n) => n.outerHTML).join('');
  if (text(parent.children) !== text(made)) parent.replaceChildren(...made);
}

function show() {
  at('title').textContent = `${state.title[lang]} · ${user}`;
  const actions = state.actions.map(({ label }) => element('button', '', label[lang]));
  for (const button of actions) button.type = 'button';
  // Rows of actions change the stream's height: first these.
  fill(at('actions'), actions);
  showStream();
  fill(
    at('facts'),
    state.facts.flatMap((f) => [element('dt', '', f.label[lang]), element('dd', '', f.value)]),
  );
  const refused = [...state.refused].reverse();
  fill(
    at('refused'),
    refused.map((r) => element('li', '', `${r.call}: ${r.code} ${r.why}`)),
  );
  at('none').hidden = refused.length > 0;
}

function showWords() {
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
  document.title = word('document');
  at('language').textContent = word('language');
  at('text').placeholder = word('placeholder');
  at('text').setAttribute('aria-label', word('placeholder'));
  at('send').textContent = word('send');
  at('picture').setAttribute('aria-label', word('picture'));
  at('who').querySelector('label').textContent = word('user');
  at('who').querySelector('button').textContent = word('open');
  at('refused-title').textContent = word('refused');
  at('none').textContent = word('none');
  at('stream').setAttribute('aria-label', word('stream'));
}

const path = () => `/phone/${encodeURIComponent(user)}`;

async function poll() {
  const mine = (round += 1);
  try {
    const answer = await fetch(`${path()}?since=${known.length}`);
    const got = await answer.json();
    if (mine !== round) return;
    if (got.total < known.length) {
      restart();
      return await poll();
    }
    state = got;
    known.push(...got.bubbles);
    at('lost').hidden = true;
    show();
  } catch {
    complain(word('lost'));
  }
}

function restart() {
  known = [];
  nodes = new Map();
  at('stream').replaceChildren();
}

function complain(text) {
  at('lost').textContent = text;
  at('lost').hidden = false;
}

async function act(gesture) {
  const headers = { 'Content-Type': 'application/json' };
  const sent = fetch(path(), { method: 'POST', headers, body: JSON.stringify(gesture) });
  setTimeout(poll, 30);
  try {
    const answer = await sent;
    const got = await answer.json();
    await poll();
    if (got.error) complain(word('failed') + got.error);
  } catch {
    complain(word('lost'));
  }
}

at('compose').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = at('text').value;
  if (text === '') return;
  at('text').value = '';
  act({ kind: 'text', text });
});
at('picture').addEventListener('change', async () => {
  const [file] = at('picture').files;
  if (!file) return;
  const bytes = new Uint8Array(await file.arrayBuffer());
  at('picture').value = '';
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  act({ kind: 'image', name: file.name, bytes: btoa(binary) });
});
at('actions').addEventListener('click', (event) => {
  const button = event.target.closest('button');
  const action = button && state.actions[[...at('actions').children].indexOf(button)];
  if (action) act(action.gesture);
});
at('who').addEventListener('submit', (event) => {
  event.preventDefault();
  user = at('user').value.trim();
  history.replaceState(null, '', `?user=${encodeURIComponent(user)}`);
  restart();
  poll();
});
at('language').addEventListener('click', () => {
  lang = lang === 'zh' ? 'en' : 'zh';
  nodes = new Map();
  showWords();
  if (state) show();
});

at('user').value = user;
showWords();
await poll();
setInterval(poll, POLL_MS);
