import { expect, it } from 'vitest'
import { hrefTo, parseLocation } from '../../ui'
import { nobody, queryOf, questionOf, readAsked, trustOf, verifyCommandOf, type Asked } from './asked'

const whole: Asked = {
  key: 'chosen:t:/k/ada key.pem',
  fingerprint: undefined,
  root: 'chosen:r:/k/ca.pem',
  people: 'chosen:p:/k/trust.yaml',
  kept: false,
  reviewers: ['chosen:a:/k/vera.pem', 'chosen:b:/k/omar.pem'],
  approvals: 2,
  gate: true,
  released: true,
  identities: ['Harbour Test, Ltd'],
  tsa: 'chosen:s:/k/tsa.pem',
  lists: ['chosen:c:/k/a.crl', 'chosen:d:/k/b.crl'],
  at: '2026-11-29'
}

it('stands in the address of the page, and comes back as it was', () => {
  const { query } = parseLocation(hrefTo('bundles', ['review'], queryOf(whole)))
  expect(readAsked(query)).toEqual(whole)
  expect(readAsked({})).toEqual({ ...readAsked({}), ...nobody })
  expect(trustOf(readAsked({}))).toEqual({})
  expect(questionOf(readAsked({ approvals: '-1', gate: 'fail', stage: 'draft' }))).toEqual({})
})

it('is the same question as a command, with every path as a shell takes it, where it can be one', () => {
  expect(verifyCommandOf(whole, '/opt/dry dock/scripts/drydock', '/b/x.drydock', false)).toBe(
    "'/opt/dry dock/scripts/drydock' verify /b/x.drydock --key '/k/ada key.pem' --ca /k/ca.pem --trust /k/trust.yaml --reviewer /k/vera.pem " +
      "--reviewer /k/omar.pem --identity 'Harbour Test, Ltd' --tsa /k/tsa.pem --crl /k/a.crl --crl /k/b.crl --at 2026-11-29 --approvals 2 " +
      '--gate pass --stage released'
  )
  expect(verifyCommandOf({ ...whole, ...nobody }, 'd', '/b', false)).toBe('d verify /b --approvals 2 --gate pass --stage released')
  expect(verifyCommandOf({ ...whole, kept: true }, 'd', '/b', false)).toBeNull()
  expect(verifyCommandOf({ ...whole, fingerprint: 'a'.repeat(64) }, 'd', '/b', false)).toBeNull()
})
