import { spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PipelineRun } from '../../../model/pipeline-run'
import { pipelineOf, scriptStep } from '../../pipelines/fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../../pipelines/fixtures/pipeline-workspace'
import { runCommand } from '../run-command'
import { confinedCommands, HELD, whyNot } from '.'

/** Whether this computer lets an ordinary program have namespaces of its own, found without our code. */
const canConfine = process.platform === 'linux' && spawnSync('unshare', ['-U', '-r', '-m', '-n', '-p', '-f', 'true']).status === 0
const folder = temporaryFolder()
const outside = temporaryFolder()
let workspace: PipelineWorkspace
const servers = [createServer((socket) => socket.destroy()), createServer((socket) => socket.destroy())]
const socketPath = join(outside.path, 'open.sock')
let port = 0

beforeAll(async () => {
  workspace = await openPipelineWorkspace(folder.path)
  await new Promise<void>((listening) => servers[0].listen(0, '127.0.0.1', listening))
  await new Promise<void>((listening) => servers[1].listen(socketPath, listening))
  port = (servers[0].address() as { port: number }).port
  writeFileSync(join(outside.path, 'seen.csv'), 'seen')
})
afterAll(async () => {
  for (const server of servers) server.close()
  await workspace.close()
  folder.remove()
  outside.remove()
})

const stepOf = (run: PipelineRun, id: string) => run.steps.find((item) => item.stepId === id)!
const statementOf = (run: PipelineRun, id: string) => stepOf(run, id).attempts[0].confinement
const outputOf = (run: PipelineRun, id: string): unknown =>
  JSON.parse(readFileSync(workspace.context.objects.pathOf(stepOf(run, id).outputs[0].sha256), 'utf8'))

describe('a program of a step', () => {
  it(
    'is kept from everything but its own folder where the system allows, and the run says which it was',
    { timeout: 120_000 },
    async () => {
      mkdirSync(join(folder.path, 'tmp', 'other.1'), { recursive: true })
      const targets = {
        ledger: join(folder.path, 'ledger.sqlite'),
        data: join(folder.path, 'data', 'evil'),
        attempt: join(folder.path, 'tmp', 'other.1', 'evil'),
        elsewhere: join(outside.path, 'evil'),
        root: '/drydock-evil'
      }
      const code = `
      const net = require('net')
      const found = {}
      for (const [name, path] of Object.entries(${JSON.stringify(targets)})) {
        try { fs.appendFileSync(path, ''); found[name] = 'written' } catch { found[name] = 'kept' }
      }
      fs.writeFileSync('own', 'x'); fs.writeFileSync('/tmp/a-moment', 'x')
      found.own = fs.readFileSync('own', 'utf8') + fs.readFileSync('/tmp/a-moment', 'utf8')
      found.named = fs.readFileSync(process.argv[2], 'utf8')
      found.home = process.env.HOME === process.cwd()
      try { found.others = fs.readdirSync('/proc').filter((name) => name === ${JSON.stringify(String(process.pid))}).length } catch { found.others = -1 }
      try { found.rights = /CapEff:\\s*(\\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1] } catch {}
      found.user = process.getuid?.()
      fs.appendFileSync(process.env.DRYDOCK_METRICS, '{"name":"loss","value":1}\\n')
      const reach = (at) => new Promise((done) => net.connect(at).on('connect', () => done('reached')).on('error', () => done('kept')))
      Promise.all([reach({ port: ${port}, host: '127.0.0.1' }), reach(${JSON.stringify(socketPath)})]).then(([tcp, unix]) =>
        fs.writeFileSync(out, JSON.stringify({ ...found, tcp, unix })))`
      const run = await workspace.run(
        pipelineOf(
          'hostile',
          scriptStep('hostile', code).replace('main.js]', `main.js, ${JSON.stringify(join(outside.path, 'seen.csv'))}]`)
        )
      )
      expect(stepOf(run, 'hostile').failure).toBeNull()
      const found = outputOf(run, 'hostile')
      const statement = statementOf(run, 'hostile')
      expect(found).toMatchObject({ own: 'xx', named: 'seen', home: true, user: process.getuid?.() })
      if (canConfine) {
        expect(statement).toBe(HELD)
        expect(found).toMatchObject({
          ledger: 'kept',
          data: 'kept',
          attempt: 'kept',
          elsewhere: 'kept',
          root: 'kept',
          tcp: 'kept',
          unix: 'kept'
        })
        expect(found).toMatchObject({ others: 0, rights: '0000000000000000' })
      } else {
        expect(statement).toMatch(/^none: \S/)
        expect(found).toMatchObject({ attempt: 'written', tcp: 'reached' })
      }
      const [recorded] = workspace.experiments.runs({}).runs
      expect(workspace.experiments.run(recorded.id).environment.confinement).toBe(statement)
    }
  )

  it('ends as it would outside: by code, by signal, and with what it leaves running', { timeout: 120_000 }, async () => {
    const run = await workspace.run(
      pipelineOf(
        'ends',
        scriptStep('code', 'process.exit(3)'),
        scriptStep('signal', `process.kill(process.pid, 'SIGKILL')`),
        scriptStep('words', `console.log('said'); console.error('complained'); process.exit(1)`),
        '  - id: nobody\n    type: script\n    parameters: { command: [no-such-program], outputs: { result: File } }\n'
      )
    )
    const messageOf = (id: string) => stepOf(run, id).failure?.message
    expect(messageOf('code')).toMatch(/with exit code 3/)
    expect(messageOf('signal')).toMatch(/by signal SIGKILL/)
    expect(messageOf('words')).toMatch(/Its last words: complained/)
    expect((await workspace.pipelines.log(run.id, 'words')).text).toMatch(/said/)
    expect(messageOf('nobody')).toMatch(/"no-such-program" is not on this computer/)
  })

  it.skipIf(process.platform !== 'linux')(
    'leaves nothing behind when it is cancelled or ends, whatever it started',
    { timeout: 120_000 },
    async () => {
      const mark = `left-${process.pid}`
      // Without confinement only what still carries its token is found at once.
      const leave = `require('child_process').spawn('setsid', ['-f', process.execPath, '-e', 'setInterval(() => {}, 1000)', '${mark}'], { stdio: 'ignore', env: ${canConfine ? '{}' : 'process.env'} }).on('exit', () => { fs.writeFileSync(out, 'done'); console.log('left') })`
      const left = (): string[] =>
        readdirSync('/proc').filter((pid) => {
          try {
            return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').endsWith(`\0${mark}\0`)
          } catch {
            return false
          }
        })
      expect((await workspace.run(pipelineOf('leaves', scriptStep('a', leave)))).state).toBe('succeeded')
      expect(left()).toEqual([])
      const { runId } = await workspace.pipelines.run({
        yaml: pipelineOf('stays', scriptStep('a', `${leave}; setInterval(() => {}, 1000)`))
      })
      await expect.poll(() => left().length, { timeout: 60_000 }).toBe(1)
      await workspace.pipelines.cancel(runId)
      expect(left()).toEqual([])
      const statement = statementOf(await workspace.pipelines.getRun(runId), 'a')
      expect(statement === HELD).toBe(canConfine)
    }
  )

  it('runs without where it cannot be had and says why, unless its step asks for it', { timeout: 120_000 }, async () => {
    const plain = temporaryFolder()
    const own = await openPipelineWorkspace(plain.path, { confine: false })
    const write = (id: string) => scriptStep(id, `fs.writeFileSync(out, '{}')`)
    const required = scriptStep('strict', `console.log('it ran')`, { parameters: '      confinement: required\n' })
    const run = await own.run(pipelineOf('without', write('usual'), required))
    expect([stepOf(run, 'usual').state, statementOf(run, 'usual')]).toEqual(['succeeded', 'none: DRYDOCK_CONFINEMENT switches it off'])
    expect(stepOf(run, 'strict').failure).toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('asks to run confined') })
    expect((await own.pipelines.log(run.id, 'strict')).text).not.toContain('it ran')
    await own.close()
    plain.remove()
    expect(existsSync(plain.path)).toBe(false)
  })
})

