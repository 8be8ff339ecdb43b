export { bundleSheet } from './bundle-sheet'
