/** As much of TicketSQL as Samband's adapter speaks: comparisons with AND, OR and brackets. */

export interface Comparison {
  readonly field: string;
  readonly operator: '=' | 'LIKE';
  readonly value: string;
}

export type Condition = { readonly all: readonly Condition[] } | { readonly any: readonly Condition[] } | Comparison;

const token = /\s*(?:(\()|(\))|(AND|OR)\b|(CF\.\{[^}]*\}|[A-Za-z.]+)\s*(=|LIKE)\s*(?:'((?:[^'\\]|\\.)*)'|(\d+)))/y;

/** Reads a query. Throws with RT's kind of words where it is none. */
export function parseQuery(text: string): Condition {
  let position = 0;

  const next = () => {
    token.lastIndex = position;
    return token.exec(text);
  };
  const wrong = () =>
    new SyntaxError(`Wrong query, expecting a comparison in '${text.slice(0, position)} >${text.slice(position)}<--here'`);

  const primary = (): Condition => {
    const found = next();
    if (!found) throw wrong();
    position = token.lastIndex;
    if (found[1]) {
      const inside = either();
      const close = next();
      if (!close?.[2]) throw wrong();
      position = token.lastIndex;
      return inside;
    }
    if (!found[4]) throw wrong();
    return {
      field: found[4],
      operator: found[5] === 'LIKE' ? 'LIKE' : '=',
      value: (found[6] ?? found[7] ?? '').replace(/\\(.)/g, '$1'),
    };
  };
  const both = (): Condition => {
    const all = [primary()];
    for (let found = next(); found?.[3] === 'AND'; found = next()) {
      position = token.lastIndex;
      all.push(primary());
    }
    return all.length === 1 && all[0] ? all[0] : { all };
  };
  const either = (): Condition => {
    const any = [both()];
    for (let found = next(); found?.[3] === 'OR'; found = next()) {
      position = token.lastIndex;
      any.push(both());
    }
    return any.length === 1 && any[0] ? any[0] : { any };
  };

  const condition = either();
  if (text.slice(position).trim() !== '') throw wrong();
  return condition;
}

/** Whether a condition holds, where `values` gives a field's values (none: no such field, which RT takes for no match). */
export function holds(condition: Condition, values: (field: string) => readonly string[]): boolean {
  if ('all' in condition) return condition.all.every((one) => holds(one, values));
  if ('any' in condition) return condition.any.some((one) => holds(one, values));
  const { operator, value } = condition;
  if (operator === '=') return values(condition.field).some((one) => one.toLowerCase() === value.toLowerCase());
  const pattern = new RegExp(
    value
      .split('%')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
    'is',
  );
  return values(condition.field).some((one) => pattern.test(one));
}
