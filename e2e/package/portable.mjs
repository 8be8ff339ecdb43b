/** The archive that needs no installation: unpacked by an ordinary user, in a folder that is then read-only. */
import { wrong } from './checks.mjs'

export async function checkPortable({ check, machine }) {
  const as = (line) => machine.run('other', line)
  await check('the portable archive is unpacked and works beside the installed package', () =>
    wrong(
      as(
        'mkdir -p ~/apps && tar -xzf /media/stick/updates/drydock-0.1.0-linux-x64.tar.gz -C ~/apps && ~/apps/drydock-0.1.0-linux-x64/bin/drydock --version'
      ),
      0,
      '0.1.0'
    )
  )
  await check('it needs no writable program folder: nothing in it changes while it works', () => {
    const program = '~/apps/drydock-0.1.0-linux-x64'
    const sums = `cd ${program} && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum`
    const before = as(sums).out
    as(`chmod -R a-w ${program}`)
    const worked = wrong(as(`${program}/bin/drydock sample ~/sample`), 0, 'strike-damage-1.drydock')
    return worked ?? (as(sums).out === before && before ? undefined : 'Its files changed.')
  })
  await check('it is removed by deleting its folder', () =>
    wrong(as('chmod -R u+w ~/apps && rm -r ~/apps && drydock --version'), 0, '0.2.0')
  )
}
