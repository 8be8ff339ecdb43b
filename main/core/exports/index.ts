export { bundleCommands, keyFileCommands } from './commands'
export { createExports, type Exports, type ExportsWriter } from './exports'
