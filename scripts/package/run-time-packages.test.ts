import { expect, it } from 'vitest'
// @ts-expect-error a script without types
import { isShipped } from './run-time-packages.mjs'

it('ships what runs and every licence, and neither maps nor types, also where they are called after licences', () => {
  const shipped = (path: string, name = 'some'): boolean => isShipped(name, path, 'linux-x64')
  for (const path of [
    'LICENSE',
    'licence.md',
    'NOTICE.txt',
    'dist/index.js',
    'package.json',
    'dist/models/license.js',
    'ThirdPartyNotices.txt'
  ])
    expect(shipped(path), path).toBe(true)
  for (const path of [
    'dist/index.js.map',
    'dist/models/license.js.map',
    'models/license.d.ts',
    'README.md',
    'test/index.js',
    'tsconfig.json'
  ])
    expect(shipped(path), path).toBe(false)
  expect(shipped('bin/napi-v6/linux/x64/onnxruntime_binding.node', 'onnxruntime-node')).toBe(true)
  expect(shipped('bin/napi-v6/win32/x64/onnxruntime_binding.node', 'onnxruntime-node')).toBe(false)
})
