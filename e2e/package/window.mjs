/**
 * Looks at a packaged window through Chromium's own debugging port: node --experimental-websocket window.mjs PORT PICTURE TEXT...
 * Waits for the texts, takes a picture and prints what stands in the page. Playwright cannot do it: it attaches to Electron through a way
 * that the package closes, and to Chromium with commands that Electron does not know.
 */
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const [port, picture, ...wanted] = process.argv.slice(2)
const longest = 120_000
const started = Date.now()

/** Tries until there is an answer, or the time is over. */
async function patiently(what, ask) {
  let last
  while (Date.now() - started < longest) {
    last = await Promise.resolve(ask()).catch((error) => void (last = error))
    if (last) return last
    await sleep(500)
  }
  throw new Error(`${what} was not seen in ${longest / 1000} s.`)
}

/** The commands of one page. */
async function attach(address) {
  const socket = new WebSocket(address)
  const waiting = new Map()
  let count = 0
  await new Promise((done, fail) => {
    socket.onopen = done
    socket.onerror = () => fail(new Error('The page cannot be reached.'))
  })
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(data)
    if (!waiting.has(id)) return
    const { done, fail } = waiting.get(id)
    waiting.delete(id)
    if (error) fail(new Error(error.message))
    else done(result)
  }
  return (method, params = {}) =>
    new Promise((done, fail) => {
      waiting.set(++count, { done, fail })
      socket.send(JSON.stringify({ id: count, method, params }))
    })
}

const page = await patiently('A page', async () => {
  const targets = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()
  return targets.find(({ type, url }) => type === 'page' && url.startsWith('app:'))
})
const ask = await attach(page.webSocketDebuggerUrl)
const text = async () => (await ask('Runtime.evaluate', { expression: 'document.body.innerText', returnByValue: true })).result.value ?? ''
let missing
try {
  for (const each of wanted) await patiently(each, async () => new RegExp(each, 'i').test(await text()))
} catch (error) {
  missing = error.message
}
const { data } = await ask('Page.captureScreenshot', { format: 'png' })
writeFileSync(picture, Buffer.from(data, 'base64'))
console.log(JSON.stringify({ missing, text: (await text()).slice(0, 4000) }))
process.exit(0)
