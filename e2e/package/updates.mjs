/** Updates by file for one person and for the machine, the way back, and what must be refused. */
import { wrong } from './checks.mjs'
import { closeWindow } from './use.mjs'

const updates = '/media/stick/updates'
const older = `${updates}/drydock-0.1.0-linux-x64.drydock-update`
const newer = `${updates}/drydock-0.2.0-linux-x64.drydock-update`

export async function checkUpdates(test) {
  const { check, analyst, machine } = test
  await check('an update with one changed bit is refused', () =>
    wrong(analyst(`drydock update apply ${updates}/tampered.drydock-update`), 1)
  )
  await check('an update by another key is refused', () => wrong(analyst(`drydock update apply ${updates}/stranger.drydock-update`), 1))
  await check('after both, everything is as it was', () =>
    wrong(analyst('drydock --version; ls ~/.local/share/drydock/program/0.2.0'), 2, '0.1.0')
  )
  await check('the check of a good update says what would change, and changes nothing', () => {
    const said = wrong(analyst(`drydock update check ${newer}`), 0, '0.1.0', '0.2.0')
    return said ?? wrong(analyst('drydock --version'), 0, '0.1.0')
  })
  await check('the update is verified by "drydock verify" with the release key', () =>
    wrong(analyst(`drydock verify ${newer} --key ${updates}/release.pub.pem`), 0)
  )
  await check('the update is applied for one person without rights of an administrator', () =>
    wrong(analyst(`drydock update apply ${newer}`), 0)
  )
  await check('from now on that version runs, and the workspace opens in it', () => {
    const version = wrong(analyst('drydock --version'), 0, '0.2.0')
    return version ?? wrong(analyst('drydock runs -w ~/sample && drydock program show'), 0, '0.2.0')
  })
  await check('for other users nothing changed', () => {
    machine.addUser('other')
    return wrong(machine.run('other', 'drydock --version'), 0, '0.1.0')
  })
  const window = test.startWindow('drydock-window --remote-debugging-port=9224 --workspace="$HOME/sample"')
  await check('the window of the new version starts', () => test.look(9224, 'updated', 'Wildlife strikes'))
  await closeWindow(test, window)
  await check('a downgrade is refused', () => wrong(analyst(`drydock update apply ${older}`), 1, '0.1.0'))
  await check('the way back leads to the version before, which opens the workspace', () => {
    const back = wrong(analyst('drydock update back'), 0)
    return back ?? wrong(analyst('drydock --version && drydock runs -w ~/sample'), 0, '0.1.0')
  })
  await check('for the machine, the verified package is handed to the package manager by the command that is printed', () => {
    const handed = analyst(`drydock update apply ${newer} --for machine --json`)
    const said = wrong(handed, 0)
    const command = /apt(?:-get)? install[^"\\\n]*/.exec(handed.out)?.[0]
    if (said || !command) return said ?? handed.out
    const run = command.replace(/apt(-get)? install/, 'apt-get install --yes --quiet')
    return wrong(machine.run('root', `${run} </dev/null`), 0) ?? wrong(machine.run('other', 'drydock --version'), 0, '0.2.0')
  })
  await check('where the administrator keeps updates for himself, nobody else runs one', () => {
    const settings = 'schema: drydock.machine/1\nversion: 1\nname: Test\nupdates: administrator\n'
    machine.run('root', `mkdir -p /etc/drydock && printf '${settings}' > /etc/drydock/drydock.yaml`)
    const refused = wrong(analyst(`drydock update apply ${newer} --for me`), 3)
    machine.run('root', 'rm -r /etc/drydock')
    return refused
  })
}
