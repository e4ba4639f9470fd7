import { useMutation } from '@tanstack/react-query';
import { Alert, Input, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../kit/dates';
import { look } from '../../kit/state';
import { StateTag } from '../../kit/state-tag';
import { api, type TimelineEntry } from './api';
import { money } from './columns';
import { Trouble } from './trouble';

/** What happened to one number, all sources in one line. The number travels in the body and is shown masked. */
export function NumberPage() {
  const { t, i18n } = useTranslation();
  const [number, setNumber] = useState('');
  const timeline = useMutation({ mutationFn: api.timeline });
  const word = (kind: string, name: string) => (i18n.exists(`${kind}.${name}`) ? t(`${kind}.${name}`) : name);
  return (
    <>
      <h1>{t('c.number')}</h1>
      <Input.Search
        aria-label={t('signin.number')}
        placeholder="139 0000 0000"
        style={{ maxWidth: 320 }}
        value={number}
        inputMode="numeric"
        maxLength={13}
        enterButton={t('c.number.show')}
        onChange={(event) => setNumber(event.target.value)}
        onSearch={() => timeline.mutate(number.replace(/\s/g, ''))}
      />
      {timeline.error ? <Trouble error={timeline.error} /> : null}
      {timeline.data ? (
        <>
          <h2>{timeline.data.number}</h2>
          {timeline.data.gaps.map((gap) => (
            <Alert key={gap} type="warning" showIcon title={t(`c.number.gap.${gap}`)} />
          ))}
          <Table<TimelineEntry>
            size="small"
            rowKey={(entry) => `${entry.at}/${entry.source}/${entry.what}/${entry.state}`}
            dataSource={timeline.data.entries}
            pagination={{ pageSize: 50, hideOnSinglePage: true }}
            scroll={{ x: true }}
            locale={{ emptyText: t('history.empty') }}
            columns={[
              { title: t('result.at'), dataIndex: 'at', render: (at: string) => dateTime(at) },
              { title: t('c.number.what'), dataIndex: 'what', render: (what: string) => word('what', what) },
              money<TimelineEntry>(t('c.amount'), 'amount'),
              { title: t('c.number.where'), dataIndex: 'where', render: (where: string) => word('where', where) },
              {
                title: t('c.state'),
                dataIndex: 'state',
                render: (state: string, entry) =>
                  entry.source === 'payment' ? (
                    <StateTag look={look('payment', state)}>{word('payment', state)}</StateTag>
                  ) : (
                    <span className="muted">{word('step', state)}</span>
                  ),
              },
            ]}
          />
        </>
      ) : null}
    </>
  );
}
