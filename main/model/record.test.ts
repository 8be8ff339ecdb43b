import { expect, it } from 'vitest'
import { describeRecord } from './record'

it('the record says what it can know of itself, since when a copy is elsewhere, and never that it is whole', () => {
  const alone = describeRecord({ total: 12, intact: true, heldBy: null })
  expect(alone).toMatch(/^The entries 1 to 12 follow from one another\. That the newest entries were not cut off, .* only a copy can tell/)
  expect(alone).toMatch(/No bundle was exported from here yet\.$/)
  expect(describeRecord({ total: 12, intact: true, heldBy: { at: '2026-11-29T10:00:00.000Z', entries: 9 } })).toMatch(
    /The newest bundle from here, of 2026-11-29, holds the first 9\.$/
  )
  expect(describeRecord({ total: 12, intact: false, heldBy: null })).toMatch(/was changed, removed or put in another place/)
})
