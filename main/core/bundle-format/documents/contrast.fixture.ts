import { pageStyle } from '../../reports'

type Colour = readonly [number, number, number]

function colourOf(hex: string): Colour {
  const full = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1)
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as unknown as Colour
}

/** Relative luminance and contrast of WCAG 2.2. */
function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((value) => {
    const channel = value / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as unknown as Colour
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(colourOf(a)), luminance(colourOf(b))].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const pairs: readonly (readonly [string, string, number])[] = [
  ...['page', 'card', 'sunken'].flatMap((surface) => [['text', surface, 4.5] as const, ['muted', surface, 4.5] as const]),
  ['accent', 'card', 4.5],
  ...['ok', 'warn', 'error', 'info'].flatMap((tone) => [[tone, `${tone}-bg`, 4.5] as const, ['text', `${tone}-bg`, 4.5] as const]),
  ...[0, 1, 2, 3, 4, 5].map((series) => [`s${series}`, 'card', 3] as const)
]

/** The pairs of the style sheet that miss WCAG AA, in either theme. */
export function contrastProblems(): string[] {
  const themes = [...pageStyle.matchAll(/:root\{([^}]*)\}/g)]
    .slice(0, 2)
    .map((match) => new Map([...(match[1] ?? '').matchAll(/--([\w-]+):(#[0-9a-f]+)/g)].map((entry) => [entry[1] ?? '', entry[2] ?? ''])))
  if (themes.length !== 2) return ['the style sheet has no two themes']
  return themes.flatMap((theme, index) =>
    pairs.flatMap(([front, back, least]) => {
      const ratio = contrast(theme.get(front) ?? '#000', theme.get(back) ?? '#000')
      return ratio < least ? [`${index === 0 ? 'light' : 'dark'}: ${front} on ${back} is ${ratio.toFixed(2)}`] : []
    })
  )
}
