/** A number with about `digits` significant digits and no exponent between 1e-4 and 1e9; "not measured" when it is not finite. */
export function formatNumber(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return 'not measured'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e15) return groupThousands(String(value))
  if (size < 1e-4 || size >= 1e9) return value.toExponential(Math.max(0, digits - 2))
  const decimals = Math.min(8, Math.max(0, digits - 1 - Math.floor(Math.log10(size))))
  return groupThousands(value.toFixed(decimals))
}

function groupThousands(text: string): string {
  const [whole = '', fraction] = text.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** Bytes as B, KiB, MiB or GiB. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'not measured'
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let size = bytes
  let unit = 0
  while (Math.abs(size) >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`
}

/** Seconds as "0.42 ms", "3.1 s" or "3 m 12 s". */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'not measured'
  if (seconds === 0) return '0 s'
  if (seconds < 1) return `${formatNumber(seconds * 1000, 3)} ms`
  if (seconds < 60) return `${formatNumber(Math.round(seconds * 10) / 10, 3)} s`
  const whole = Math.round(seconds)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  return hours > 0 ? `${hours} h ${minutes} m` : `${minutes} m ${whole % 60} s`
}

/** A share of 0..1 as a percentage. */
export function formatShare(share: number | null | undefined, decimals = 1): string {
  return share === null || share === undefined || !Number.isFinite(share) ? 'not measured' : `${(share * 100).toFixed(decimals)} %`
}
