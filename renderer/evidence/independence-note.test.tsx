import { afterEach, expect, it } from 'vitest'
import { renderPlain, type RenderedScreen } from '../host/testing'
import { IndependenceNote } from '.'
import { Sha256 } from '../../main/model/reference'

let screen: RenderedScreen | undefined
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
})

const digest = (letter: string): Sha256 => Sha256.parse(letter.repeat(64))
const subject = { model: digest('a'), rows: digest('b'), split: 'test', trainingRows: digest('c') }
const rows = { read: 1000, withoutTarget: 0, judged: 1000, positives: 500, negatives: 500 }
const show = async (own: object, rowsShared: number | null): Promise<RenderedScreen> => {
  await screen?.unmount()
  return (screen = await renderPlain(<IndependenceNote evaluation={{ subject: { ...subject, ...own }, rowsShared, rows }} />))
}

it('says in red what the training had too, and nothing where it had nothing', async () => {
  expect((await show({}, 0)).text()).toBe('')
  const same = (await show({ trainingRows: subject.rows }, 1000)).find('alert', /./)
  expect([same.textContent, same.className]).toEqual([expect.stringContaining('was trained on'), expect.stringContaining('text-error')])
  expect((await show({}, 3)).find('alert', /./).textContent).toContain('3 of the judged rows (0.3%)')
  expect((await show({ trainingRows: null }, null)).find('status', /./).className).not.toContain('text-error')
})

it('says in red what ties the judged rows to the training, one note for each', async () => {
  const groups = [{ column: 'patient', role: 'group' as const, shared: 37, of: 40, rows: 118, unnamed: 0 }]
  const times = [{ column: 'day', overlap: 1, of: 300, trainingEnds: '2024-02-01', judgedBegins: '2024-01-31' }]
  const evaluation = { subject, rowsShared: 0, rows, splitCheck: { judgedRows: 1000, groups, times } }
  screen = await renderPlain(<IndependenceNote evaluation={evaluation} />)
  expect(screen.find('alert', /37 of 40 values of "patient" are on both sides of the split, with 118 judged rows/).className).toContain(
    'text-error'
  )
  expect(screen.find('alert', /1 training row is later than the first judged row \(2024-01-31\) by "day"/).className).toContain(
    'text-error'
  )
  await screen.unmount()
  const absent = [{ column: 'patient', role: 'group' as const }]
  screen = await renderPlain(
    <IndependenceNote evaluation={{ ...evaluation, splitCheck: { judgedRows: 9, groups: [], times: [], absent } }} />
  )
  const open = screen.find('status', /Group overlap not checked: column "patient" is not in the tables/)
  expect([open.className.includes('bg-warn-soft'), open.className.includes('text-error')]).toEqual([true, false])
  await screen.unmount()
  const apart = (judgedRows: number) => ({ judgedRows, groups: [{ ...groups[0]!, shared: 0, rows: 0 }], times: [] })
  screen = await renderPlain(<IndependenceNote evaluation={{ ...evaluation, splitCheck: apart(40) }} />)
  expect(screen.text()).toBe('')
  await screen.unmount()
  screen = await renderPlain(<IndependenceNote evaluation={{ ...evaluation, splitCheck: apart(412) }} />)
  expect(screen.find('status', /Rows of one "patient" count as independent here: 412 judged rows of 40 values\./).className).not.toContain(
    'text-error'
  )
})
