export { createAttachment, type Attachment } from './attachment'
export { windowHandlers } from './window-handlers'
