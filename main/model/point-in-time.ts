/** Calendars of programs reach so many seconds before and after 1970 (ECMA-262, time values); what lies beyond is no point in time. */
export const farthestSeconds = 8.64e12

/** Seconds since 1970 as ISO 8601 in UTC; a dash for what no calendar reaches. */
export const utc = (seconds: number): string => (Math.abs(seconds) <= farthestSeconds ? new Date(seconds * 1000).toISOString() : '\u2013')

/** Seconds since 1970 in UTC without what is zero: a day, or a day and its time. */
export function timeText(seconds: number): string {
  const text = utc(seconds)
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('T', ' ').replace(/(\.000)?Z$/, '')
}
