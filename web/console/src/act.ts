import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../kit/http';

interface Said<A> {
  /** What these show is asked for again. */
  renew: readonly string[];
  /** What the person reads when it is done. */
  said?: (answer: A) => string;
  then?: () => void;
}

/** Something a person does: told when it is done, told why not, and told that nobody knows when no answer came. */
export function useAct<A, V = void>(act: (value: V) => Promise<A>, { renew, said, then }: Said<A>) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (answer) => {
      if (said) void message.success(said(answer));
      then?.();
    },
    onError: (error) => void message.error(error instanceof ApiProblem ? error.message : t('c.noAnswerActed')),
    onSettled: () => Promise.all(renew.map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
}
