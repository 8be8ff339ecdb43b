/** The work of an analyst and of a reviewer with what was installed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { wrong } from './checks.mjs'

const bundle = '~/sample/exports/strike-damage-1.drydock'
const key = '~/sample/exports/signer.pub.pem'

/** Ends the window and waits until it is gone. */
export async function closeWindow(test, window) {
  test.machine.run('analyst', 'pkill -TERM -u analyst -o drydock-app || kill -TERM $(pidof -s drydock-app)')
  const gone = await Promise.race([window.ended.then(() => true), sleep(20_000).then(() => false)])
  test.machine.run('root', 'for p in /proc/[0-9]*; do readlink $p/exe 2>/dev/null | grep -q drydock-app && kill -9 ${p#/proc/}; done')
  return gone
}

export async function checkUse(test) {
  const { check, analyst, startWindow, look } = test
  const window = startWindow('drydock-window --remote-debugging-port=9222 --sample="$HOME/sample"')
  await check('the window starts under X as an ordinary user, in the sandbox, and shows the sample', () =>
    look(9222, 'sample', 'Wildlife strikes')
  )
  await check('it runs the sample to its end', async () => {
    for (let tries = 0; tries < 240; tries++) {
      if (analyst(`test -s ${bundle} && drydock runs -w ~/sample --json`).code === 0) return undefined
      await sleep(1000)
    }
    return `There is no bundle after four minutes.\n${window.said.text.slice(-1500)}`
  })
  await check('a double click on a bundle opens its check in the window that is there', () => {
    const opened = analyst(`gio open ${bundle}`)
    return opened.code === 0 ? look(9222, 'double-click', 'strike-damage', 'signature') : opened.err
  })
  await check('the command line verifies the bundle, and refuses a changed copy', () => {
    const good = wrong(analyst(`drydock verify ${bundle} --key ${key}`), 0)
    const changed = `cp ${bundle} ~/changed.drydock && printf x | dd of="$HOME/changed.drydock" bs=1 seek=2000 conv=notrunc status=none`
    return good ?? wrong(analyst(`${changed} && drydock verify ~/changed.drydock --key ${key}`), 1)
  })
  await check('the window ends when it is asked to', async () => ((await closeWindow(test, window)) ? undefined : 'It went on for 20 s.'))
  const cold = startWindow(`drydock-window --remote-debugging-port=9223 ${bundle}`)
  await check('a bundle given to a window that is not there yet opens its check', () =>
    look(9223, 'bundle-at-start', 'strike-damage', 'signature')
  )
  await closeWindow(test, cold)
  await check('the sample runs by the command line without a display', () =>
    wrong(analyst('drydock sample ~/headless', { env: { DISPLAY: '' } }), 0, 'strike-damage-1.drydock')
  )
  const card = 'drydock model card -w ~/headless strike-damage@1 --pdf ~/card.pdf'
  await check('a model card is printed as PDF by the command line, through the window runtime of the package', () =>
    wrong(analyst(`${card} && head -c 5 ~/card.pdf && grep -ac "/FontFile" ~/card.pdf`), 0, '%PDF-')
  )
  await check('where there is no display to print with, it says so and writes nothing', () => {
    const refused = wrong(analyst(`rm ~/card.pdf; ${card}`, { env: { DISPLAY: '' } }), 3, 'display')
    return refused ?? wrong(analyst('ls ~/card.pdf'), 2)
  })
  await check('a diagnosis is written, and holds none of the data', () => {
    const made = wrong(analyst('drydock program diagnose --out ~/diagnosis.zip'), 0)
    return made ?? wrong(analyst('test -s ~/diagnosis.zip && ! grep -aqi "airport\\|wildlife" ~/diagnosis.zip'), 0)
  })
  await check('no program of it opened a way to another machine', () => {
    const { out } = analyst('cat /proc/net/tcp /proc/net/udp 2>/dev/null | awk \'$3 !~ /^0100007F|^00000000/ && NR > 1 && $1 != "sl"\'')
    return out ? out : undefined
  })
}
