'use strict';
(() => {
  const { t, call, make, clock } = Page;
  const byId = (id) => document.getElementById(id);
  const numbers = { zhang: '13800001234', mother: '13900000000' };
  const problem = byId('problem');

  function complain(key, error) {
    problem.textContent = error ? `${t(key)} ${error.message}` : t(key);
    problem.hidden = false;
  }

  // Phones -----------------------------------------------------------------------------------------------------------
  function listOf(name) {
    return document.querySelector(`#phone-${name} .messages`);
  }

  async function loadPhones() {
    const story = await call('/sandbox/api/story');
    for (const name of Object.keys(numbers)) Page.showMessages(listOf(name), story[name]);
    return story;
  }

  function ring(message) {
    const name = Object.keys(numbers).find((each) => numbers[each] === message.number);
    const list = listOf(name);
    if ([...list.children].some((item) => item.dataset.id === message.id)) return;
    list.append(Page.bubble(message));
    list.scrollTop = list.scrollHeight;
    if (message.way === 'in') shake(name);
    watch();
  }

  function shake(name) {
    const phone = byId(`phone-${name}`);
    phone.classList.remove('ringing');
    void phone.offsetWidth; // restarts the animation
    phone.classList.add('ringing');
  }

  function listen() {
    const stream = new EventSource('/sandbox/api/story/stream');
    stream.addEventListener('message', (event) => ring(JSON.parse(event.data)));
    stream.addEventListener('open', () => loadPhones().catch(() => {}));
  }

  /** The same text twice within two minutes is taken for a repeat, rightly; so the next one names another sum. */
  function nextText(text) {
    const sums = [50, 30, 40, 60, 35, 25, 45];
    const sum = Number(/充(\d+)$/.exec(text)?.[1]);
    return sums.includes(sum) ? `给妈妈充${sums[(sums.indexOf(sum) + 1) % sums.length]}` : text;
  }

  function armSending(name) {
    const form = document.querySelector(`#phone-${name} form`);
    const button = form.querySelector('button');
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const text = form.elements.text.value.trim();
      if (text === '') return;
      problem.hidden = true;
      button.disabled = true;
      button.textContent = t('sending');
      try {
        await call('/sandbox/api/story/send', { from: name, text });
        if (name === 'mother') form.elements.text.value = '';
        else form.elements.text.value = nextText(text);
        if (name === 'zhang') press('succeed');
      } catch (error) {
        complain('failed_to_send', error);
      }
      button.disabled = false;
      button.textContent = t('send');
      watch();
    });
  }

  // What the bank does next ------------------------------------------------------------------------------------------
  function press(behaviour) {
    for (const button of byId('switches').querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button.dataset.behaviour === behaviour));
    }
  }

  byId('switches').addEventListener('click', async (event) => {
    const behaviour = event.target.dataset?.behaviour;
    if (!behaviour) return;
    try {
      await call('/sandbox/api/story/next_answer', { behaviour });
      press(behaviour);
    } catch (error) {
      complain('failed', error);
    }
  });

  // Time line --------------------------------------------------------------------------------------------------------
  const LOOKS = {
    done: ['succeeded', 'completed', 'credited'],
    unknown: ['unknown'],
    failed: ['declined', 'rejected', 'failed'],
    waiting: ['paid', 'requested'],
    ended: ['closed', 'reversed', 'refunded', 'not_found', 'voided'],
    in: ['in'],
    out: ['out'],
  };
  const SIGNS = { done: '✔', working: '◔', unknown: '?', failed: '✕', ended: '–', in: '←', out: '→' };

  function lookOf(state) {
    return Object.keys(LOOKS).find((look) => LOOKS[look].includes(state)) ?? 'working';
  }

  function word(prefix, name) {
    const key = `${prefix}_${name}`;
    const text = t(key);
    return text === key ? name : text;
  }

  function tag(state) {
    const look = lookOf(state);
    const sign = look === 'waiting' ? make('img', { src: '/hourglass.svg', alt: '' }) : SIGNS[look];
    return make('span', { class: `state ${look}` }, sign, ` ${word('s', state)}`);
  }

  /** By what the platform knows it: its first word is translated, order numbers and causes stay as they are. */
  function evidence(step) {
    if (step.where !== 'gateway' && step.where !== 'billing') return step.what;
    const [, first = '', rest = ''] = /^([a-z]+)(.*)$/.exec(step.what) ?? [];
    return first === '' ? step.what : word('e', first) + rest;
  }

  function stepItem(step) {
    const amount = step.amount === null ? '' : `${Page.yuan(step.amount)} · `;
    const what = make('span', { class: 'what' }, amount + evidence(step));
    return make(
      'li',
      {},
      make('time', {}, clock(step.at)),
      make('b', {}, word('w', step.where)),
      what,
      tag(step.state),
    );
  }

  let watchUntil = 0;
  let watching = false;
  function watch() {
    watchUntil = Date.now() + 120_000;
    if (!watching) void follow();
  }

  async function follow() {
    watching = true;
    for (let wait = 500; Date.now() < watchUntil; wait = Math.min(wait + 250, 3_000)) {
      const shown = byId('timeline').children.length;
      await showTimeline().catch(() => {});
      if (byId('timeline').children.length !== shown) wait = 500;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    watching = false;
  }

  async function showTimeline() {
    const { steps } = await call('/sandbox/api/story/timeline');
    byId('timeline-empty').hidden = steps.length > 0;
    byId('timeline').replaceChildren(...steps.map(stepItem));
  }

  // Demo day and nights ----------------------------------------------------------------------------------------------
  const RUNNING = ['people', 'payments', 'maintenance', 'cut', 'night', 'check'];

  function tick(holds) {
    return holds ? '✔' : '✕';
  }

  function resultLines(result) {
    const breaks = ['injected', 'found', 'false'].map((name) => `${t(`r_${name}`)} ${result[name]}`).join(' · ');
    return [
      ...(result.payments > 0 ? [`${t('r_payments')} ${result.payments}`] : []),
      `${t('r_breaks')}: ${breaks} · ${t('r_rule')} ${result.settledByRule} · ${t('r_waiting')} ${result.waiting}`,
      `${t('r_ledger')} ${tick(result.ledgerZero)} · ${t('r_residual')} ${tick(result.residualZero)} · ${t('r_branches')} ${result.branchesOk}/${result.branches} ${tick(result.branchesOk === result.branches)}`,
      `${t('r_files')}: ${result.files.map((name) => `out/${name}`).join('  ')}`,
      ...result.problems.slice(0, 10).map((line) => `✕ ${line}`),
    ];
  }

  function showDemo(view) {
    const running = RUNNING.includes(view.phase);
    byId('demo').hidden = view.phase === 'idle';
    byId('night').disabled = running;
    byId('demo-title').textContent = `${t(view.total > 0 || view.result?.payments ? 'day' : 'night_of')} ${view.date}`;
    const count = view.phase === 'people' || view.phase === 'payments' ? ` ${view.done} / ${view.total}` : '';
    byId('demo-now').textContent = `${t(`phase_${view.phase}`)}${count}${view.error ? `: ${view.error}` : ''}`;
    const lines = view.result ? resultLines(view.result) : [];
    byId('demo-result').replaceChildren(...lines.map((line) => make('li', {}, line)));
    const notes = view.notes.slice(-8).map((note) => `${note.at}  ${Page.language === 'en' ? note.en : note.zh}`);
    byId('demo-notes').replaceChildren(...notes.map((line) => make('li', {}, line)));
    return running;
  }

  async function followDemo() {
    while (showDemo(await call('/sandbox/api/demo/progress')))
      await new Promise((resolve) => setTimeout(resolve, 1_000));
  }

  byId('night').addEventListener('click', async () => {
    try {
      showDemo(await call('/sandbox/api/demo/night', {}));
      byId('demo').scrollIntoView({ block: 'nearest' });
      await followDemo();
    } catch (error) {
      complain('failed', error);
    }
  });

  // Logins -----------------------------------------------------------------------------------------------------------
  async function showPeople() {
    const { operators, partnerKey } = await call('/sandbox/api/people');
    const row = (...cells) => make('tr', {}, ...cells.map((cell) => make('td', {}, cell)));
    const people = operators.map((o) => row(t(`who_${o.username}`), o.username, o.password, o.totpSecret));
    byId('people').replaceChildren(...people, row(t('partner_key'), partnerKey, '.data/demo/keys/', '–'));
  }

  Object.keys(numbers).forEach(armSending);
  listen();
  showPeople().catch((error) => complain('failed', error));
  followDemo().catch(() => {});
  showTimeline().catch(() => {});
})();
