import { Button, Drawer, Space, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../kit/dates';
import { inFours } from '../../kit/masks';
import { figure } from '../../kit/money';
import { look } from '../../kit/state';
import { StateTag } from '../../kit/state-tag';
import type { Break, Operator } from './api';
import { DecideButtons } from './decide-buttons';
import { useNames } from './names';

interface Props {
  row: Break | null;
  operator: Operator;
  onClose(): void;
  onPropose(row: Break): void;
}

/** Decide one: three columns P, G, B with what differs marked, the raw line, proposal and resolution. */
export function BreakPanel({ row, operator, onClose, onPropose }: Props) {
  const { t } = useTranslation();
  const { branch, provider } = useNames();
  const maker = operator.roles.includes('finance_maker');
  return (
    <Drawer
      open={row !== null}
      onClose={onClose}
      size={560}
      title={row ? `${t(`class.${row.class}`)} · ${figure(row.at_stake)} ${t('c.unit')}` : ''}
    >
      {row ? (
        <Space orientation="vertical" style={{ width: '100%' }} size="middle">
          <StateTag look={look('break', row.state)}>{t(`c.bs.${row.state}`)}</StateTag>
          <div className="sides">
            <Side
              title={t('c.p')}
              amount={row.p_amount}
              state={row.p_state}
              missing={t('c.missing.p')}
              differs={differs(row, row.p_amount)}
            />
            <Side
              title={t('c.g')}
              amount={row.g_amount}
              state={row.g_state}
              missing={t('c.missing.g')}
              differs={differs(row, row.g_amount)}
            />
            <Side
              title={t('c.b')}
              amount={row.b_amount}
              state={row.b_state}
              missing={t('c.missing.b')}
              differs={differs(row, row.b_amount)}
            />
          </div>
          <p>
            {row.payment_no === '' ? row.provider_txn_id : `${t('c.payment')} ${inFours(row.payment_no)}`} ·{' '}
            {provider(row.provider)} {row.date}
            {row.branch === '' ? '' : ` · ${t('c.branch')} ${branch(row.branch)}`}
          </p>
          {row.raw ? (
            <div>
              <p className="muted">
                {t('c.raw')} {row.statement_line === null ? '' : `#${row.statement_line}`}
              </p>
              <p className="raw">{row.raw}</p>
            </div>
          ) : null}
          <p>
            {t('c.suggested')}: <strong>{t(`action.${row.suggested}`)}</strong>
          </p>
          {row.proposal ? (
            <p>
              {t('c.proposedBy', {
                who: row.proposal.proposed_by,
                at: dateTime(row.proposal.proposed_at),
                action: t(`action.${row.proposal.action}`),
                reason: row.proposal.reason,
              })}
              {row.proposal.evidence === '' ? '' : ` ${t('c.evidence')}: ${row.proposal.evidence}`}
              {row.proposal.to ? ` → ${branch(row.proposal.to.branch)} ${row.proposal.to.subscriber_id}` : ''}
            </p>
          ) : null}
          {row.resolution ? (
            <p>
              {t('c.resolvedBy', {
                who: row.resolution.by,
                at: dateTime(row.resolution.at),
                action: t(`action.${row.resolution.action}`),
              })}{' '}
              {row.resolution.detail}
            </p>
          ) : null}
          {row.state === 'open' ? (
            <Tooltip title={maker ? '' : t('c.needMaker')}>
              <Button type="primary" disabled={!maker} onClick={() => onPropose(row)}>
                {t('c.propose')}
              </Button>
            </Tooltip>
          ) : null}
          {row.state === 'proposed' ? <DecideButtons rows={[row]} operator={operator} onDone={onClose} /> : null}
        </Space>
      ) : null}
    </Drawer>
  );
}

function differs(row: Break, amount: number | null): boolean {
  const known = [row.p_amount, row.g_amount, row.b_amount].filter((one) => one !== null);
  return amount !== null && known.some((one) => one !== amount);
}

function Side(props: {
  title: string;
  amount: number | null;
  state: string | null;
  missing: string;
  differs: boolean;
}) {
  if (props.amount === null && props.state === null)
    return (
      <div className="missing">
        <span className="muted">{props.title}</span>
        <p>{props.missing}</p>
      </div>
    );
  return (
    <div className={props.differs ? 'differs' : ''}>
      <span className="muted">{props.title}</span>
      <p>
        <strong>{figure(props.amount)}</strong>
      </p>
      <p className="muted">{props.state ?? ''}</p>
    </div>
  );
}
