import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ledger } from '../../storage/ledger/ledger'
import { openWorkspaceLedger } from '../ledger'
import { runsTrainedOn } from './produced-feature-sets'
import { sha256 } from '../../storage/objects/durable-files'

let directory: string
let ledger: Ledger
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'drydock-features-'))
  ledger = openWorkspaceLedger(join(directory, 'ledger.sqlite'))
  ledger.run("INSERT INTO experiment(id, name, question, primary_metric, created_at) VALUES('1', 'e', '', '', '')")
})
afterEach(() => {
  ledger.close()
  rmSync(directory, { recursive: true, force: true })
})

const use = (run: string, step: string, table: string) =>
  ledger.run('INSERT INTO used VALUES(?, ?, 1, ?, ?, ?)', run, step, 'table', sha256(table), `table:x@sha256:${sha256(table)}`)
const produce = (run: string, step: string, table: string) =>
  ledger.run(
    "INSERT INTO produced(run_id, step_id, attempt, port, part, type, sha256, size, row_count, media_type, reference) VALUES(?, ?, 1, 'table', '', 'Table', ?, 1, 1, '', '')",
    run,
    step,
    sha256(table)
  )
const train = (id: string, pipelineRun: string, step: string) =>
  ledger.run(
    "INSERT INTO run(id, experiment_id, name, status, algorithm, started_at, pipeline, pipeline_run, train_step, seed, environment, note, created_by) VALUES(?, '1', '', 'finished', 'a', '', 'p', ?, ?, 1, '{}', '', '')",
    id,
    pipelineRun,
    step
  )
const trainedOn = (table: string) => runsTrainedOn(ledger, sha256(table))

describe('runs trained on a feature set', () => {
  it('are found over splits, also when another pipeline took the split from the cache', () => {
    use('r1', 'split', 'features')
    produce('r1', 'split', 'half')
    use('r1', 'train', 'half')
    produce('r1', 'train', 'model')
    train('one', 'r1', 'train')
    // The second pipeline ran only its training; features and split came from the cache of the first.
    use('r2', 'train', 'half')
    train('two', 'r2', 'train')
    use('r3', 'train', 'other')
    train('three', 'r3', 'train')
    expect([...trainedOn('features')].sort()).toEqual(['one', 'two'])
    expect([...trainedOn('other')]).toEqual(['three'])
    expect(trainedOn('model').size).toBe(0)
  })

  it('ends on circles', () => {
    use('r1', 'copy', 'a')
    produce('r1', 'copy', 'a')
    use('r1', 'train', 'a')
    train('one', 'r1', 'train')
    expect([...trainedOn('a')]).toEqual(['one'])
  })
})
