import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import { figure } from '../../kit/money';
import { StateTag } from '../../kit/state-tag';
import type { Run } from './api';
import { BLUE, GREEN, ORANGE } from './bar';

type Bridge = Run['bridges'][number];
interface Step {
  key: string;
  label: string;
  /** As it is added on the way down, so that the column adds up. */
  amount: number;
  /** Where its bar begins and ends. */
  from: number;
  to: number;
  color: string;
}

/** From one side's total over the named differences to the other side's, as a waterfall whose column adds up. */
export function BridgeCard({ bridge }: { bridge: Bridge }) {
  const { t, i18n } = useTranslation();
  const word = (name: string) => {
    const key = [`c.bridgeLine.${name}`, `class.${name}`].find((one) => i18n.exists(one));
    return key ? t(key) : name;
  };
  const steps = stepsOf(bridge, word, {
    first: t(bridge.kind === 'credits' ? 'c.creditTotal' : 'c.statementTotal'),
    last: t('c.bookTotal'),
  });
  const ends = steps.flatMap(({ from, to }) => [from, to]);
  const low = Math.min(0, ...ends);
  const whole = Math.max(1, Math.max(0, ...ends) - low);
  const share = (amount: number) => `${((amount - low) * 100) / whole}%`;
  return (
    <Card size="small" title={t(`c.bridge.${bridge.kind}`)}>
      {steps.map((step) => (
        <div key={step.key} className="fall">
          <span>{step.label}</span>
          <span className="fall-track" aria-hidden>
            <span
              style={{
                left: share(Math.min(step.from, step.to)),
                width: `max(2px, ${(Math.abs(step.to - step.from) * 100) / whole}%)`,
                background: step.color,
              }}
            />
          </span>
          <span className="right-aligned">{figure(step.amount)}</span>
        </div>
      ))}
      <div className="pair gap">
        <StateTag look={bridge.residual === 0 ? 'done' : 'failed'}>{t('c.residualShort')}</StateTag>
        <strong>{figure(bridge.residual)}</strong>
      </div>
    </Card>
  );
}

function stepsOf(bridge: Bridge, word: (name: string) => string, ends: { first: string; last: string }): Step[] {
  const { statement_total: start, book_total: end } = bridge;
  let at = start;
  const steps: Step[] = [{ key: 'first', label: ends.first, amount: start, from: 0, to: start, color: BLUE }];
  for (const line of bridge.lines) {
    // A difference is statement less book: on the way to the book it comes off.
    const amount = -line.amount;
    const label = `${word(line.name)} × ${line.count}`;
    steps.push({ key: line.name, label, amount, from: at, to: at + amount, color: amount < 0 ? ORANGE : GREEN });
    at += amount;
  }
  return [...steps, { key: 'last', label: ends.last, amount: end, from: 0, to: end, color: BLUE }];
}
