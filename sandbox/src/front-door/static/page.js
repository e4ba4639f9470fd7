'use strict';
/** What all pages of the sandbox share: language, calls, small builders. Content is always set as text. */
const Page = (() => {
  const wished = localStorage.getItem('language');
  const language = wished ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en');
  const texts = window.TEXTS[language];

  function t(key) {
    return texts[key] ?? key;
  }

  function translate() {
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
    const button = document.getElementById('language');
    if (!button) return;
    button.textContent = t('other');
    button.addEventListener('click', () => {
      localStorage.setItem('language', language === 'en' ? 'zh-CN' : 'en');
      location.reload();
    });
  }

  async function call(path, body, method = body === undefined ? 'GET' : 'POST') {
    const init = { method };
    if (body !== undefined)
      Object.assign(init, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const answer = await fetch(path, init);
    const content = await answer.json();
    if (!answer.ok) throw new Error(content.message ?? content.code ?? String(answer.status));
    return content;
  }

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function clock(at) {
    return new Date(at).toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai' });
  }

  /** Whole fen, as a number or as digits, to yuan; no arithmetic on fractions. */
  function yuan(fen) {
    const digits = String(fen).replace('-', '').padStart(3, '0');
    return `${String(fen).startsWith('-') ? '−' : ''}¥${digits.slice(0, -2)}.${digits.slice(-2)}`;
  }

  function bubble(message) {
    const time = make('time', {}, clock(message.at));
    return make('li', { class: `bubble ${message.way}`, 'data-id': message.id }, make('span', {}, message.text), time);
  }

  function showMessages(list, messages) {
    list.replaceChildren(...messages.map(bubble));
    list.scrollTop = list.scrollHeight;
  }

  translate();
  return { language, t, call, make, clock, yuan, bubble, showMessages };
})();
