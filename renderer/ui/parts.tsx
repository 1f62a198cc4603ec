import { Button } from '@digdir/designsystemet-react';
import { Component, useState, type ReactNode } from 'react';
import { text, useText } from '../text/index.ts';

/** A place with nothing in it yet says what will be here. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="s-empty">
      <strong>{title}</strong>
      {children !== undefined && <span>{children}</span>}
    </div>
  );
}

/** Availability or own state by shape; the word stands beside it. */
export function Spot({ kind }: { kind: 'free' | 'onPhone' | 'talking' | 'absent' | 'closed' | 'busy' | 'unknown' }) {
  return <span className="s-spot" data-kind={kind} aria-hidden />;
}

/** One of several labels in a place that is as wide as the widest. */
export function Swap({ labels, shown }: { labels: readonly string[]; shown: number }) {
  return (
    <span className="s-swap">
      {labels.map((label, index) => (
        <span key={label} aria-hidden={index === shown ? undefined : true}>
          {label}
        </span>
      ))}
    </span>
  );
}

/** Text with the found parts marked; `ranges` are [start, end) in UTF-16 units. */
export function Marked({ text: whole, ranges }: { text: string; ranges: readonly (readonly [number, number])[] }) {
  const parts: ReactNode[] = [];
  let at = 0;
  // The oldest window has no toSorted.
  // oxlint-disable-next-line unicorn/no-array-sort
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (start < at || end > whole.length) continue;
    if (start > at) parts.push(whole.slice(at, start));
    parts.push(<mark key={start}>{whole.slice(start, end)}</mark>);
    at = end;
  }
  if (at < whole.length) parts.push(whole.slice(at));
  return <>{parts}</>;
}

/** What the helpdesk asks for, on the clipboard. */
export function CopyDetails({ details }: { details: string }) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  return (
    <Button
      variant="tertiary"
      data-color="neutral"
      onClick={() => {
        navigator.clipboard.writeText(details).then(
          () => setCopied(true),
          () => setCopied(false),
        );
      }}
    >
      {copied ? t.app.copied : t.app.copyDetails}
    </Button>
  );
}

/** Keeps a fault in one pane from taking the telephone with it. */
export class Guarded extends Component<{ children: ReactNode; onFault: (error: Error) => void }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error) {
    this.props.onFault(error);
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const t = text();
    return (
      <div className="s-card s-empty" role="alert">
        <strong>{t.app.broken}</strong>
        <span>{t.app.brokenHelp}</span>
        <div className="s-row">
          <Button variant="secondary" onClick={() => this.setState({ error: null })}>
            {t.app.again}
          </Button>
          <CopyDetails details={`${error.name}: ${error.message}\n${error.stack ?? ''}`} />
        </div>
      </div>
    );
  }
}