it('is held by each way that this computer has, and none that does not hold says so', { timeout: 120_000 }, async () => {
  const own = join(folder.path, 'tmp', 'way')
  mkdirSync(join(own, 'work'), { recursive: true })
  mkdirSync(join(own, 'root'))
  const place = { workspace: folder.path, own, work: join(own, 'work'), root: join(own, 'root'), named: [] }
  const canary =
    'for at in "$1/evil" "$2/evil" own; do (echo x > "$at") 2>/dev/null && echo "$at"; done; grep CapEff /proc/self/status; grep -c : /proc/net/dev; cat "$1/ledger.sqlite" > /dev/null && echo read'
  const ways = await confinedCommands(place, ['sh', '-c', canary, 'sh', folder.path, outside.path])
  let heldBy = 0
  for (const way of ways) {
    const said: string[] = []
    let isHeld = false
    const running = {
      cwd: place.work,
      env: { PATH: '/usr/bin:/bin' },
      signal: new AbortController().signal,
      log: (lines: string) => void said.push(lines)
    }
    const ended = await runCommand(way, { ...running, hide: (text) => text }, () => (isHeld = true)).catch(() => null)
    if (!isHeld) {
      expect(said.join(), 'the program has not begun').not.toContain('own')
      continue
    }
    heldBy++
    expect([way[0], ended?.code, said.join('\n').replace(/\s+/g, ' ')]).toEqual([way[0], 0, 'own CapEff: 0000000000000000 1 read'])
  }
  expect(heldBy > 0).toBe(canConfine)
})

it('says why a program could not be confined', () => {
  if (process.platform !== 'linux') return expect(whyNot('')).toMatch(/operating system/)
  expect(whyNot('unshare: unshare failed: Operation not permitted')).toBe('user namespaces are switched off on this computer')
  expect(whyNot('unshare: unshare failed: No space left on device')).toBe('user namespaces are switched off on this computer')
  expect(whyNot('spawn unshare ENOENT')).toBe('the program "unshare" is not on this computer')
  expect(whyNot('sh: 9: exec: setpriv: not found')).toBe('the program "setpriv" is not on this computer')
  expect(whyNot('mount: /x: permission denied.')).toBe('it could not be set up (mount: /x: permission denied.)')
})
