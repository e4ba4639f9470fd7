'use strict';
(() => {
  const { t, call, make, clock, yuan, language } = Page;
  const names = window.BEHAVIOURS[language];
  const byId = (id) => document.getElementById(id);
  const form = byId('wish');
  const BY_FEN = [
    'declined_funds',
    'declined_limit',
    'no_answer_done',
    'no_answer_not_done',
    'callback_twice',
    'late',
    'wrong_echo',
    'forged_callback',
    'pending_20s',
  ];

  function faultItem(rule) {
    const amount = rule.amount ? ` · ${yuan(rule.amount)}` : '';
    const drop = make('button', { type: 'button', class: 'quiet' }, t('f_drop'));
    drop.addEventListener('click', async () => {
      await call(`/sandbox/api/bank/faults/${encodeURIComponent(rule.id)}`, undefined, 'DELETE');
      await show();
    });
    return make('li', {}, `${names[rule.behaviour]}${amount} × ${rule.times} `, drop);
  }

  function orderRow(order) {
    const amount = make('td', { class: 'amount' }, yuan(order.amount));
    const state = make('td', {}, t(`s_${order.status}`));
    const cells = [
      make('td', {}, clock(order.at)),
      make('td', {}, order.attemptNo),
      amount,
      state,
      make('td', {}, names[order.behaviour]),
    ];
    return make('tr', {}, ...cells);
  }

  async function show() {
    const bank = await call('/sandbox/api/bank');
    byId('date').textContent = `${t('f_date')} ${bank.date}`;
    byId('no-faults').hidden = bank.faults.length > 0;
    byId('faults').replaceChildren(...bank.faults.map(faultItem));
    byId('orders').replaceChildren(...bank.orders.map(orderRow));
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const { behaviour, times, amount } = form.elements;
    const [whole = '', fraction = '00'] = amount.value.trim().split('.');
    const wish = { behaviour: behaviour.value, times: times.valueAsNumber };
    if (whole !== '') wish.amount = `${whole}${fraction}`.replace(/^0+(?=\d)/, '');
    byId('problem').hidden = true;
    try {
      await call('/sandbox/api/bank/faults', wish);
      await show();
    } catch (error) {
      byId('problem').textContent = `${t('failed')} ${error.message}`;
      byId('problem').hidden = false;
    }
  });

  form.elements.behaviour.append(
    ...Object.entries(names).map(([name, label]) => make('option', { value: name }, label)),
  );
  byId('fen').append(
    ...BY_FEN.map((name, i) => make('tr', {}, make('td', {}, `….0${i + 1}`), make('td', {}, names[name]))),
  );
  show().catch(() => {});
  setInterval(() => show().catch(() => {}), 2_000);
})();
