/** Where a delta begins, in Active Directory's terms. */
import { z } from 'zod';

/** Update numbers count on one domain controller only, so the database that they are of (`invocation`) stands beside them. */
const updates = z.strictObject({
  way: z.literal('updates'),
  invocation: z.string(),
  /** The controller's highestCommittedUSN before the last read; decimal, 64 bits. */
  usn: z.string().regex(/^\d+$/),
  /** When everybody was read, and when everybody's keys were last listed; ISO 8601. */
  loadedAt: z.string(),
  listedAt: z.string(),
  /** Up to which number it is known who was deleted. */
  listedUsn: z.string().regex(/^\d+$/),
});
/** DirSync: the server's own cookie, base64; it is good on every controller. */
const dirSync = z.strictObject({ way: z.literal('dirsync'), cookie: z.string(), loadedAt: z.string() });
const stored = z.discriminatedUnion('way', [updates, dirSync]);

export type UpdatesCursor = z.infer<typeof updates>;
export type DirSyncCursor = z.infer<typeof dirSync>;

/** The cursor of a text; null when it is none of ours. */
export function parseCursor(text: string): UpdatesCursor | DirSyncCursor | null {
  try {
    const parsed = stored.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
