import { XMarkIcon } from '@navikt/aksel-icons';
import { Button } from '@digdir/designsystemet-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useText } from '../text/index.ts';

/** A dialog over all the rest, closed by Escape or its button; `data-first` inside it takes the focus. The platform gives the focus back to where it was. */
export function Modal({
  title,
  wide = false,
  onClose,
  children,
}: {
  title: string;
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return undefined;
    const before = document.activeElement;
    element.showModal();
    element.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      element.close();
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="s-dialog"
      data-wide={wide || undefined}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <Button icon variant="tertiary" data-color="neutral" aria-label={t.app.close} onClick={onClose}>
          <XMarkIcon aria-hidden />
        </Button>
      </header>
      <div className="s-dialog-body">{children}</div>
    </dialog>
  );
}
