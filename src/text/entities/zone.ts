/** The difference of a time zone from UTC, from the time-zone data that Node.js carries. */

/** A time zone. */
export interface Zone {
  /** Minutes east of UTC at an instant (milliseconds since 1970). */
  offsetAt(ms: number): number;
}

/** Mainland China, which keeps UTC+8 all year round: nothing needs to be looked up. */
export const CHINA: Zone = { offsetAt: () => 480 };

const CHINA_NAMES = new Set(['Asia/Shanghai', 'Asia/Chongqing', 'PRC', '+08:00']);
const MOST_ZONES = 100;
const zones = new Map<string, Zone>();

/**
 * The zone of an IANA name such as `America/New_York`, or of an offset such as `+05:30`.
 * @throws RangeError where Node.js does not know the name
 */
export function zoneOf(name: string): Zone {
  if (CHINA_NAMES.has(name)) return CHINA;
  const known = zones.get(name);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  const zone: Zone = {
    offsetAt(ms) {
      const part = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName');
      const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})/.exec(part?.value ?? '') ?? [];
      const value = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
      return sign === '-' ? -value : value;
    },
  };
  if (zones.size >= MOST_ZONES) zones.clear();
  zones.set(name, zone);
  return zone;
}
