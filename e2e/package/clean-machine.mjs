/** A machine of its own over a root folder: own processes, own users, no network but the loopback device. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { must } from './clean-root.mjs'

const environment = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LANG: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' }

const childrenOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)

/** The first process of the machine, once it has begun another one: before that its files are still those of this system. */
async function firstProcess(keeper) {
  for (let tries = 0; tries < 200; tries++) {
    const [first] = childrenOf(keeper)
    if (first && childrenOf(first).length > 0) return first
    await sleep(50)
  }
  throw new Error('The clean machine did not start.')
}

/**
 * @param {string} root a root folder
 * @param {{ from: string, to: string }[]} media folders of this machine that can be read there
 */
export async function startCleanMachine(root, media) {
  const mounts = media.flatMap(({ from, to }) => ['--ro-bind', from, to])
  const shell = ['--unshare-net', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--hostname', 'clean', '--cap-add', 'ALL']
  const places = ['--bind', root, '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/run', '--bind', '/tmp/.X11-unix', '/tmp/.X11-unix']
  const keeper = spawn('bwrap', [...places, ...mounts, ...shell, '--die-with-parent', '--', 'sleep', 'infinity'], { stdio: 'inherit' })
  const inside = await firstProcess(keeper.pid)
  const enter = ['-t', inside, '-m', '-u', '-i', '-n', '-p', '-r', '-w']

  const commandOf = (user, command) => ['nsenter', ...enter, ...(user === 'root' ? [] : ['runuser', '-u', user, '--']), ...command]
  const envOf = (user, env) => ({ ...environment, HOME: user === 'root' ? '/root' : `/home/${user}`, ...env })

  /** Runs a shell line there and gives what it said. */
  function run(user, line, { env, timeout = 300_000 } = {}) {
    const [command, ...args] = commandOf(user, ['sh', '-c', `cd; ${line}`])
    const { status, stdout, stderr, signal } = spawnSync(command, args, { encoding: 'utf8', env: envOf(user, env), timeout })
    return { code: status ?? (signal ? 124 : 1), out: stdout ?? '', err: stderr ?? '' }
  }

  // As every system has it; Chromium's processes share their memory there.
  run('root', 'chmod 1777 /dev/shm')

  return {
    run,
    /** Starts a program there that goes on. */
    start(user, line, { env } = {}) {
      const [command, ...args] = commandOf(user, ['sh', '-c', `cd; exec ${line}`])
      const child = spawn(command, args, { env: envOf(user, env), stdio: ['ignore', 'pipe', 'pipe'] })
      const said = { text: '' }
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said.text += text))
      return { said, ended: new Promise((done) => child.on('close', done)), running: () => child.exitCode === null }
    },
    /** Runs a program of this system that sees the network of the clean machine. */
    beside: (command, args, options) => must('nsenter', ['-t', inside, '-n', command, ...args], options),
    addUser(name) {
      must('nsenter', [...enter, 'useradd', '--create-home', '--shell', '/bin/bash', name], { env: environment })
      run('root', `mkdir -p /run/user/${name} && chown ${name}: /run/user/${name} && chmod 700 /run/user/${name}`)
    },
    stop() {
      keeper.kill('SIGKILL')
    }
  }
}
