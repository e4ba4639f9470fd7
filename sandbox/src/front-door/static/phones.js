'use strict';
(() => {
  const { t, call } = Page;
  const byId = (id) => document.getElementById(id);
  const list = document.querySelector('.messages');
  const problem = byId('problem');
  let number = '13800001234';

  async function show() {
    const { messages } = await call('/sandbox/api/phones/inbox', { number });
    byId('number').textContent = `${number.slice(0, 3)} ${number.slice(3, 7)} ${number.slice(7)}`;
    byId('empty').hidden = messages.length > 0;
    if (list.children.length !== messages.length || list.dataset.number !== number) Page.showMessages(list, messages);
    list.dataset.number = number;
  }

  byId('which').addEventListener('submit', (event) => {
    event.preventDefault();
    const asked = event.target.elements.number.value.replaceAll(' ', '');
    problem.hidden = /^1\d{10}$/.test(asked);
    problem.textContent = t('p_bad');
    if (!problem.hidden) return;
    number = asked;
    void show();
  });
  byId('write').addEventListener('submit', async (event) => {
    event.preventDefault();
    const field = event.target.elements.text;
    const text = field.value.trim();
    if (text === '') return;
    problem.hidden = true;
    try {
      await call('/sandbox/api/phones/send', { number, text });
      field.value = '';
      await show();
    } catch (error) {
      problem.textContent = `${t('failed_to_send')} ${error.message}`;
      problem.hidden = false;
    }
  });
  show().catch(() => {});
  setInterval(() => show().catch(() => {}), 1_500);
})();
