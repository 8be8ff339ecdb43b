import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { ownCommand } from './own-command'

it('is a command by its absolute place, quoted where a shell needs it, and never a bare name', () => {
  expect(ownCommand({ DRYDOCK_COMMAND: '/opt/dry dock/scripts/drydock' })).toBe('"/opt/dry dock/scripts/drydock"')
  expect(ownCommand({}, ['/usr/bin/node', '/opt/out/main/cli.js'])).toBe('/usr/bin/node /opt/out/main/cli.js')
})

it('is not offered under a name that a registry gives to another program', () => {
  const found = (() => {
    try {
      return execFileSync('git', ['grep', '-lE', 'npx +(--yes +|-y +)?drydock', '--', '.', ':!main/cli/own-command.test.ts'], {
        encoding: 'utf8'
      })
    } catch (error) {
      // grep ends with 1 where nothing was found.
      if ((error as { status?: number }).status === 1) return ''
      throw error
    }
  })()
  expect(found).toBe('')
})
