import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../fixtures/app'
import { countCalls, findOutsideCalls } from '../fixtures/network-trace'

test.skip(process.platform !== 'linux', 'strace is a tool of Linux')

test.describe('the parser of the trace', () => {
  test('finds a planted connection, in a real trace', async ({ directory }) => {
    const trace = join(directory, 'planted.strace')
    // 192.0.2.1 is an address that no machine has (RFC 5737); a non-blocking connect is seen whatever becomes of it.
    const planted = "const s=require('net').connect(9,'192.0.2.1');s.on('error',()=>{});setTimeout(()=>process.exit(),200)"
    spawnSync('strace', ['-f', '-qq', '-e', 'trace=network', '-o', trace, process.execPath, '-e', planted])
    expect(findOutsideCalls(readFileSync(trace, 'utf8'))).toContainEqual(expect.objectContaining({ call: 'connect', address: '192.0.2.1' }))
  })

  test('knows loopback from everything else', () => {
    const v4 = (call: string, address: string) =>
      `17 ${call}(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("${address}")}, 16) = 0`
    const v6 = (address: string) =>
      `17 connect(3, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "${address}", &sin6_addr), sin6_scope_id=0}, 28) = 0`
    const inside = [
      v4('bind', '127.0.0.1'),
      v4('connect', '127.0.0.53'),
      v6('::1'),
      '17 connect(3, {sa_family=AF_UNIX, sun_path="/tmp/x"}, 110) = 0'
    ]
    const outside = [
      v4('bind', '0.0.0.0'),
      v4('connect', '10.0.0.1'),
      v4('sendto', '8.8.8.8'),
      v6('2001:db8::1'),
      v6('::'),
      '17 connect(3, {sa_family=AF_INET, 0x7ffe) = 0'
    ]
    expect(findOutsideCalls(inside.join('\n'))).toEqual([])
    expect(findOutsideCalls(outside.join('\n'))).toHaveLength(outside.length)
  })
})

test.describe('the app under strace', () => {
  test.use({ traceNetwork: true, expectedProblems: /Content Security Policy|Failed to load resource/ })

  test('makes no call beyond loopback from start to end', async ({ app, page, networkTrace }) => {
    await expect(page.locator('#root')).not.toBeEmpty()
    await page.evaluate(() => fetch('http://example.com/').catch(() => undefined))
    await page.waitForTimeout(5000)
    await app.close()
    const trace = readFileSync(networkTrace, 'utf8')
    expect(countCalls(trace)).toBeGreaterThan(20)
    expect(findOutsideCalls(trace)).toEqual([])
  })
})

/** Runs the built command line and everything it starts under strace; the kernel stops it at network calls only, so it is hardly slower. */
function traceCli(directory: string, args: string[]): { status: number | null; output: string; trace: string } {
  const file = join(directory, 'job.strace')
  const program = join(process.cwd(), 'out', 'main', 'cli.js')
  const [home, temporary] = [join(directory, 'home'), join(directory, 'tmp')]
  for (const folder of [home, temporary]) mkdirSync(folder, { recursive: true })
  const env = { ...process.env, DRYDOCK_USER_DIR: join(directory, 'user-data'), HOME: home, TMPDIR: temporary, XDG_CACHE_HOME: '' }
  const strace = ['-f', '--seccomp-bpf', '-qq', '-e', 'trace=network', '-o', file, process.execPath, program]
  const { status, stdout, stderr } = spawnSync('strace', [...strace, ...args], { encoding: 'utf8', env })
  return { status, output: stdout + stderr, trace: readFileSync(file, 'utf8') }
}

test.describe('the whole job under strace', () => {
  test('makes no call beyond loopback', ({ directory }) => {
    test.setTimeout(600_000)
    const workspace = join(directory, 'sample')
    const { status, output, trace } = traceCli(directory, ['sample', workspace])
    expect(status, output).toBe(0)
    expect(existsSync(join(workspace, 'exports'))).toBe(true)
    // Every worker has a channel to its parent: a trace that missed them would be nearly empty.
    expect(countCalls(trace)).toBeGreaterThan(20)
    expect(findOutsideCalls(trace)).toEqual([])
    // A library that means to call home later begins with an identity and a queue on the disk.
    expect(readdirSync(join(directory, 'home'), { recursive: true })).toEqual([])
    // Our own place for sockets stays, and it is empty: where there is no folder of the session, the temporary one has to do.
    const ours = `drydock-${process.getuid!()}`
    expect(readdirSync(join(directory, 'tmp'), { recursive: true }).filter((name) => name !== ours)).toEqual([])
  })

  test('is seen in every process: a script step that calls out is found', ({ directory }) => {
    const workspace = join(directory, 'breach')
    const pipeline = join(directory, 'breach.yaml')
    const code = "require('net').connect(9,'192.0.2.1').on('error',()=>{});setTimeout(()=>process.exit(),200)"
    writeFileSync(
      pipeline,
      `schema: drydock.pipeline
version: 1
name: breach
steps:
  - id: breach
    type: script
    parameters:
      command: [${JSON.stringify(process.execPath)}, main.js]
      outputs: { result: File }
      files:
        main.js: ${JSON.stringify(`require('fs').writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, 'x');${code}`)}
`
    )
    expect(traceCli(directory, ['init', workspace, '--name', 'Breach']).status).toBe(0)
    const { output, trace } = traceCli(directory, ['run', '-w', workspace, pipeline])
    expect(findOutsideCalls(trace), output).toContainEqual(expect.objectContaining({ call: 'connect', address: '192.0.2.1' }))
  })
})
