interface Props {
  /** 0 to 1 of the widest. */
  share: number;
  color: string;
  /** What the bar says, written beside it: colour and length never speak alone. */
  label: string;
  name?: string;
}

/** One labelled bar. */
export function Bar({ share, color, label, name }: Props) {
  const width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <div className="bar">
      {name ? <span className="bar-name">{name}</span> : null}
      <span className="bar-track" aria-hidden>
        <span style={{ width, background: color }} />
      </span>
      <span className="bar-label">{label}</span>
    </div>
  );
}

/** Okabe-Ito, for charts only. */
export const BLUE = '#0072B2';
export const ORANGE = '#D55E00';
export const GREEN = '#009E73';
