import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Input, Segmented, Select, Space } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StateTag } from '../../../kit/state-tag';
import { useAct } from '../act';
import { Trouble } from '../trouble';
import { Why } from '../verdict';
import { agreements, type BranchText, type Measure, type TextCode, type TextLanguage } from './agreements-api';
import { TEXT_CODES } from './text-codes';

interface Props {
  /** One that is saved already; null: a new one. */
  from: BranchText | null;
  /** Of the operator; null: any branch. */
  branch: string | null;
  off: string;
}

/** One text in a branch's words. It is measured by the server as it is written, and the same rule refuses it when saved. */
export function EditText({ from, branch, off }: Props) {
  const { t } = useTranslation();
  const [of, setOf] = useState(from?.branch ?? branch ?? '');
  const [code, setCode] = useState<TextCode>(from?.code ?? 'done_own');
  const [language, setLanguage] = useState<TextLanguage>(from?.language ?? 'zh');
  const [text, setText] = useState(from?.text ?? '');
  const [reason, setReason] = useState('');
  const written = useDeferredValue(text.trim());
  const measure = useQuery({
    queryKey: ['measure', code, language, written],
    queryFn: () => agreements.measure(code, language, written),
    placeholderData: keepPreviousData,
  });
  const save = useAct(
    () => agreements.saveText({ branch: of, code, language, text: text.trim(), reason: reason.trim() }),
    { renew: ['branch-texts'], said: () => t(text.trim() === '' ? 'c.textRemoved' : 'c.textSaved') },
  );
  const fault = measure.data?.fault;
  const why =
    off ||
    (/^\d{6}$/.test(of) ? '' : t('c.textNeedBranch')) ||
    (fault ? t(`c.textFault.${fault}`) : '') ||
    (reason.trim() === '' ? t('c.risk.needReason') : '');
  return (
    <Space orientation="vertical" style={{ width: '100%' }}>
      <Space wrap>
        <Input
          aria-label={t('c.branch')}
          placeholder={t('c.branch')}
          value={of}
          maxLength={6}
          inputMode="numeric"
          disabled={branch !== null}
          onChange={(event) => setOf(event.target.value)}
        />
        <Select<TextCode>
          aria-label={t('c.textCode')}
          style={{ minWidth: 220 }}
          showSearch
          value={code}
          onChange={setCode}
          options={TEXT_CODES.map((value) => ({ value, label: value }))}
        />
        <Segmented<TextLanguage> value={language} options={['zh', 'en']} onChange={setLanguage} />
        <Button disabled={!measure.data || text.trim() !== ''} onClick={() => setText(measure.data?.text ?? '')}>
          {t('c.textUsual')}
        </Button>
      </Space>
      <Input.TextArea
        aria-label={t('c.text')}
        placeholder={measure.data?.text ?? ''}
        rows={3}
        maxLength={400}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {measure.error ? <Trouble error={measure.error} /> : null}
      {measure.data ? <Measured of={measure.data} /> : null}
      <Space wrap>
        <Input
          aria-label={t('c.reason')}
          placeholder={t('c.reason')}
          value={reason}
          maxLength={200}
          onChange={(event) => setReason(event.target.value)}
        />
        <Why text={why}>
          <Button type="primary" disabled={why !== ''} loading={save.isPending} onClick={() => save.mutate()}>
            {t(text.trim() === '' ? 'c.textRemove' : 'c.save')}
          </Button>
        </Why>
        <span className="muted">{why}</span>
      </Space>
    </Space>
  );
}

/** At its longest: what goes out, and how many segments it takes. */
function Measured({ of }: { of: Measure }) {
  const { t } = useTranslation();
  return (
    <div aria-live="polite">
      <StateTag look={of.fault ? 'failed' : of.segments > 1 ? 'waiting' : 'done'}>
        {t('c.textMeasured', { units: of.units, segments: of.segments })}
      </StateTag>{' '}
      {of.fault ? t(`c.textFault.${of.fault}`) : null}
      <p className="muted">{of.longest}</p>
    </div>
  );
}
