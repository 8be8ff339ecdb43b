import { expect, it } from 'vitest'
import { learnedColumns } from './learned-columns'

it('tells of an excluded column that divides the rows too, and of no other that was excluded by hand', () => {
  const roles = { issue_date: 'time', branch: 'group', recovered: 'known after', rate: 'feature', gone: 'time' }
  const columns = ['issue_date', 'branch', 'recovered', 'rate', 'paid']
  expect(learnedColumns({ target: 'paid', exclude: ['issue_date', 'branch', 'rate', 'gone'] }, columns, roles)).toEqual({
    features: [],
    leftOut: [
      { name: 'recovered', reason: 'known after' },
      { name: 'issue_date', reason: 'time column, excluded' },
      { name: 'branch', reason: 'group column, excluded' }
    ],
    unknown: []
  })
  expect(learnedColumns({ target: 'paid', exclude: ['issue_date'] }, columns, undefined).leftOut).toEqual([])
})
