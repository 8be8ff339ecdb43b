/** Installing without a word and without a network, and what removal leaves. */
import { wrong } from './checks.mjs'

/** What is not ours to keep: home folders, logs, and the lists that the package manager keeps of everything. */
const otherFiles =
  'find / -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /home -o -path /media -o -path /var/log -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/cache \\) -prune -o -print | LC_ALL=C sort'

/** @returns {Promise<boolean>} whether there is anything to go on with */
export async function checkInstallation({ check, machine, analyst }) {
  machine.addUser('analyst')
  await check('there is no network: only the loopback device, and no way out', () => {
    const { out } = machine.run('analyst', 'tail -n +3 /proc/net/dev | cut -d: -f1; cat /proc/net/route | wc -l')
    return out.trim().split(/\s+/).join(' ') === 'lo 1' ? undefined : out
  })
  const installed = await check('the package installs silently with apt from a folder that holds its dependencies', () =>
    wrong(machine.run('root', 'apt-get install --yes --quiet /media/stick/packages/*.deb </dev/null', { timeout: 900_000 }), 0)
  )
  if (!installed) return false
  await check('the command line is on the path and names its version', () => wrong(analyst('drydock --version'), 0, '0.1.0'))
  await check('nothing of the program is writable for its users', () => {
    const { out } = analyst('find /usr/lib/drydock -writable ! -type l | head')
    return out ? `writable: ${out}` : undefined
  })
  await check('the program, its licence and notices, its guide, completion, icon and file types are there', () => {
    const wanted = [
      '/usr/lib/drydock/LICENSE /usr/lib/drydock/THIRD-PARTY-NOTICES.txt /usr/share/doc/drydock/copyright',
      '/usr/share/applications/drydock.desktop /usr/share/bash-completion/completions/drydock /usr/bin/drydock-window',
      '/usr/share/mime/packages/drydock.xml'
    ].join(' ')
    return wrong(analyst(`ls -L ${wanted} && ls /usr/share/icons/hicolor/*/apps | grep -q drydock && drydock guide tutorial | head -3`), 0)
  })
  await check('it carries no source maps and no development packages', () => {
    const { out } = analyst(
      "find /usr/lib/drydock -name '*.map' -o -name 'typescript' -o -name 'vitest' -o -name 'electron' -type d | head"
    )
    return out ? `found: ${out}` : undefined
  })
  await check("Electron's switch to run as Node is off", () => {
    const { out } = analyst('ELECTRON_RUN_AS_NODE=1 timeout 20 /usr/lib/drydock/drydock-app -e \'console.log("it ran as node")\'', {
      env: { DISPLAY: '' }
    })
    return out.includes('it ran as node') ? out : undefined
  })
  machine.run('root', `${otherFiles} > /var/log/files-installed`)
  return true
}

export async function checkRemoval({ check, machine, analyst }) {
  machine.run('root', 'dpkg -L drydock | LC_ALL=C sort -u > /var/log/files-owned')
  await check('the package is removed silently', () => wrong(machine.run('root', 'apt-get purge --yes --quiet drydock </dev/null'), 0))
  await check('nothing of it is left outside of the folders of the users', () => {
    const { out } = machine.run(
      'root',
      `${otherFiles} > /var/log/files-left
      { LC_ALL=C comm -13 /var/log/files-installed /var/log/files-left
        LC_ALL=C comm -12 /var/log/files-owned /var/log/files-left | while read -r path; do [ -d "$path" ] || echo "$path"; done
        grep -i drydock /var/log/files-left
        grep -rIil drydock /etc /usr/share /opt 2>/dev/null; } | sort -u`
    )
    return out ? `left:\n${out}` : undefined
  })
  await check("what is the user's is still there", () => wrong(analyst('ls ~/sample/drydock.json'), 0))
}
