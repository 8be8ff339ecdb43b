/** Loaded before an app: prints `painted` once the first window shows content, two frames after #root is filled. */
const { app } = require('electron')

const waitForPaint = `new Promise((done) => {
  const look = () => {
    const root = document.querySelector('#root')
    if (root && root.textContent.trim().length > 0) requestAnimationFrame(() => requestAnimationFrame(() => done()))
    else requestAnimationFrame(look)
  }
  look()
})`

app.once('browser-window-created', (_event, window) => {
  window.webContents.once('dom-ready', async () => {
    await window.webContents.executeJavaScript(waitForPaint)
    process.stdout.write('painted\n')
  })
})
