import { useQuery } from '@tanstack/react-query';
import { Button, Popconfirm, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { date as dateOf } from '../../../kit/dates';
import { serviceWords } from '../../../kit/service-words';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import type { Operator } from '../api';
import { Trouble } from '../trouble';
import { useMaker, Why } from '../verdict';
import { Figures } from './figures';
import { InvoiceButton } from './invoice';
import { MONTHS, Steps } from './months';
import { settle, type Month } from './settle-api';
import { TrialBalanceTable } from './trial-balance';

/** One month: its steps and what each has booked, closed by one person, signed off by another. */
export function MonthPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const { month = '' } = useParams();
  const shown = useQuery({ queryKey: ['month', month], queryFn: () => settle.month(month) });
  if (shown.error) return <Trouble error={shown.error} />;
  if (!shown.data) return null;
  const { state, steps, figures, digest } = shown.data;
  const blocked = steps.filter((step) => step.state === 'blocked');
  return (
    <>
      <h1>
        {month} <StateTag look={MONTHS[state]}>{t(`c.monthState.${state}`)}</StateTag>
      </h1>
      <Steps steps={steps} />
      {steps
        .filter(({ detail }) => detail !== '')
        .map((step) => (
          <p key={step.no} className={step.state === 'blocked' ? '' : 'muted'}>
            {step.no} · {serviceWords(step.detail, t)}
          </p>
        ))}
      <Acts month={shown.data} operator={operator} blocked={blocked.length > 0} />
      <h2>{t('c.figures')}</h2>
      <Figures figures={figures} steps={steps} />
      <h2>{t('c.trialBalance')}</h2>
      <TrialBalanceTable month={month} state={state} />
      {digest ? (
        <p className="muted">
          {t('c.digest')} <span className="raw">{digest}</span>
        </p>
      ) : null}
    </>
  );
}

function Acts({ month, operator, blocked }: { month: Month; operator: Operator; blocked: boolean }) {
  const { t } = useTranslation();
  const [missing, setMissing] = useState<string[]>([]);
  const maker = useMaker(operator);
  const renew = ['month', 'months', 'trial-balance'];
  const close = useAct(() => settle.closeMonth(month.month, missing), {
    renew,
    said: ({ state }) => t('c.closedAs', { state: t(`c.monthState.${state}`) }),
  });
  const sign = useAct(() => settle.signOffMonth(month.month), {
    renew,
    said: () => t('c.signedNow', { date: month.month }),
  });
  const done = month.state === 'signed_off' ? t('c.alreadySigned', { who: month.signed_by }) : '';
  const early = month.month >= dateOf(new Date().toISOString()).slice(0, 7) ? t('c.monthNotOver') : '';
  const whyClose = done || maker || early;
  const checker = operator.roles.includes('finance_checker') ? '' : t('c.needChecker2');
  const own = month.proposed_by === operator.username ? t('c.ownClose') : '';
  const whySign = done || checker || own || (month.state === 'closed' ? '' : t('c.notClosedYet'));
  return (
    <Space wrap className="gap">
      <Select
        mode="tags"
        aria-label={t('c.missing')}
        placeholder={t('c.missing')}
        style={{ minWidth: 240 }}
        disabled={whyClose !== ''}
        value={missing}
        onChange={setMissing}
      />
      <Why text={whyClose}>
        <Button
          type={blocked ? 'default' : 'primary'}
          disabled={whyClose !== ''}
          loading={close.isPending}
          onClick={() => close.mutate()}
        >
          {month.state === 'open' ? t('c.closeMonth') : t('c.closeOn')}
        </Button>
      </Why>
      <InvoiceButton month={month.month} off={done || maker} />
      <Why text={whySign}>
        <Popconfirm
          title={t('c.signMonthAsk', { month: month.month })}
          onConfirm={() => sign.mutate()}
          disabled={whySign !== ''}
        >
          <Button type="primary" disabled={whySign !== ''} loading={sign.isPending}>
            {t('c.signMonth')}
          </Button>
        </Popconfirm>
      </Why>
      {[...new Set([whyClose, whySign])].map((why) =>
        why ? (
          <span key={why} className="muted">
            {why}
          </span>
        ) : null,
      )}
    </Space>
  );
}
