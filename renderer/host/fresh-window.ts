import { beforeAll } from 'vitest'

/** Loaded before each test file of the window: these share one window in turn, and each finds it empty and at its first address. */
beforeAll(() => {
  document.body.replaceChildren()
  window.localStorage.clear()
  window.sessionStorage.clear()
  window.history.replaceState(null, '', '/')
})
