import http from 'node:http'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, launchApp, test } from '../fixtures/app'
import { answerDialog } from '../pages/workbench'

const hostPid = (app: Awaited<ReturnType<typeof launchApp>>): Promise<number | undefined> =>
  app.evaluate(
    ({ app: electron }) => electron.getAppMetrics().find((each) => each.name === 'Drydock host' || each.serviceName === 'Drydock host')?.pid
  )

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A loopback server that nobody should ever call. */
async function startCanary() {
  const hits: string[] = []
  const server = http.createServer((request, response) => {
    hits.push(request.url ?? '')
    response.setHeader('access-control-allow-origin', '*').end('canary')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { hits, port: (server.address() as AddressInfo).port, close: () => server.close() }
}

test.describe('the window', () => {
  test('opens, paints its first screen and has its host', async ({ app, page }) => {
    await expect(page).toHaveTitle(/Drydock/)
    await expect(page.locator('#root')).not.toBeEmpty()
    const bounds = () =>
      app.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows()
        return { visible: window.isVisible(), smallest: window.getMinimumSize() }
      })
    // It is shown once its first frame is there, which may be after the page has its elements.
    await expect.poll(bounds).toEqual({ visible: true, smallest: [1024, 640] })
    await expect.poll(() => hostPid(app)).toBeGreaterThan(0)
  })

  test('remembers its size', async ({ app, page, directory }) => {
    await expect(page.locator('#root')).not.toBeEmpty()
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].setContentSize(1111, 701))
    // The display answers when it has done so; until then the window has the size before.
    await expect.poll(() => page.evaluate(() => [window.innerWidth, window.innerHeight])).toEqual([1111, 701])
    const size = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getSize())
    await app.close()
    const again = await launchApp(directory)
    await again.firstWindow()
    await expect.poll(() => again.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getSize())).toEqual(size)
    await again.close()
  })

  test('stops its host when it is closed', async ({ app, page, directory }) => {
    await expect(page.locator('#root')).not.toBeEmpty()
    const log = join(directory, 'user-data', 'logs', 'host.log')
    await expect.poll(() => existsSync(log) && readFileSync(log, 'utf8')).toContain('host started')
    const pid = (await hostPid(app))!
    await app.close()
    await expect.poll(() => isAlive(pid)).toBe(false)
    expect(readFileSync(log, 'utf8')).toContain('host stopped')
  })
})

test.describe('a host that dies', () => {
  test('is started again and the window says so', async ({ app, page }) => {
    await expect(page.locator('#root')).not.toBeEmpty()
    await expect.poll(() => hostPid(app)).toBeGreaterThan(0)
    const before = (await hostPid(app))!
    process.kill(before, 'SIGKILL')
    await expect.poll(() => hostPid(app)).not.toBe(before)
    await expect.poll(() => hostPid(app)).toBeGreaterThan(0)
    await expect(page.getByText(/restarted/i).first()).toBeVisible()
  })

  test('does not outlive a killed app', async ({ app, page }) => {
    await expect(page.locator('#root')).not.toBeEmpty()
    await expect.poll(() => hostPid(app)).toBeGreaterThan(0)
    const host = (await hostPid(app))!
    process.kill(app.process().pid!, 'SIGKILL')
    await expect.poll(() => isAlive(host)).toBe(false)
  })
})

