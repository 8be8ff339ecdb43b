#!/usr/bin/env node
/** `npm test`: set up, build, every check, every test. The last line is the totals of both test runners, alone. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { build } from './build.mjs'
import { check, startTypes, unitReport } from './check.mjs'
import { e2eReport, runEndToEnd } from './e2e.mjs'
import { runScript, setUp } from './setup.mjs'
import { heading, seconds } from './terminal.mjs'

/** A report that is missing or holds no test counts as one failure: a runner that ran nothing must not look green. */
function unitTotals() {
  if (!existsSync(unitReport)) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(readFileSync(unitReport, 'utf8'))
  const unloadable = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  const failed = report.numFailedTests + unloadable
  return {
    passed: report.numPassedTests,
    failed: report.numTotalTests === 0 ? Math.max(failed, 1) : failed,
    skipped: report.numPendingTests + report.numTodoTests
  }
}

function endToEndTotals() {
  if (!existsSync(e2eReport)) return { passed: 0, failed: 1, skipped: 0 }
  const { stats, errors } = JSON.parse(readFileSync(e2eReport, 'utf8'))
  const passed = stats.expected + stats.flaky
  const failed = stats.unexpected + errors.length
  return { passed, failed: passed + failed === 0 ? 1 : failed, skipped: stats.skipped }
}

await runScript(async () => {
  const started = Date.now()
  for (const report of [unitReport, e2eReport]) rmSync(report, { force: true })
  heading('Set up')
  const runtime = await setUp(['window', 'test'])
  const types = startTypes()
  heading('Build')
  await build()
  const failedSteps = await check({ types })
  heading('Electron end to end')
  if ((await runEndToEnd(runtime)) !== 0) failedSteps.push('Electron end to end')

  const [unit, endToEnd] = [unitTotals(), endToEndTotals()]
  const sum = (key) => unit[key] + endToEnd[key]
  // Types, lint and import graph have no test of their own, so each that fails counts as one.
  const failedChecks = failedSteps.filter((step) => ['Types', 'Lint', 'Import graph'].includes(step)).length
  const runnersFailed = failedSteps.length - failedChecks
  const failed = Math.max(sum('failed'), runnersFailed) + failedChecks
  heading(failed === 0 ? `Everything passed in ${seconds(started)}` : `Failed: ${failedSteps.join(', ')}`)
  console.log(`${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`)
  return failed === 0 ? 0 : 1
})
