import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PipelineRun } from '../../model/pipeline-run'
import { pipelineOf, scriptStep } from './fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'
import { processStart } from '../../storage/process-identity'
import { removeFolder } from './workspace-files'

let folder: ReturnType<typeof temporaryFolder>
let outside: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  outside = temporaryFolder()
  // As on a computer that confines nothing: what they do then must do no harm either.
  workspace = await openPipelineWorkspace(folder.path, { confine: false })
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
  outside.remove()
})

const run = (name: string, ...steps: string[]): Promise<PipelineRun> => workspace.run(pipelineOf(name, ...steps))
const of = (result: PipelineRun, id: string) => result.steps.find((item) => item.stepId === id)!
const storedText = (result: PipelineRun, id: string): string =>
  readFileSync(workspace.context.objects.pathOf(of(result, id).outputs[0].sha256), 'utf8')

describe.skipIf(process.platform === 'win32')('scripts that do what they should not', () => {
  it('get nothing into the store that is not a file of their own, and harm no file of others', { timeout: 180_000 }, async () => {
    const treasure = join(outside.path, 'treasure')
    mkdirSync(treasure)
    writeFileSync(join(treasure, 'model.onnx'), 'mine')
    writeFileSync(join(outside.path, 'notes.txt'), 'before', { mode: 0o640 })
    const notes = JSON.stringify(join(outside.path, 'notes.txt'))
    const result = await run(
      'outputs',
      scriptStep('silent', ''),
      scriptStep('link', `fs.symlinkSync(${notes}, out)`),
      scriptStep('pipe', `require('child_process').execFileSync('mkfifo', [out])`),
      scriptStep('folder', `fs.rmdirSync(out); fs.symlinkSync(${JSON.stringify(treasure)}, out)`, { output: 'Model' }),
      scriptStep('tree', `fs.mkdirSync(out)`),
      scriptStep('torn', `fs.writeFileSync(out, 'ARROW1xx')`, { output: 'Table' }),
      scriptStep('twin', `fs.linkSync(${notes}, out)`),
      scriptStep('good', `fs.writeFileSync(out, 'good')`)
    )
    expect(Object.fromEntries(result.steps.map((item) => [item.stepId, item.state]))).toEqual({
      silent: 'failed',
      link: 'failed',
      pipe: 'failed',
      folder: 'failed',
      tree: 'failed',
      torn: 'failed',
      twin: 'succeeded',
      good: 'succeeded'
    })
    expect(of(result, 'silent').failure?.message).toContain('without writing its output')
    expect(['link', 'pipe', 'tree'].map((id) => /left a \w+/.exec(of(result, id).failure!.message)?.[0])).toEqual([
      'left a link',
      'left a pipe',
      'left a folder'
    ])
    expect(of(result, 'torn').failure?.message).toMatch(
      /^The step "torn" wrote at its output "\w+" no Arrow IPC file that can be read: it [^/]*$/
    )
    expect(of(result, 'torn').failure?.message).not.toMatch(/download/)
    expect(of(result, 'folder').failure).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('behind a link') })
    expect(readFileSync(join(treasure, 'model.onnx'), 'utf8')).toBe('mine')
    expect(statSync(join(outside.path, 'notes.txt')).mode & 0o777).toBe(0o640)
    writeFileSync(join(outside.path, 'notes.txt'), 'after')
    expect(storedText(result, 'twin')).toBe('before')
    expect(readdirSync(join(folder.path, 'tmp'))).toEqual([])
  })

  it('cannot lie in metrics and progress, nor keep the step waiting with what they put there', { timeout: 180_000 }, async () => {
    const result = await run(
      'lies',
      scriptStep(
        'liar',
        `fs.writeFileSync(process.env.DRYDOCK_METRICS, [
          '{"name":"loss","value":NaN}', '{"name":"loss","value":1e999}', '{"name":"loss","value":1,"step":1e999}',
          JSON.stringify({ name: 'k'.repeat(10000), value: 1 }), '{"name":"loss","value":"1"}', '[1]', 'null', '{"__proto__":{"value":1},"name":"loss"}',
          '{"name":"größe","value":2,"step":3}'
        ].join('\\n'));
        fs.writeFileSync(process.env.DRYDOCK_PROGRESS, '{"fraction":1e999,"message":{"a":1}}\\n{"fraction":-5,"message":"' + 'm'.repeat(100000) + '"}\\n');
        fs.writeFileSync(out, 'done')`
      ),
      scriptStep(
        'plumber',
        `require('child_process').execFileSync('mkfifo', [process.env.DRYDOCK_METRICS]); fs.symlinkSync('/dev/zero', process.env.DRYDOCK_PROGRESS); fs.writeFileSync(out, 'done')`
      )
    )
    expect(result.failure).toBeNull()
    expect(workspace.pipelines.metrics(result.id, 'liar').map(({ name, value, step }) => [name, value, step])).toEqual([
      ['größe', 2, 3],
      ['loss', NaN, 0],
      ['loss', Infinity, 0]
    ])
    expect((await workspace.pipelines.log(result.id, 'liar')).text).toContain('6 lines of the metrics file were passed over')
    expect(workspace.pipelines.metrics(result.id, 'plumber')).toEqual([])
  })

  it('cannot fill the disk with their log', { timeout: 180_000 }, async () => {
    const result = await run(
      'chatter',
      scriptStep(
        'chatty',
        `const lines = 'a line that says nothing\\n'.repeat(40000); for (let i = 0; i < 40; i++) fs.writeSync(1, lines); fs.writeSync(1, 'x'.repeat(5e6)); fs.writeFileSync(out, 'done')`
      )
    )
    expect(result.failure).toBeNull()
    const logs = join(folder.path, 'runs', result.id)
    const kept = readdirSync(logs).filter((name) => name.startsWith('chatty.1.log'))
    const size = kept.reduce((sum, name) => sum + statSync(join(logs, name)).size, 0)
    expect(size).toBeGreaterThan(30 * 2 ** 20)
    expect(size).toBeLessThan(33 * 2 ** 20)
    const after = statSync(join(logs, 'chatty.1.log')).size
    expect((await workspace.pipelines.log(result.id, 'chatty', undefined, after)).text).toContain('bytes are left out here')
  })

  it.skipIf(!existsSync('/proc/self/environ'))(
    'leave no process: not by a second fork, a session of its own, or an empty environment',
    { timeout: 180_000 },
    async () => {
      // The daemon waits so long under its parent that the watchdog has seen it; then it has no parent, no group and no token.
      const daemon = `const fs = require('fs'); fs.writeFileSync(process.argv[1] + '.pid', String(process.pid)); setInterval(() => fs.appendFileSync(process.argv[1], 'late'), 10)`
      const result = await run(
        'daemons',
        scriptStep(
          'forker',
          `fs.writeFileSync(out, 'whole');
        const { spawn } = require('child_process');
        const args = ['-e', ${JSON.stringify(daemon)}];
        spawn('setsid', ['-f', process.execPath, ...args, out + '1'], { stdio: 'ignore' });
        spawn(process.execPath, [...args, out + '2'], { detached: true, stdio: 'ignore', env: {} }).unref();
        const look = setInterval(() => { if (fs.existsSync(out + '1.pid') && fs.existsSync(out + '2.pid')) {
          clearInterval(look);
          for (const n of [1, 2]) fs.copyFileSync(out + n + '.pid', ${JSON.stringify(outside.path)} + '/daemon' + n);
          setTimeout(() => process.exit(0), 4000)
        } }, 20)`
        )
      )
      expect(result.failure).toBeNull()
      expect(storedText(result, 'forker')).toBe('whole')
      for (const n of [1, 2]) expect(processStart(Number(readFileSync(join(outside.path, `daemon${n}`), 'utf8')))).toBeNull()
    }
  )

  it('are refused names that would lead elsewhere or read a secret', async () => {
    symlinkSync(outside.path, join(folder.path, 'code', 'elsewhere'))
    writeFileSync(join(outside.path, 'secret'), 'secret')
    const with_ = (parameters: string): Promise<PipelineRun> =>
      run('names', `  - id: a\n    type: script\n    parameters: { command: [x], outputs: { result: File }, ${parameters} }\n`)
    for (const parameters of [
      'files: { ../x: y }',
      'files: { /etc/x: y }',
      'files: { "a/../../x": y }',
      'code: [elsewhere/secret]',
      'code: [elsewhere]',
      'code: [../ledger.sqlite]',
      'environment: [DRYDOCK_PASSPHRASE]',
      'environment: [DRYDOCK_ATTEMPT]'
    ])
      await expect(with_(parameters), parameters).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(with_('code: [missing.py]')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    // What cannot start leaves no version behind either.
    expect(workspace.pipelines.list().map((item) => item.name)).not.toContain('names')
    const good = await run(
      'unicode',
      scriptStep('work', `fs.writeFileSync(out, fs.readFileSync('дан ные/ünï.txt'))`).replace(
        'files: {',
        'files: { "дан ные/ünï.txt": grün,'
      )
    )
    expect(storedText(good, 'work')).toBe('grün')
  })

  it.skipIf(process.getuid?.() !== 0)('may leave folders without write permission; they are removed all the same', async () => {
    const path = join(outside.path, 'cache')
    mkdirSync(join(path, 'module/deep'), { recursive: true })
    writeFileSync(join(path, 'module/deep/file'), 'x')
    execFileSync('chmod', ['-R', 'a-w', join(path, 'module')])
    execFileSync('chown', ['-R', '65534:65534', path])
    execFileSync('chmod', ['777', outside.path])
    process.seteuid!(65534)
    try {
      expect(await removeFolder(path)).toBe(true)
    } finally {
      process.seteuid!(0)
    }
    expect(existsSync(path)).toBe(false)
  })
})
