import { Button, Space, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Operator } from './api';

interface Props {
  /** Who has had a hand in it and so cannot decide it. */
  by: readonly string[];
  operator: Operator;
  busy: boolean;
  decide(decision: 'approve' | 'reject'): void;
  roles?: readonly string[];
  /** Another reason why it cannot be approved yet. */
  notYet?: string;
}

/** The second person's two buttons; one that is off says why, to eyes and to screen readers. */
export function Verdict({ by, operator, busy, decide, roles = ['finance_checker'], notYet = '' }: Props) {
  const { t } = useTranslation();
  const allowed = operator.roles.some((role) => roles.includes(role));
  const why = by.includes(operator.username) ? t('c.ownProposal') : allowed ? '' : t('c.needChecker');
  return (
    <Space size="small">
      <Why text={why || notYet}>
        <Button
          size="small"
          type="primary"
          disabled={(why || notYet) !== ''}
          loading={busy}
          onClick={() => decide('approve')}
        >
          {t('c.approve')}
        </Button>
      </Why>
      <Why text={why}>
        <Button size="small" disabled={why !== ''} loading={busy} onClick={() => decide('reject')}>
          {t('c.reject')}
        </Button>
      </Why>
    </Space>
  );
}

/** Around a button: why it is off. */
export function Why({ text, children }: { text: string; children: React.ReactNode }) {
  if (text === '') return <>{children}</>;
  return (
    <Tooltip title={text}>
      <span>
        {children}
        <span className="unseen">{text}</span>
      </span>
    </Tooltip>
  );
}

/** Empty when this person prepares finance; else the reason. */
export function useMaker(operator: Operator, roles: readonly string[] = ['finance_maker']): string {
  const { t } = useTranslation();
  return operator.roles.some((role) => roles.includes(role)) ? '' : t('c.needMaker');
}
