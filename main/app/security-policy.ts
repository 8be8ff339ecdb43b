import { app, protocol, session, type Session, type WebContents } from 'electron'
import { isAllowedPage, isAllowedRequest } from './page-rules'

/** Vite's server, in development only: a packaged app never looks at the environment for code. */
export const developmentUrl = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL

const quietSwitches = [
  'disable-background-networking',
  'disable-component-update',
  'disable-domain-reliability',
  'disable-sync',
  'no-pings',
  'disable-breakpad',
  'no-default-browser-check',
  'no-first-run',
  'disable-default-apps'
]
const chattyFeatures = [
  'DialMediaRouteProvider',
  'MediaRouter',
  'OptimizationHints',
  'Translate',
  'NetworkTimeServiceQuerying',
  'AutofillServerCommunication',
  'CertificateTransparencyComponentUpdater',
  'WebRtcHideLocalIpsWithMdns',
  'SpareRendererForSitePerProcess'
]

/**
 * Makes Chromium unable to leave the machine. Each of resolver rules, request filter, content policy and WebRTC policy
 * leaks something alone (measured); together nothing. Must run before `ready`.
 */
export function hardenCommandLine(): void {
  const { commandLine } = app
  for (const name of quietSwitches) commandLine.appendSwitch(name)
  if (!developmentUrl) {
    commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
    commandLine.appendSwitch('no-proxy-server')
  }
  commandLine.appendSwitch('force-webrtc-ip-handling-policy', 'disable_non_proxied_udp')
  commandLine.appendSwitch('disable-features', chattyFeatures.join(','))
}

/** Must run before `ready`. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } }
  ])
}

export function hardenSession(target: Session = session.defaultSession): void {
  target.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !isAllowedRequest(details.url, developmentUrl) }))
  target.setPermissionRequestHandler((_contents, permission, decide) => decide(isHarmlessPermission(permission)))
  target.setPermissionCheckHandler((_contents, permission) => isHarmlessPermission(permission))
  target.setDevicePermissionHandler(() => false)
  target.setSpellCheckerEnabled(false)
  target.setSpellCheckerLanguages([])
  void target.setProxy({ mode: developmentUrl ? 'system' : 'direct' })
  target.on('will-download', (event) => event.preventDefault())
}

/** Writing to the clipboard is what a copy button does; nothing else is granted. */
function isHarmlessPermission(permission: string): boolean {
  return permission === 'clipboard-sanitized-write'
}

/** Applies to every page that the app ever makes: no new windows, no leaving the page, no embedding. */
export function hardenContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  const stay = (event: { preventDefault(): void }, url: string) => {
    if (!isAllowedPage(url, developmentUrl)) event.preventDefault()
  }
  contents.on('will-navigate', (event) => stay(event, event.url))
  contents.on('will-redirect', (event) => stay(event, event.url))
  contents.on('will-frame-navigate', (event) => stay(event, event.url))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}
