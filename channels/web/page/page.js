/* The chat page: gets a token, keeps the conversation over reloads, shows Web Chat in zh or en. */
(function () {
  'use strict';

  var words = JSON.parse(document.getElementById('words').textContent);
  var chat = document.getElementById('chat');
  var notice = document.getElementById('notice');
  var newChat = document.getElementById('new-chat');
  var language = document.getElementById('language');
  var nonce = document.currentScript.nonce;
  var lang = chosenLang();
  var session;
  var connection;
  var store;

  function keep(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // Storage may be off: the conversation then ends with the page.
    }
  }

  function kept(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  function chosenLang() {
    var asked =
      new URLSearchParams(location.search).get('lang') || kept('yingda.lang') || navigator.language;
    return /^zh/i.test(asked || '') ? 'zh' : 'en';
  }

  function wait(ms) {
    return new Promise(function (resolve) {
      setTimeout(resolve, ms);
    });
  }

  function call(path, init) {
    return fetch(path, init).then(function (response) {
      if (!response.ok) throw new Error(path + ' answered ' + response.status);
      return response.json();
    });
  }

  /** Gets a token, for the conversation this browser had if it had one. Tries until it has it. */
  async function getToken() {
    for (var pause = 1000; ; pause = Math.min(pause * 2, 30000)) {
      try {
        var got = await call('/channels/web/token', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ resume: kept('yingda.resume') || undefined }),
        });
        keep('yingda.resume', got.resume);
        notice.hidden = true;
        return got;
      } catch (error) {
        console.warn('no token yet', error);
        notice.textContent = words[lang].lost;
        notice.hidden = false;
        await wait(pause);
      }
    }
  }

  /** A token that ran out while the computer slept is changed for a new one, in the same conversation. */
  async function renew() {
    var fresh = await getToken();
    if (fresh.conversationId !== session.conversationId) return location.reload();
    session = fresh;
    var place = '/v3/directline/conversations/' + fresh.conversationId;
    var opened = await call(place + '?watermark=' + (connection.watermark || ''), {
      headers: { Authorization: 'Bearer ' + fresh.token },
    });
    connection.reconnect(opened);
  }

  function createStore() {
    return window.WebChat.createStore({}, function (api) {
      return function (next) {
        return function (action) {
          if (action.type === 'DIRECT_LINE/CONNECT_FULFILLED' && !session.resumed) {
            api.dispatch({
              type: 'WEB_CHAT/SEND_EVENT',
              payload: { name: 'webchat/join', value: { language: lang } },
            });
          }
          return next(action);
        };
      };
    });
  }

  async function start() {
    session = await getToken();
    connection = window.WebChat.createDirectLine({
      domain: location.origin + '/v3/directline',
      token: session.token,
      conversationId: session.resumed ? session.conversationId : undefined,
    });
    var renewing = false;
    connection.connectionStatus$.subscribe(function (status) {
      // 3: the token has expired; 4: no connection after many tries.
      if ((status !== 3 && status !== 4) || renewing) return;
      renewing = true;
      (status === 4 ? wait(5000).then(start) : renew())
        .catch(function (error) {
          console.warn('no connection yet', error);
        })
        .then(function () {
          renewing = false;
        });
    });
    store = createStore();
    show();
  }

  function show() {
    var mine = words[lang];
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
    document.title = mine.title;
    document.getElementById('title').textContent = mine.title;
    newChat.textContent = mine['new-chat'];
    language.textContent = mine.language;
    language.lang = lang === 'zh' ? 'en' : 'zh-CN';
    if (!connection) return;
    window.WebChat.renderWebChat(
      {
        directLine: connection,
        store: store,
        userID: session.userId,
        locale: lang === 'zh' ? 'zh-HANS' : 'en-US',
        nonce: nonce,
        overrideLocalizedStrings: { TEXT_INPUT_PLACEHOLDER: mine.placeholder },
        styleOptions: {
          accent: '#0b6a5d',
          botAvatarInitials: mine['bot-name'].slice(0, 1),
          botAvatarBackgroundColor: '#0b6a5d',
          bubbleBackground: '#f1f5f4',
          bubbleBorderColor: '#f1f5f4',
          bubbleBorderRadius: 12,
          bubbleFromUserBackground: '#cfe8e2',
          bubbleFromUserBorderColor: '#cfe8e2',
          bubbleFromUserBorderRadius: 12,
          bubbleFromUserTextColor: '#1c2321',
          hideUploadButton: false,
          // A file that waits to be sent shows as a dot, which nobody sees: send it when it is chosen.
          sendAttachmentOn: 'attach',
          uploadMultiple: true,
          maxMessageLength: 2000,
          primaryFont: getComputedStyle(document.body).fontFamily,
          suggestedActionLayout: 'flow',
          suggestedActionBorderRadius: 18,
          suggestedActionHeight: 40,
        },
      },
      chat,
    );
    chat.setAttribute('aria-busy', 'false');
  }

  language.addEventListener('click', function () {
    lang = lang === 'zh' ? 'en' : 'zh';
    keep('yingda.lang', lang);
    var url = new URL(location.href);
    url.searchParams.delete('lang');
    history.replaceState(null, '', url);
    show();
  });

  newChat.addEventListener('click', function () {
    if (!window.confirm(words[lang]['new-chat-sure'])) return;
    keep('yingda.resume', null);
    location.reload();
  });

  show();
  start().then(function () {
    var box = chat.querySelector('[data-id="webchat-sendbox-input"]');
    if (box && matchMedia('(pointer: fine)').matches) box.focus();
  });
})();
