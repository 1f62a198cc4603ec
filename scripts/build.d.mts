/** Whether out/ is at least as new as what it is made from. */
export function isBuilt(): boolean;
/** Builds where needed. Returns false when that failed (the reason is on the screen). */
export function build(say?: (line: string) => void): boolean;
