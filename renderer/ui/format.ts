/** What is shown where there is no value. */
export const NO_VALUE = '\u2013'

const formats = new Map<number, Intl.NumberFormat>()
/** Making a format costs far more than using it, and tables use it per cell. */
function fixedDecimals(decimals: number): Intl.NumberFormat {
  let format = formats.get(decimals)
  if (!format)
    formats.set(decimals, (format = new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })))
  return format
}

/** Fixed decimals with thousands separators; `1234.5, 2` gives `1,234.50`. Not a number gives a dash, infinities their sign. */
export function formatNumber(value: number | null | undefined, decimals = 0): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NO_VALUE
  if (!Number.isFinite(value)) return value > 0 ? '\u221e' : '\u2212\u221e'
  const text = fixedDecimals(decimals).format(value)
  return text.startsWith('-') ? `\u2212${text.slice(1)}` : text
}

/** A number of unknown scale with up to four significant digits; exponents outside 1e-4 .. 1e9. For columns fix the decimals instead. */
export function formatAuto(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return formatNumber(value)
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return formatNumber(value)
  const size = Math.abs(value)
  if (size >= 1e9 || size < 1e-4) return value.toExponential(digits - 1).replace('-', '\u2212')
  const text = formatNumber(value, Math.max(0, Math.min(8, digits - 1 - Math.floor(Math.log10(size)))))
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** Seconds as people read them: `320 ms`, `4.2 s`, `42 s`, `3 m 12 s`, `2 h 05 m`, `3 d 4 h`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return NO_VALUE
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${pad(whole % 60)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`
  const hours = Math.round(seconds / 3600)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** Bytes in binary units with three significant digits: `812 B`, `4.21 KiB`, `1.50 GiB`. */
export function formatSize(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return NO_VALUE
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
  let value = bytes
  let unit = 0
  while (Math.abs(value) >= 1023.5 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  const decimals = unit === 0 ? 0 : Math.abs(value) < 9.995 ? 2 : Math.abs(value) < 99.95 ? 1 : 0
  return `${value.toFixed(decimals)} ${units[unit]}`
}

/** How long ago, coarse: `just now`, `4 min ago`, `3 h ago`, `12 d ago`; the future as `in 4 min`. */
export function formatRelative(time: number | string, now: number = Date.now()): string {
  const then = typeof time === 'number' ? time : Date.parse(time)
  if (Number.isNaN(then)) return NO_VALUE
  const seconds = Math.round((now - then) / 1000)
  const size = Math.abs(seconds)
  if (size < 45) return 'just now'
  const text =
    size < 3600
      ? `${Math.max(1, Math.round(size / 60))} min`
      : size < 86_400
        ? `${Math.round(size / 3600)} h`
        : size < 86_400 * 60
          ? `${Math.round(size / 86_400)} d`
          : size < 86_400 * 730
            ? `${Math.round(size / 86_400 / 30.44)} mo`
            : `${Math.round(size / 86_400 / 365.25)} y`
  return seconds >= 0 ? `${text} ago` : `in ${text}`
}

/** `2026-03-01 14:05:09Z`: ISO 8601 in UTC to the second, with a space for the T. */
export function formatUtc(time: number | string): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? NO_VALUE : `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`
}

/** The same moment on this machine's clock, with its zone. */
export function formatLocal(time: number | string): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return NO_VALUE
  const zone = Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' })
    .formatToParts(date)
    .find((part) => part.type === 'timeZoneName')?.value
  return `${date.toLocaleString('sv-SE')} ${zone ?? ''}`.trim()
}

/** `1 row`, `2,304 rows`. */
export function formatCount(count: number, one: string, many = one.replace(/([^aeiou])y$/, '$1ie') + 's'): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`
}

/** The last part of a path of whatever system. */
export const fileNameOf = (path: string): string => path.split(/[\\/]/).filter(Boolean).at(-1) ?? path

/** The first eight hexadecimal characters of a digest, whatever prefix it has. */
export function shortHash(hash: string): string {
  return hash.replace(/^.*:/, '').slice(0, 8)
}

const pad = (n: number) => String(n).padStart(2, '0')
