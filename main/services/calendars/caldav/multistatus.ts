/** WebDAV's answer to a question about many resources (RFC 4918 section 13), as far as calendars need it. Pure. */
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

/** One resource with the properties that it has. */
export interface Resource {
  readonly href: string;
  /** It holds events, counts for when its owner is busy, and may be asked about. */
  readonly calendar: boolean;
  /** Where this principal's calendars are. */
  readonly home: string | null;
  /** Changes whenever something in it does (RFC 6578, or the older ctag); null: the server has neither. */
  readonly state: string | null;
  readonly etag: string | null;
  /** An iCalendar text. */
  readonly data: string | null;
}

const listed = new Set(['response', 'propstat', 'comp']);
const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  // Some servers write line ends as numbered characters.
  htmlEntities: true,
  isArray: (name) => listed.has(name),
});

/** A text, or an element with attributes and one; an empty element is an empty text. */
const text = z.union([z.string(), z.object({ '#text': z.string() }).transform((one) => one['#text'])]).catch('');
const element = z.record(z.string(), z.unknown());
const properties = z.object({
  resourcetype: element.catch({}),
  'calendar-home-set': z.object({ href: text }).optional().catch(undefined),
  'sync-token': text.optional(),
  getctag: text.optional(),
  getetag: text.optional(),
  'calendar-data': text.optional(),
  'schedule-calendar-transp': element.catch({}),
  'supported-calendar-component-set': z
    .object({ comp: z.array(z.object({ '@name': z.string() })) })
    .optional()
    .catch(undefined),
});
const propstat = z.object({ status: text, prop: properties.catch(() => properties.parse({})) });
const answer = z.object({
  multistatus: z.union([
    z.object({ response: z.array(z.object({ href: text, propstat: z.array(propstat).default([]) })).default([]) }),
    // Empty: nothing was found.
    z.literal('').transform(() => ({ response: [] })),
  ]),
});

const full = (value: string | undefined) => (value === undefined || value === '' ? null : value);

function resourceOf(href: string, prop: z.infer<typeof properties>): Resource {
  const components = prop['supported-calendar-component-set']?.comp.map((one) => one['@name'].toUpperCase());
  return {
    href,
    calendar:
      'calendar' in prop.resourcetype &&
      !('transparent' in prop['schedule-calendar-transp']) &&
      (components === undefined || components.includes('VEVENT')),
    home: full(prop['calendar-home-set']?.href),
    state: full(prop['sync-token']) ?? full(prop.getctag),
    etag: full(prop.getetag),
    data: full(prop['calendar-data']),
  };
}

/** The resources that an answer tells of, with those properties that were given (200); null: it is no such answer. */
export function parseMultistatus(xml: string): readonly Resource[] | null {
  let document: unknown;
  try {
    document = parser.parse(xml);
  } catch {
    return null;
  }
  const parsed = answer.safeParse(document);
  if (!parsed.success) return null;
  return parsed.data.multistatus.response.map(({ href, propstat: stats }) =>
    resourceOf(href, stats.find(({ status }) => / 200\b/.test(status))?.prop ?? properties.parse({})),
  );
}
