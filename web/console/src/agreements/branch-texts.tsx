import { useQuery } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../../kit/dates';
import type { Operator } from '../api';
import { Trouble } from '../trouble';
import { agreements, type BranchText } from './agreements-api';
import { EditText } from './edit-text';

/** Texts that branches have in their own words, and the desk where they are written and measured. */
export function BranchTextsPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const texts = useQuery({ queryKey: ['branch-texts'], queryFn: agreements.texts });
  const [chosen, setChosen] = useState<BranchText | null>(null);
  const off = operator.roles.includes('operations') ? '' : t('c.needOperations');
  return (
    <>
      <h1>{t('c.branchTexts')}</h1>
      <p className="muted">{t('c.branchTexts.note')}</p>
      <EditText
        key={chosen ? `${chosen.branch}/${chosen.code}/${chosen.language}` : ''}
        from={chosen}
        branch={operator.branch}
        off={off}
      />
      <h2>{t('c.branchTexts.saved')}</h2>
      {texts.error ? <Trouble error={texts.error} /> : null}
      <Table<BranchText>
        size="small"
        rowKey={(row) => `${row.branch}/${row.code}/${row.language}`}
        loading={texts.isPending}
        dataSource={texts.data?.data ?? []}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: true }}
        locale={{ emptyText: t('c.branchTexts.none') }}
        columns={[
          { title: t('c.branch'), dataIndex: 'branch' },
          { title: t('c.textCode'), dataIndex: 'code' },
          { title: t('c.textLanguage'), dataIndex: 'language' },
          { title: t('c.text'), dataIndex: 'text' },
          { title: t('c.textSavedBy'), dataIndex: 'saved_by' },
          { title: t('c.when'), dataIndex: 'saved_at', render: (at: string) => dateTime(at) },
          {
            title: '',
            key: 'edit',
            render: (_, row) => (
              <Button size="small" onClick={() => setChosen(row)}>
                {t('c.textEdit')}
              </Button>
            ),
          },
        ]}
      />
    </>
  );
}
