/** Who imports whom, judged by scripts/dependency-cruiser.cjs. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './electron-resolver.mjs'
import { capture } from './terminal.mjs'

/**
 * @param {string} directory a folder with main/, preload/, renderer/ and tsconfig.json
 * @returns {{ modules: number, violations: { rule: string, from: string, to: string, severity: string }[] }}
 */
export function cruiseImports(directory = root) {
  const folders = ['main', 'preload', 'renderer'].filter((name) => existsSync(join(directory, name)))
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const rules = join(root, 'scripts/dependency-cruiser.cjs')
  const { output, errors } = capture(process.execPath, [program, '--config', rules, '--output-type', 'json', ...folders], {
    cwd: directory
  })
  let summary
  try {
    summary = JSON.parse(output).summary
  } catch {
    throw new Error(`dependency-cruiser gave no result: ${errors.trim() || output.slice(0, 500)}`)
  }
  const violations = summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, severity: rule.severity, from, to }))
  return { modules: summary.totalCruised, violations }
}
