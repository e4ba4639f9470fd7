import { Button, Popconfirm, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { figure } from '../../../kit/money';
import { useAct } from '../act';
import type { Operator } from '../api';
import { useMaker, Why } from '../verdict';
import { settle, type Treasury } from './settle-api';

interface Props {
  terms: Treasury['providers'][number];
  date: string;
  operator: Operator;
}

/** What pays a provider's dates without our bank, where its contract knows it: prefund and set-off. */
export function ContractMoves({ terms: { provider, arrives, set_off: setOff }, date, operator }: Props) {
  const { t } = useTranslation();
  const maker = useMaker(operator);
  /** One set-off however often the button is pressed; the next has a reference of its own. */
  const [reference, setReference] = useState(() => crypto.randomUUID());
  const renew = ['provider-payouts'];
  const prefund = useAct(() => settle.applyPrefund(provider), {
    renew,
    said: ({ applied, left }) => t('c.prefundDone', { count: applied.length, left: figure(left) }),
  });
  const off = useAct(() => settle.setOff(reference, provider, date), {
    renew,
    said: ({ amount }) => t('c.setOffDone', { amount: figure(amount) }),
    then: () => setReference(crypto.randomUUID()),
  });
  const whyPrefund = maker || (arrives === 'prefund' ? '' : t('c.noPrefund'));
  const whySetOff = maker || (setOff ? '' : t('c.noSetOff'));
  return (
    <Space>
      <Why text={whyPrefund}>
        <Button disabled={whyPrefund !== ''} loading={prefund.isPending} onClick={() => prefund.mutate()}>
          {t('c.prefund')}
        </Button>
      </Why>
      <Why text={whySetOff}>
        <Popconfirm
          title={t('c.setOffAsk', { provider, date })}
          onConfirm={() => off.mutate()}
          disabled={whySetOff !== ''}
        >
          <Button disabled={whySetOff !== ''} loading={off.isPending}>
            {t('c.setOff')}
          </Button>
        </Popconfirm>
      </Why>
    </Space>
  );
}
