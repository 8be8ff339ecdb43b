import { afterEach, expect, it } from 'vitest'
import { renderPlain, type RenderedScreen } from '../../host/testing'
import { RelationsView } from './relations-view'

let screen: RenderedScreen | undefined
afterEach(() => screen?.unmount())

it('shows the strongest pairs first, and beside each figure of a sample that it is one', async () => {
  screen = await renderPlain(
    <RelationsView
      pairs={[
        { a: 'speed', b: 'height', method: 'spearman', value: 0.25, rows: 49_000, sampledFrom: 1_000_000 },
        { a: 'kind', b: 'place', method: 'cramers-v', value: -0.75, rows: 400 }
      ]}
    />
  )
  const text = screen.text()
  expect(text).toContain('49,000, sample of 1,000,000')
  expect(text.indexOf('place')).toBeLessThan(text.indexOf('speed'))
  expect(text).toContain("Cramer's V")
})

it('says of an earlier report that it has no pairs', async () => {
  screen = await renderPlain(<RelationsView pairs={undefined} />)
  expect(screen.text()).toContain('run the check again')
})
