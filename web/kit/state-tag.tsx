import tokens from './tokens.json';
import type { Look } from './state';

const ICONS: Record<string, string> = {
  check: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3.4 5-4.2 4.4L4.8 8l.9-.9 1.5 1.5L10.500 5Z',
  half: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.500v11a5.500 5.500 0 0 1 0-11Z',
  hourglass: 'M4 1h8v3L9.200 8 12 12v3H4v-3l2.800-4L4 4Zm1.500 1.500v1L8 6.800l2.500-3.300v-1Z',
  question:
    'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-.8 9.500h1.600V12H7.200Zm.8-7a2.600 2.600 0 0 1 .9 5v.9H7.300V7.500c1.500-.2 2-.7 2-1.400A1.300 1.300 0 0 0 6.700 6H5.300A2.700 2.700 0 0 1 8 3.500Z',
  octagon:
    'M5 1h6l4 4v6l-4 4H5l-4-4V5Zm.9 4L5 5.900 7.100 8 5 10.100l.9.9L8 8.900l2.100 2.100.9-.9L8.900 8 11 5.900 10.100 5 8 7.100Z',
  dash: 'M3 7.200h10v1.600H3Z',
};

/** Icon shape, word and fill together: colour never speaks alone. */
export function StateTag({ look, children }: { look: Look; children: React.ReactNode }) {
  const token = tokens.state[look];
  return (
    <span
      className="state-tag"
      style={{
        color: token.text,
        background: token.fill,
        border: `1px ${token.style} ${token.border}`,
        borderRadius: 4,
        padding: '1px 8px 1px 6px',
        display: 'inline-flex',
        alignItems: 'center',
        gap: 4,
        whiteSpace: 'nowrap',
        lineHeight: '20px',
      }}
    >
      <svg width="12" height="12" viewBox="0 0 16 16" aria-hidden="true" fill="currentColor" fillRule="evenodd">
        <path d={ICONS[token.icon]} />
      </svg>
      {children}
    </span>
  );
}