test.describe('security of the page', () => {
  test.use({
    expectedProblems: /Content Security Policy|net::ERR|Not allowed to load|Failed to load resource|WebSocket/
  })

  test('has no Node, no Electron and no generic bridge', async ({ page }) => {
    const seen = await page.evaluate(() => ({
      require: typeof Reflect.get(globalThis, 'require'),
      process: typeof Reflect.get(globalThis, 'process'),
      bridge: Object.keys(window.drydock).sort(),
      os: Object.keys(window.drydock.os).sort()
    }))
    expect(seen).toEqual({
      require: 'undefined',
      process: 'undefined',
      bridge: ['launch', 'onAction', 'onHostState', 'onPort', 'os'],
      os: [
        'openFiles',
        'openFolder',
        'openReport',
        'placeOfDroppedFile',
        'restartHost',
        'restartProgram',
        'saveFile',
        'setTheme',
        'showInFolder'
      ]
    })
  })

  test('cannot reach the network in any way', async ({ page }) => {
    const canary = await startCanary()
    const { port } = canary
    const tried = await page.evaluate(async (at) => {
      const base = `http://127.0.0.1:${at}`
      const outcome: Record<string, string> = {}
      outcome.fetch = await fetch(`${base}/fetch`).then(
        () => 'reached',
        () => 'refused'
      )
      outcome.image = await new Promise<string>((done) => {
        const image = new Image()
        image.addEventListener('load', () => done('reached'))
        image.addEventListener('error', () => done('refused'))
        image.src = `${base}/image`
      })
      outcome.socket = await new Promise<string>((done) => {
        try {
          const socket = new WebSocket(`ws://127.0.0.1:${at}/socket`)
          socket.addEventListener('open', () => done('reached'))
          socket.addEventListener('error', () => done('refused'))
        } catch {
          done('refused')
        }
      })
      navigator.sendBeacon(`${base}/beacon`, 'x')
      for (const rel of ['preconnect', 'prefetch', 'dns-prefetch']) {
        const link = document.createElement('link')
        link.rel = rel
        link.href = `${base}/${rel}`
        document.head.append(link)
      }
      outcome.open = String(window.open(`${base}/open`))
      outcome.file = await fetch('file:///etc/passwd').then(
        () => 'reached',
        () => 'refused'
      )
      await new Promise((done) => setTimeout(done, 500))
      return outcome
    }, port)
    expect(tried).toEqual({ fetch: 'refused', image: 'refused', socket: 'refused', open: 'null', file: 'refused' })
    expect(canary.hits).toEqual([])
    canary.close()
  })

  test('cannot navigate away', async ({ page }) => {
    const canary = await startCanary()
    const before = page.url()
    await page.evaluate((at) => {
      location.href = `http://127.0.0.1:${at}/navigate`
    }, canary.port)
    await page.waitForTimeout(500)
    expect(page.url()).toBe(before)
    expect(canary.hits).toEqual([])
    canary.close()
  })

  test('gets no file outside of its folder and no permission', async ({ page }) => {
    const seen = await page.evaluate(async () => {
      const statuses: number[] = []
      for (const path of [
        '/..%2f..%2fmain%2findex.js',
        '/../main/index.js',
        '/%2e%2e/main/index.js',
        '/..%5cmain%5cindex.js',
        '/missing.js'
      ])
        statuses.push((await fetch(`app://ui${path}`)).status)
      const permission = await Notification.requestPermission()
      const location = await new Promise<string>((done) =>
        navigator.geolocation.getCurrentPosition(
          () => done('granted'),
          () => done('denied')
        )
      )
      let evaluated = 'refused'
      try {
        evaluated = String(
          await new Promise((done, failed) =>
            setTimeout(() => {
              try {
                done(Reflect.get(window, 'eval')('1+1'))
              } catch (error) {
                failed(error)
              }
            })
          )
        )
      } catch {
        // Refused by the content policy.
      }
      return { statuses, permission, location, evaluated }
    })
    expect(seen).toEqual({ statuses: [404, 404, 404, 404, 404], permission: 'denied', location: 'denied', evaluated: 'refused' })
  })

  test('gets an error for OS calls with bad input', async ({ app, page, directory }) => {
    const link = join(directory, 'report.html')
    symlinkSync('/bin/sh', link)
    await answerDialog(app, link)
    const refused = await page.evaluate(async () => {
      const [chosen] = (await window.drydock.os.openFiles({}))!
      const calls = [
        () => window.drydock.os.showInFolder('chosen:none:/etc'),
        () => window.drydock.os.openReport('/bin/sh'),
        () => window.drydock.os.openReport(chosen),
        () => window.drydock.os.setTheme('neon' as 'dark'),
        () => window.drydock.os.openFiles({ filters: [{ name: 'x', extensions: ['a b;c'] }] })
      ]
      const outcomes = await Promise.allSettled(calls.map((call) => call()))
      return outcomes.map((outcome) => (outcome.status === 'rejected' ? String(outcome.reason) : 'done'))
    })
    expect(refused).toEqual([
      expect.stringContaining('was not chosen'),
      expect.stringContaining('was not chosen'),
      expect.stringContaining('Only a saved page or PDF'),
      expect.stringMatching(/invalid/i),
      expect.stringMatching(/invalid/i)
    ])
  })

  test('cannot be given network by Node in the main process either', async ({ app }) => {
    const canary = await startCanary()
    const outcome = await app.evaluate(async ({ net, session }, at) => {
      const settle = (attempt: Promise<unknown>) =>
        attempt.then(
          () => 'reached',
          () => 'refused'
        )
      return {
        outside: await settle(fetch('http://192.0.2.1/')),
        chromium: await settle(net.fetch(`http://127.0.0.1:${at}/net`)),
        name: await settle(session.defaultSession.fetch('http://example.com/'))
      }
    }, canary.port)
    expect(outcome).toEqual({ outside: 'refused', chromium: 'refused', name: 'refused' })
    expect(canary.hits).toEqual([])
    canary.close()
  })
})
