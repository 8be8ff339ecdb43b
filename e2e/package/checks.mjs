/** Says what was checked, and counts. */
export function createChecks() {
  const counts = { passed: 0, failed: 0 }
  const faults = []

  return {
    counts,
    faults,
    /** One claim and how it was found; an error in finding out is a failure. */
    async check(claim, find) {
      const started = Date.now()
      let fault
      try {
        fault = await find()
      } catch (error) {
        fault = error instanceof Error ? error.message : String(error)
      }
      counts[fault ? 'failed' : 'passed'] += 1
      console.log(`${fault ? '  FAILED' : '  ok'}  ${claim} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
      if (fault) console.log(`          ${String(fault).trim().split('\n').slice(-14).join('\n          ')}`)
      if (fault) faults.push(claim)
      return !fault
    }
  }
}

/** What is wrong with the end of a command, or nothing. */
export function wrong({ code, out, err }, wantedCode, ...wanted) {
  const said = `${out}\n${err}`
  if (code !== wantedCode) return `It ended with ${code} instead of ${wantedCode}:\n${said.slice(-1500)}`
  const missing = wanted.filter((text) => !(text instanceof RegExp ? text.test(said) : said.includes(text)))
  return missing.length > 0 ? `It does not say ${missing.join(', ')}:\n${said.slice(-1500)}` : undefined
}
