import { afterEach, describe, expect, it, vi } from 'vitest'
import { WorkbenchError } from '../../main/model/errors'
import { renderPlain, type RenderedScreen } from '../host/testing'
import { describeError, ErrorState, errorDetailsText, HashChip, parseLocation, hrefTo } from '.'

let screen: RenderedScreen | undefined
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
})

const broken = new WorkbenchError(
  'INVALID_INPUT',
  'The file is not an Arrow file: the footer at byte 3.5 MiB is missing. It was probably cut off while copying. Copy it again.',
  { details: { file: 'x.arrow' } }
)

describe('ErrorState', () => {
  it('shows cause, effect, next step and code, copies the details and tries again', async () => {
    const copied = vi.fn<(text: string) => Promise<void>>(async () => {})
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: copied } })
    const retry = vi.fn<() => void>()
    screen = await renderPlain(<ErrorState error={broken} onRetry={retry} />)
    expect(screen.find('heading', /./).textContent).toBe('The file is not an Arrow file: the footer at byte 3.5 MiB is missing.')
    expect(screen.text()).toContain('It was probably cut off while copying. Copy it again.')
    expect(screen.text()).toContain('INVALID_INPUT')
    await screen.click(screen.find('button', 'Copy details'))
    expect(copied).toHaveBeenCalledWith(expect.stringContaining('x.arrow'))
    await screen.click(screen.find('button', 'Try again'))
    expect(retry).toHaveBeenCalledOnce()
  })

  it('calls everything unknown INTERNAL and keeps its stack for the copy', () => {
    expect(describeError(new TypeError('x is not a function')).code).toBe('INTERNAL')
    expect(describeError(undefined).message).toContain('unexpected')
    expect(describeError({ code: 'constructor', message: 'a' }).code).toBe('INTERNAL')
    expect(errorDetailsText(new TypeError('boom'))).toContain('states.test')
  })
})

describe('HashChip', () => {
  it('shows eight characters and copies all', async () => {
    const copied = vi.fn<(text: string) => Promise<void>>(async () => {})
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: copied } })
    screen = await renderPlain(<HashChip hash="sha256:0123456789abcdef" />)
    expect(screen.container.textContent).toBe('01234567')
    await screen.click(screen.find('button', /copy all/))
    expect(copied).toHaveBeenCalledWith('sha256:0123456789abcdef')
  })
})

describe('addresses', () => {
  it('round-trip area, path and query, also with characters that mean something in addresses', () => {
    const href = hrefTo('experiments', ['run', 'a/b ?#%\u00e9'], { filter: 'auc > 0.8 & x = "1"', none: null })
    expect(parseLocation(href)).toEqual({ area: 'experiments', path: ['run', 'a/b ?#%\u00e9'], query: { filter: 'auc > 0.8 & x = "1"' } })
    expect(parseLocation('#/nonsense/%E0%A4%A')).toEqual({ area: 'nonsense', path: ['%E0%A4%A'], query: {} })
    expect(parseLocation('').area).toBe('overview')
  })
})
