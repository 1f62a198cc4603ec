import type { CaseItem, CaseStatus } from '#contract';
import { Tag } from '@digdir/designsystemet-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useText, when } from '../text/index.ts';

const colours = { open: 'warning', waiting: 'info', closed: 'success' } as const satisfies Record<CaseStatus, string>;

/** A case's state by word and colour. */
export function CaseTag({ status }: { status: CaseStatus }) {
  const t = useText();
  return (
    <Tag data-color={colours[status]} className="case-tag">
      {t.caller[status]}
    </Tag>
  );
}

/** One case in two lines. */
export function CaseLines({ one, now, end }: { one: CaseItem; now: Date; end?: ReactNode }) {
  const t = useText();
  return (
    <>
      <CaseTag status={one.status} />
      <span className="case-lines">
        <span className="s-cut">
          <strong>{one.subject}</strong> <span className="s-soft">#{one.id}</span>
        </span>
        <span className="s-cut s-soft">
          {[one.queue, one.owner ?? t.caller.nobody, ...one.tags].filter((part) => part !== '').join(' · ')}
        </span>
      </span>
      <span className="s-soft case-when">{end ?? when(new Date(one.updatedAt), now, t)}</span>
    </>
  );
}

/** Cases to choose among, by click or arrows. None is chosen before the agent does. */
export function CaseList({
  id,
  label,
  cases,
  chosen,
  now,
  onChoose,
}: {
  id: string;
  label: string;
  cases: readonly CaseItem[];
  chosen: string | null;
  now: Date;
  onChoose: (one: CaseItem) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  const at = cases.findIndex((one) => one.id === chosen);
  useEffect(() => {
    if (chosen !== null) list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const go = (to: number) => {
    const one = cases[Math.min(Math.max(to, 0), cases.length - 1)];
    if (one !== undefined) onChoose(one);
  };

  return (
    <div
      ref={list}
      id={id}
      className="case-list"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const to = { ArrowDown: at + 1, ArrowUp: Math.max(at - 1, 0), Home: 0, End: cases.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        go(to);
      }}
    >
      {cases.map((one, index) => (
        <div
          key={one.id}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={one.id === chosen}
          className="case-row"
          onClick={() => onChoose(one)}
          onKeyDown={undefined}
        >
          <CaseLines one={one} now={now} />
        </div>
      ))}
    </div>
  );
}
