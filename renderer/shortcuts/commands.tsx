import { Button, type ButtonProps } from '@digdir/designsystemet-react';
import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { action, actionOf, ariaKeys, bind, keyLabel, type ActionId, type Bindings } from './registry.ts';

interface Command {
  readonly enabled: boolean;
  readonly run: () => void;
}

const commands = new Map<ActionId, { current: Command }>();
const bound = createStore<{ bindings: Bindings; refused: readonly string[] }>(() => bind({}));

/** Takes the agent's own keys into use. */
export function setShortcuts(overrides: Readonly<Record<string, string>>): void {
  bound.setState(bind(overrides));
}

/** The keys in force, and the overrides that cannot be. */
export function useBindings() {
  return useStore(bound);
}

/** What an action does while the component is there. */
export function useCommand(id: ActionId, run: () => void, enabled = true): void {
  const latest = useRef<Command>({ run, enabled });
  useLayoutEffect(() => {
    latest.current = { run, enabled };
  });
  useEffect(() => {
    const mine = latest;
    commands.set(id, mine);
    return () => {
      if (commands.get(id) === mine) commands.delete(id);
    };
  }, [id]);
}

/** Runs an action as its key would. False: nothing to do now. */
export function runCommand(id: ActionId): boolean {
  const command = commands.get(id)?.current;
  if (command === undefined || !command.enabled) return false;
  command.run();
  return true;
}

/** Listens to the keyboard for the whole window until the returned function is called. */
export function listenToKeys(target: Window): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const focused = event.target instanceof Element ? event.target : null;
    const id = actionOf(
      event,
      bound.getState().bindings,
      focused?.closest('[data-keys="directory"]') !== null && focused !== null,
    );
    if (id === null) return;
    const { moves, scope } = action(id);
    if (moves === true && document.querySelector('dialog:modal') !== null) return;
    // A button under the focus keeps its Enter.
    if (scope === 'directory' && event.key === 'Enter' && focused?.closest('button, a') != null) return;
    const done = runCommand(id);
    // The browser's own meaning of F1, F3, Ctrl+K … is never wanted, also when there is nothing to do.
    if (done || scope === 'anywhere') event.preventDefault();
  };
  target.addEventListener('keydown', onKeyDown);
  return () => target.removeEventListener('keydown', onKeyDown);
}

/** A key as its cap. */
export function Key({ action: id, hidden = false }: { action: ActionId; hidden?: boolean }) {
  const { bindings } = useBindings();
  return (
    <kbd className="s-kbd" data-hidden={hidden || undefined} aria-hidden>
      {keyLabel(bindings[id])}
    </kbd>
  );
}

type KeyButtonProps = Omit<ButtonProps, 'onClick' | 'disabled' | 'children'> & {
  readonly action: ActionId;
  readonly run: () => void;
  readonly enabled?: boolean;
  /** False: the key would do something else just now, so its cap is not shown (its room stays). */
  readonly hint?: boolean;
  readonly children: ReactNode;
};

/** A button with its key's cap. Not to be used it stays where it is and keeps the focus (aria-disabled). */
export function KeyButton({ action: id, run, enabled = true, hint = true, children, ...rest }: KeyButtonProps) {
  const { bindings } = useBindings();
  return (
    <Button
      {...rest}
      aria-disabled={enabled ? undefined : true}
      aria-keyshortcuts={hint ? ariaKeys(bindings[id]) : undefined}
      data-action={id}
      onClick={() => {
        if (enabled) run();
      }}
    >
      {children}
      <Key action={id} hidden={!hint} />
    </Button>
  );
}

/** A button and its key in one registration, so that they can never disagree. */
export function CommandButton(props: KeyButtonProps) {
  useCommand(props.action, props.run, props.enabled ?? true);
  return <KeyButton {...props} />;
}
