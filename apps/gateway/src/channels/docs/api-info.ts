import type { ApiInfo } from '@yidian/http';

export const API_INFO: ApiInfo = {
  title: 'Yidian 一点付',
  version: '1',
  description: [
    'One gateway, 31 branches, every bank.',
    '',
    '- Amounts are integers of minor units (fen) in `CNY`. Times are RFC 3339 in UTC.',
    '- Phone numbers stand in bodies only, never in addresses; answers mask them.',
    '- Status tells what to do: `final:true` → tell the payer; 202 → ask again; 4xx → nothing was done; 5xx or no answer →',
    '  unknown: ask by reference or reverse by reference, never resend with a new key.',
    '- `/v1` grows by adding only: ignore members you do not know, treat unknown enum values as not final.',
    '- Errors are RFC 9457 problems; every code is explained in [the book of errors](/docs/errors).',
  ].join('\n'),
};
